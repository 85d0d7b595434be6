"""A page shows each file once, by the names that the config gives."""

import exhibition
from losslandscape import albums

SHOWN = albums.album(exhibition.CONFIG, exhibition.PAPERS)


def test_a_surface_is_shown_once_with_its_name_plane_and_places():
    names = [(one["name"], one["plane"], one["file"]) for one in SHOWN["surfaces"]]

    assert names == [
        ("ResNet-20, sgd", "plane", f"{exhibition.SHORT}/plane/surface.h5"),
        ("ResNet-20-noshort, sgd", "plane", f"{exhibition.BARE}/plane/surface.h5"),
        ("ResNet-20, sgd", "arch", f"{exhibition.SHORT}/arch/surface.h5"),
    ]
    assert SHOWN["surfaces"][2]["curve"] == "bezier"
    assert SHOWN["surfaces"][2]["ends"][:2] == [exhibition.SHORT, exhibition.OTHER]


def test_nets_that_differ_by_shortcuts_alone_are_a_pair_the_bare_one_first():
    (pair,) = SHOWN["pairs"]

    assert pair["files"] == [
        f"{exhibition.BARE}/plane/surface.h5",
        f"{exhibition.SHORT}/plane/surface.h5",
    ]


def test_curves_between_the_same_ends_are_compared():
    (road,) = SHOWN["roads"]

    assert road["name"] == "ResNet-20, sgd, seeds 0 – 1"
    assert road["ends"] == [exhibition.SHORT, exhibition.OTHER]
    assert [(one["name"], one["shape"]) for one in road["of"]] == [
        ("segment", "segment"),
        ("Bezier", "bezier"),
    ]


def test_every_file_that_is_read_is_named_once():
    files = albums.files(SHOWN)

    assert len(files) == len(set(files))
    assert {path.rpartition("/")[2] for path in files} == {
        *("surface.h5", "history.csv", "profile.h5", "directions.json")
    }
    assert albums.datasets(SHOWN) == ["digits"]


def test_an_item_belongs_to_its_paper_or_to_the_study():
    titles = {figure["name"]: figure["paper"] for figure in SHOWN["figures"]}

    assert titles == {"li2018_figure5": "Li et al.", "mine": albums.OWN}
