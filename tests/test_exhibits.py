"""What figures and tables show of a sound study: labels and files."""

import pytest

import studies
from losslandscape import exhibits

FIRST, SECOND = "digits/deep/sgd-seed0", "digits/dense/adam-seed12"
PAIR = "digits/deep/sgd-seed0--sgd-seed1"


def sound(rows: list[dict], **changes) -> dict:
    """The study with a figure of these rows, and what has a default said."""
    return studies.tiny({"figures.shown.rows": rows, "labels": {}} | changes)


def panels(rows: list[dict], **changes) -> list[dict]:
    """The panels of a figure of these rows."""
    return exhibits.panels(sound(rows, **changes), "shown")


@pytest.mark.parametrize(
    ("labels", "label", "expected"),
    [
        ({}, "model", ["deep", "dense"]),
        ({}, "recipe", ["sgd", "adam"]),
        ({}, "plane", ["line", "line"]),
        ({"line": "The line"}, "plane", ["The line", "The line"]),
        ({"deep": "ResNet-20"}, "model", ["ResNet-20", "dense"]),
        ({"deep": "ResNet-20", "adam": "Adam"}, "recipe", ["sgd", "Adam"]),
        ({"deep": "ResNet-20", FIRST: "The first"}, "model", ["The first", "dense"]),
    ],
)
def test_a_label_is_that_of_the_run_or_of_what_the_entry_says(labels, label, expected):
    row = {"lines": {"plane": "line", "runs": [FIRST, SECOND], "label": label}}

    assert [panel["label"] for panel in panels([row], labels=labels)] == expected


def test_panels_stand_in_the_order_of_the_rows_with_the_files_they_draw():
    found = panels(
        [
            {"lines": {"plane": "line", "runs": [FIRST, SECOND], "label": "model"}},
            {"paths": {"plane": "finest", "runs": [FIRST], "label": "model"}},
        ]
    )

    assert [panel["files"] for panel in found] == [
        [("history", f"{FIRST}/history.csv"), ("line", f"{FIRST}/line/line.h5")],
        [("history", f"{SECOND}/history.csv"), ("line", f"{SECOND}/line/line.h5")],
        [
            ("history", f"{FIRST}/history.csv"),
            ("surface", f"{FIRST}/finest/surface.h5"),
            ("path", f"{FIRST}/finest/path.h5"),
        ],
    ]


def test_a_guest_is_shown_by_its_way_over_the_plane_of_the_run():
    paths = {"plane": "finest", "runs": [FIRST], "guests": [SECOND], "label": "recipe"}

    (found,) = panels([{"paths": paths}])

    assert len(found["guests"]) == 1
    assert found["files"][-1] == (
        "visit",
        "digits/deep/sgd-seed0--adam-seed12/finest/path.h5",
    )


def test_a_run_keeps_its_colour_in_all_panels_where_it_meets_others():
    over = {"plane": "finest", "label": "recipe"}
    hosts = {
        "first": over | {"runs": [FIRST], "guests": ["digits/deep/sgd-seed7", SECOND]},
        "second": over | {"runs": [SECOND], "guests": [FIRST]},
        "alone": over | {"runs": [SECOND]},
    }

    found = panels([{"paths": entry} for entry in hosts.values()])

    assert [panel.get("colours") for panel in found] == [[0, 1, 2], [2, 0], None]


def test_a_guest_whose_seed_alone_is_another_is_called_by_it():
    paths = {"plane": "finest", "runs": [FIRST], "label": "recipe"}

    (found,) = panels([{"paths": paths | {"guests": ["digits/deep/sgd-seed7"]}}])

    assert found["guests"] == [f"{found['label']}, seed 7"]


def test_a_line_to_another_run_shows_the_history_of_both():
    (found,) = panels(
        [{"lines": {"plane": "between", "runs": [FIRST], "label": "plane"}}]
    )

    assert found["files"][:2] == [
        ("history", f"{FIRST}/history.csv"),
        ("history", "digits/deep/sgd-seed1/history.csv"),
    ]


def test_more_directions_are_another_file():
    line = {"plane": "line", "runs": [FIRST], "label": "model", "directions": 10}

    (found,) = panels([{"lines": line}])

    assert found["files"][1] == ("repeats", f"{FIRST}/line/repeats-10.h5")


def test_a_panel_of_several_runs_has_a_name_for_each():
    row = {"norms": {"panels": {"Both": [FIRST, SECOND]}, "label": "recipe"}}

    assert panels([row]) == [
        {
            "label": "Both",
            "names": ["sgd", "adam"],
            "files": [
                ("history", f"{FIRST}/history.csv"),
                ("history", f"{SECOND}/history.csv"),
            ],
        }
    ]


def test_a_table_is_drawn_from_its_file():
    (found,) = panels([{"scatter": {"table": "flat", "x": "radius"}}])

    assert found["files"] == [("table", "tables/flat.csv")]


@pytest.mark.parametrize(
    ("shows", "files"),
    [
        ({"errors": {}}, ["history.csv"]),
        ({"flatness": {"plane": "coarse"}}, ["history.csv", "coarse/surface.h5"]),
        ({"flatness": {"plane": "line"}}, ["history.csv", "line/line.h5"]),
        (
            {"curvature": {"plane": "coarse"}},
            ["history.csv", "coarse/curvature.h5", "coarse/spectrum.h5"],
        ),
    ],
)
def test_a_table_shows_files_of_each_of_its_runs(shows, files):
    ((kind, options),) = shows.items()
    entry = {
        kind: options | {"runs": [FIRST, "digits/deep/sgd-seed1"], "label": "model"}
    }
    config = studies.tiny({"tables": {"table": {"shows": entry}}, "labels": {}})

    found = exhibits.tabled(config, "table")

    assert [row["run"] for row in found] == [FIRST, "digits/deep/sgd-seed1"]
    assert {row["group"] for row in found} == {"digits/deep/sgd"}
    assert [path for _, path in found[0]["files"]] == [f"{FIRST}/{f}" for f in files]


