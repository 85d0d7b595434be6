"""Our numbers stand beside the paper's of the same thing, and beside no other."""

import functools
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
import yaml
from snakemake.utils import validate

import studies
from losslandscape import beside, exhibits

ROOT = Path(__file__).parents[1]
PAPERS = yaml.safe_load((ROOT / "workflow/report/papers.yaml").read_text())
STUDIES = "demo", "cifar10", "paper"
THEIRS = [
    {"what": "test_error", "tag": "P", "of": {"ResNet-20": 7.37, "ResNet-110": 5.79}},
    {"what": "distance", "tag": "P-fig", "of": {"optima": 78.0}},
]


def panel(label: str, *files: tuple[str, str], names: list[str] | None = None) -> dict:
    return {"label": label, "names": names or [label], "files": files}


def number(what: str, of: str, value: float) -> beside.Number:
    return beside.Number(what, of, "digits/deep/sgd-seed0", value)


def test_numbers_are_joined_by_what_they_are_of():
    ours = [number("test_error", "ResNet-20", 0.5), number("test_error", "Mine", 2.5)]

    errors, distance = beside.joined([*ours, number("rise", "Bezier", 1.1)], THEIRS)

    (both,) = errors["both"]
    assert (both["of"], both["ours"], both["paper"]) == ("ResNet-20", 0.5, 7.37)
    assert errors["ours"] == [{"of": "Mine", "ours": 2.5}]
    assert [row["of"] for row in errors["theirs"]] == ["ResNet-110"]
    assert [row["paper"] for row in distance["theirs"]] == [78.0]
    assert (distance["both"], distance["ours"]) == ([], [])


def test_another_label_stands_for_a_name_of_the_paper_where_it_is_said():
    (told,) = THEIRS[:1]
    named = told | {"ours": {"ResNet-110": ["ResNet-110, slow"]}}

    (errors,) = beside.joined([number("test_error", "ResNet-110, slow", 4.5)], [named])

    (both,) = errors["both"]
    assert (both["of"], both["called"]) == ("ResNet-110", "ResNet-110, slow")
    assert (both["ours"], both["paper"], errors["ours"]) == (4.5, 5.79, [])


def test_a_figure_states_the_errors_where_training_ended():
    history = {"test_error": np.array([90.0, 12.5])}
    panels = [panel("ResNet-20", ("history", "a/h"), ("surface", "s"))] * 2

    assert beside.of_figure(panels, {"a/h": history}) == [
        ("test_error", "ResNet-20", "a", 12.5)
    ]


def test_the_ends_of_several_runs_are_not_told_as_those_of_one():
    ends = {"a/h": {"test_error": np.array([1.0])}}
    ends |= {"b/h": {"test_error": np.array([2.0])}}
    files = ("history", "a/h"), ("history", "b/h")

    assert beside.of_figure([panel("optima", *files, ("surface", "s"))], ends) == []
    named = beside.of_figure([panel("both", *files, names=["A", "B"])], ends)
    assert [(one.of, one.value) for one in named] == [("A", 1.0), ("B", 2.0)]


def test_panels_of_one_label_and_several_runs_are_told_apart():
    ends = {f"{at}/h": {"test_error": np.array([k])} for k, at in enumerate("ab")}
    panels = [panel("Net", ("history", path)) for path in ends]

    found = beside.of_figure(panels, ends)

    assert [(one.of, one.value) for one in found] == [("Net, a", 0), ("Net, b", 1)]


def test_a_figure_states_what_is_highest_along_each_curve():
    t = np.linspace(0, 1, 3)
    road = {"regularised_loss": np.array([0.1, 3.0, 0.2]), "length": 60 * t}
    road |= {"distance": np.array(50.0), "ensemble_error": np.array(4.0)}
    files = ("profile", "a/p"), ("profile", "b/p")
    other = road | {"regularised_loss": np.array([0.1, 0.15, 0.2])}

    found = beside.of_figure(
        [panel("Net", *files, names=["Segment", "Bezier"])], {"a/p": road, "b/p": other}
    )

    assert ("highest_regularised_loss", "Segment", "a", 3.0) in found
    assert ("highest_regularised_loss", "Bezier", "b", 0.2) in found
    assert ("length_ratio", "Segment", "a", pytest.approx(1.2)) in found
    assert ("ensemble_error", "Bezier", "b", 4.0) in found