def test_files_and_roles_are_those_of_all_panels_in_order():
    shown = [
        {"label": "A", "files": [("history", "a.csv"), ("line", "a.h5")]},
        {"label": "B", "files": [("history", "b.csv")]},
    ]

    assert exhibits.files(shown) == [
        f"<results>/{name}" for name in ("a.csv", "a.h5", "b.csv")
    ]
    assert exhibits.roles(shown) == [
        {"label": "A", "roles": ["history", "line"]},
        {"label": "B", "roles": ["history"]},
    ]


def test_a_row_that_is_a_list_has_its_entries_in_order():
    entries = [
        {"lines": {"plane": name, "runs": [FIRST], "label": "plane"}}
        for name in ("line", "between")
    ]

    assert [panel["label"] for panel in panels([entries])] == ["line", "between"]


def test_axes_that_were_chosen_by_name_have_names_others_have_none():
    axes = {"axes": [{"gradient": {}}, {"random": {"seed": 3}}]}
    entry = {"contours": {"plane": "finest", "runs": [FIRST], "label": "model"}}

    (usual,), (named,) = (
        panels([entry]),
        panels([entry], **{"planes.coarse.directions": axes}),
    )

    assert "axes" not in usual
    assert named["axes"] == ["gradient", "random, seed 3"]


def test_a_panel_of_curves_has_a_profile_of_each():
    entry = {"curves": ["arch", "way"], "pairs": [PAIR], "label": "model"}

    (found,) = panels([{"profiles": entry}], labels={"arch": "An arch"})

    assert (found["label"], found["names"]) == ("deep", ["An arch", "way"])
    assert found["files"] == [
        ("profile", f"{PAIR}/arch/profile.h5"),
        ("profile", f"{PAIR}/way/profile.h5"),
    ]


def test_curves_through_members_are_a_panel_a_run():
    runs = {"curves": ["chain"], "runs": [FIRST, SECOND], "label": "recipe"}

    found = panels([{"profiles": runs}])

    assert [panel["label"] for panel in found] == ["sgd", "adam"]
    assert found[1]["files"] == [("profile", f"{SECOND}/chain/profile.h5")]


def test_nets_of_all_widths_are_one_panel():
    pairs = [PAIR, PAIR.replace("deep", "thin")]
    models = {"models.thin": {"resnet": {"width": 0.5}}, "models.deep.resnet.width": 2}

    (found,) = panels([{"widths": {"curves": ["arch"], "pairs": pairs}}], **models)

    assert found["names"] == ["2", "0.5"]
    assert [path for _, path in found["files"]] == [
        f"{pair}/arch/profile.h5" for pair in pairs
    ]


def test_ensembles_are_one_panel_with_the_single_net_last():
    fast, alone = "digits/deep/fast", "digits/deep/alone"
    labels = {"fast": "FGE", alone: "One"}

    (found,) = panels(
        [{"budgets": {"ensembles": [fast], "single": alone}}], labels=labels
    )

    assert found["names"] == ["FGE"]
    assert found["files"] == [
        ("ensemble", f"{fast}/ensemble.csv"),
        ("single", f"{alone}/ensemble.csv"),
    ]


def test_the_rate_of_a_run_is_in_its_history():
    (found,) = panels([{"cycles": {"value": "lr", "runs": [FIRST], "label": "recipe"}}])

    assert (found["label"], found["names"]) == ("sgd", ["sgd"])
    assert found["files"] == [("past", f"{FIRST}/history.csv")]


def test_a_plane_through_places_has_the_directions_of_what_it_refines():
    (found,) = panels(
        [{"planes": {"plane": "fine", "runs": [FIRST], "label": "plane"}}]
    )

    assert found["files"][1:] == [
        ("surface", f"{FIRST}/fine/surface.h5"),
        ("directions", f"{FIRST}/coarse/directions.json"),
    ]


def test_a_table_of_curves_has_a_row_for_each_of_each_pair():
    shows = {"curves": {"curves": ["arch", "way"], "pairs": [PAIR], "label": "model"}}
    config = studies.tiny(
        {"tables": {"table": {"shows": shows}}, "labels": {"way": "A way"}}
    )

    found = exhibits.tabled(config, "table")

    assert [row["curve"] for row in found] == ["arch", "A way"]
    assert [row["group"] for row in found] == [f"{PAIR}/arch", f"{PAIR}/way"]
    assert found[1]["files"] == [("profile", f"{PAIR}/way/profile.h5")]


def test_a_table_of_ensembles_has_a_row_for_each():
    shows = {"ensembles": {"ensembles": ["digits/deep/fast"]}}
    config = studies.tiny({"tables": {"table": {"shows": shows}}, "labels": {}})

    (found,) = exhibits.tabled(config, "table")

    assert (found["label"], found["group"]) == ("fast", "digits/deep/fast")
    assert found["files"] == [("ensemble", "digits/deep/fast/ensemble.csv")]