def test_a_figure_states_shares_of_variance_and_distances():
    path = {"explained": np.array([0.8, 0.15])}
    directions = {"distances": [[0, 40], [40, 0]]}
    panels = [panel("WD 0", ("path", "p")), panel("optima", ("directions", "d"))]

    found = beside.of_figure(panels, {"p": path, "d": directions})

    assert [(one.what, one.of, one.value) for one in found] == [
        ("variance_1", "WD 0", pytest.approx(80)),
        ("variance_2", "WD 0", pytest.approx(15)),
        ("distance", "optima", 40),
    ]


def cell(label: str, run: str, **more: str) -> dict[str, str]:
    return {"label": label, "run": run} | more


def test_a_table_of_one_net_states_its_cells_by_curve_and_one_of_several_by_both():
    bezier = cell("Net", "d/net/pair", curve="Bezier", loss_max="0.125")
    other = cell("Wide", "d/wide/pair", curve="Bezier", loss_max="0.5")
    empty = cell("Net", "d/net/pair", curve="Single", loss_max="")

    def names(*rows: dict) -> list[tuple]:
        found = beside.of_table(rows, ["loss_max"])
        return [(one.of, one.value) for one in found]

    assert names(bezier, empty) == [("Bezier", 0.125)]
    assert names(bezier, other) == [("Net, Bezier", 0.125), ("Wide, Bezier", 0.5)]
    assert names(cell("Net", "d/n/r", loss_max="1")) == [("Net", 1.0)]


def test_rows_of_one_label_are_told_apart_by_dataset_or_by_folder():
    rows = [cell("SSE", path, e=str(k)) for k, path in enumerate(("a/n/s", "b/n/s"))]
    alike = [cell("SSE", path, e=str(k)) for k, path in enumerate(("a/n/s", "a/m/s"))]

    assert [one.of for one in beside.of_table(rows, ["e"])] == ["SSE, a", "SSE, b"]
    assert [one.of for one in beside.of_table(alike, ["e"])] == [
        *("SSE, a/n/s", "SSE, a/m/s")
    ]


def test_two_numbers_of_one_thing_are_refused_and_one_told_twice_is_not():
    rows = [cell("SSE", "a/n/s", e="1.5"), cell("SSE", "a/n/s", e="1.5")]

    assert [one.value for one in beside.of_table(rows, ["e"])] == [1.5]
    with pytest.raises(ValueError, match=r"'SSE' of a/n/s has two numbers.*1\.5 and 2"):
        beside.of_table([*rows, cell("SSE", "a/n/s", e="2")], ["e"])


# What the numbers of the shipped studies would be called, with a made-up value for each
# file: the count of its first mention.


def loaded(panels: list[dict]) -> dict[str, dict]:
    files = dict.fromkeys(path for each in panels for _, path in each["files"])
    return {path: _held(float(k)) for k, path in enumerate(files, 1)}


def _held(k: float) -> dict:
    return {
        **{name: np.array([k]) for name in beside.MEASURED},
        **{name: np.array(k) for name in (*beside.VOTES, "distance")},
        **{"length": np.array([k * k]), "explained": np.array([k, 0]) / 100},
        **{"distances": [[0, k]]},
    }


def tabled(config: Mapping, name: str, keys: list[str]) -> list[dict[str, str]]:
    """Rows as `tables` gives them, but for their values."""
    shown, count = exhibits.tabled(config, name), itertools.count(1)
    rows: dict[tuple, dict] = {}
    for each in shown:
        named = {"label": each["label"], "run": each["run"]}
        if "curve" in each:
            rows.setdefault((each["run"], ""), named | {"curve": "Single"})
            rows[each["run"], each["curve"]] = named | {"curve": each["curve"]}
        else:
            rows.setdefault((each["group"], ""), named)
    return [row | {key: str(next(count)) for key in keys} for row in rows.values()]


@functools.cache
def numbers(name: str) -> list[tuple[str, list[beside.Number], list[dict]]]:
    """All that the items of a study state beside what the paper does."""
    config = yaml.safe_load((ROOT / f"config/{name}.yaml").read_text())
    validate(config, str(studies.SCHEMA))  # which fills in what has a default
    return [*_drawn(config), *_tabled(config)]


def _drawn(config: Mapping) -> Iterator[tuple]:
    for figure in config["figures"]:
        panels = exhibits.panels(config, figure)
        yield figure, beside.of_figure(panels, loaded(panels)), _theirs(figure)


def _tabled(config: Mapping) -> Iterator[tuple]:
    for table in config["tables"]:
        keys = [entry["what"] for entry in _theirs(table)]
        found = beside.of_table(tabled(config, table, keys), keys) if keys else []
        yield table, found, _theirs(table)


def _theirs(name: str) -> list[dict]:
    return PAPERS[name].get("numbers", [])


@pytest.mark.parametrize("name", STUDIES)
def test_no_two_numbers_of_a_shipped_study_have_one_name(name):
    for item, ours, _ in numbers(name):
        names = Counter((one.what, one.of) for one in ours)

        assert [key for key, count in names.items() if count > 1] == [], item


@pytest.mark.parametrize("name", STUDIES)
def test_every_number_of_a_shipped_study_stands_once_beside_one_of_the_paper_or_alone(
    name,
):
    for item, ours, theirs in numbers(name):
        for kind in beside.joined(ours, theirs):
            mine = [one.value for one in ours if one.what == kind["what"]]
            met = [row["called"] for row in kind["both"]]

            assert len(met) == len(set(met)), item
            shown = [row["ours"] for row in (*kind["both"], *kind["ours"])]
            assert sorted(shown) == sorted(mine), item


def test_every_number_of_the_papers_meets_ours_in_the_paper_study():
    alone = {
        (item, row["of"])
        for item, ours, theirs in numbers("paper")
        for kind in beside.joined(ours, theirs)
        for row in kind["theirs"]
    }

    assert alone == set()


def test_the_papers_ensembles_meet_those_of_the_same_net_on_the_same_images():
    ((_, ours, theirs),) = [
        told for told in numbers("paper") if told[0] == "garipov2018_table1"
    ]
    sources = {one.of: one.source for one in ours}
    met = {
        row["called"] for kind in beside.joined(ours, theirs) for row in kind["both"]
    }

    assert {sources[name].rpartition("/")[0] for name in met} == {
        "cifar100_residual/preresnet164"
    }


def test_the_demos_widths_are_three_numbers_beside_none_of_the_paper():
    figure, table = (
        beside.joined(ours, theirs)[0]
        for item, ours, theirs in numbers("demo")
        if item == "garipov2018_figure7"
    )

    assert [row["of"] for row in figure["ours"]] == ["0.02", "0.05", "0.1"]
    assert [row["of"] for row in table["ours"] if "Bezier" in row["of"]] == [
        "Narrow ReLU net without batch norm, Bezier",
        "ReLU net without batch norm, Bezier",
        "Wide ReLU net without batch norm, Bezier",
    ]
    for kind in (figure, table):
        assert (len(kind["theirs"]), kind["both"]) == (4, [])


def test_aliases_are_of_names_of_the_paper_and_each_is_in_some_study():
    labels = {
        one.of for name in STUDIES for _, ours, _ in numbers(name) for one in ours
    }
    aliases = [
        alias
        for entry in PAPERS.values()
        for told in entry.get("numbers", [])
        for aliased in told.get("ours", {}).values()
        for alias in aliased
    ]

    assert set(aliases) - labels == set()
