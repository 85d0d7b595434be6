"""What a figure draws, panel by panel."""

import numpy as np
import pytest

from losslandscape import panels

LINE, PLANE = {"t": np.array([1.0])}, {"x": np.array([3.0])}


def history(*errors: float) -> dict[str, np.ndarray]:
    """The test errors of a run, epoch by epoch."""
    return {"epoch": np.arange(len(errors)), "test_error": np.array(errors)}


def panel(label: str, *roles: str, names: int = 1) -> dict:
    """A panel as `exhibits.panels` describes it, with roles for files."""
    return {"label": label, "names": [f"{label}{k}" for k in range(names)]} | {
        "roles": list(roles)
    }


ROWS = [
    {"lines": {"plane": "line", "runs": ["a", "b"], "label": "recipe"}},
    {"contours": {"plane": "plane", "runs": ["c"], "measure": "test_loss"}},
]
PANELS = [panel(name, "history", kind) for name, kind in zip("ABC", "llp", strict=True)]
LOADED = [history(90, 7.5), LINE, history(80, 60, 5.25), LINE, history(90), PLANE]


def drawn(*rows: list[dict]) -> list[list[str]]:
    """The labels of the panels of each row."""
    return [[p["label"] for entry in row for p in entry["panels"]] for row in rows]


def test_panels_get_what_is_theirs_row_by_row():
    (first,), (second,) = panels.rows(ROWS, PANELS, LOADED)

    assert [p["label"] for p in first["panels"]] == ["A", "B"]
    assert [p["files"]["l"] for p in first["panels"]] == [[LINE], [LINE]]
    assert [p["files"]["p"] for p in second["panels"]] == [[PLANE]]


def test_the_error_of_a_panel_is_that_at_the_end_of_training():
    rows = panels.rows(ROWS, PANELS, LOADED)

    errors = [p["test_errors"] for (entry,) in rows for p in entry["panels"]]
    assert errors == [[7.5], [5.25], [90]]


def test_a_line_between_two_runs_has_the_errors_of_both():
    ends = panel("A", "history", "history", "line")

    ((entry,),) = panels.rows(
        [{"lines": {"runs": ["a"]}}], [ends], [history(7.5), history(11.0), LINE]
    )

    assert entry["panels"][0]["test_errors"] == [7.5, 11]


def test_an_entry_has_its_kind_its_title_and_its_options_and_no_names():
    titled = [{"contours": ROWS[1]["contours"] | {"title": "Above"}}]

    ((entry,),) = panels.rows(titled, PANELS[:1], LOADED[:2])

    assert (entry["kind"], entry["title"]) == ("contours", "Above")
    assert entry["options"] == {"measure": "test_loss"}


def test_kinds_stand_side_by_side_in_the_order_of_the_row():
    row = {
        "lines": {"runs": ["a"]},
        "norms": {"panels": {"B": ["b", "c"], "C": ["d"]}},
        "scatter": {"table": "t"},
    }
    shown = [
        panel("A", "history", "line"),
        panel("B", "history", "history", names=2),
        panel("C", "history"),
        panel("", "table", names=0),
    ]
    loaded = [history(1), LINE, *map(history, (2, 3, 4)), {"radius": np.ones(2)}]

    (entries,) = panels.rows([row], shown, loaded)

    assert [entry["kind"] for entry in entries] == ["lines", "norms", "scatter"]
    assert drawn(entries) == [["A", "B", "C", ""]]
    several = entries[1]["panels"][0]
    assert several["names"] == ["B0", "B1"]
    assert [past["test_error"][0] for past in several["files"]["history"]] == [2, 3]
    assert several["test_errors"] == []


def repeats(draws: int) -> dict[str, np.ndarray]:
    """Planes that were drawn so many times, each of its own height."""
    heights = np.arange(draws, dtype=float)[:, None, None]
    axes = {"x": np.arange(3.0), "y": np.arange(2.0), "seeds": np.arange(draws) + 5}
    return axes | {"train_loss": heights + np.zeros((2, 3)), "cosines": np.eye(draws)}


def test_repeated_planes_are_a_panel_each_five_in_a_row():
    entry = {"runs": ["a"], "plane": "p", "directions": 7, "title": "Seven"}

    rows = panels.rows(
        [{"contours": entry}],
        [panel("A", "history", "repeats")],
        [history(1), repeats(7)],
    )

    assert drawn(*rows) == [[f"seed {k}" for k in range(5, 10)], ["seed 10", "seed 11"]]
    assert [row[0]["title"] for row in rows] == ["Seven", ""]
    last = rows[1][0]["panels"][1]["files"]["surface"][0]
    assert last.keys() == {"x", "y", "train_loss"}
    assert np.array_equal(last["train_loss"], np.full((2, 3), 6.0))


def test_repeated_lines_stay_one_panel():
    entry = {"runs": ["a"], "plane": "p", "directions": 7}

    ((drawn,),) = panels.rows(
        [{"lines": entry}],
        [panel("A", "history", "repeats")],
        [history(1), {"t": LINE}],
    )

    assert drawn["panels"][0]["files"]["repeats"] == [{"t": LINE}]


@pytest.mark.parametrize("short", ["panels", "loaded"])
def test_a_panel_without_its_part_is_refused(short):
    parts = {"panels": PANELS, "loaded": LOADED}
    parts[short] = parts[short][:-1]

    with pytest.raises((RuntimeError, StopIteration)):
        panels.rows(ROWS, **parts)


def test_a_layer_is_named_by_an_axis_that_has_a_name():
    entry = {"runs": ["a"], "plane": "p", "count": 2}
    shown = panel("A", "history", "volume") | {"axes": ["a", "b", "gradient"]}

    ((drawn,),) = panels.rows(
        [{"slices": entry}], [shown], [history(5.5), {"z": np.linspace(0, 1, 9)}]
    )

    assert [p["label"] for p in drawn["panels"]] == ["A, gradient: 0", "gradient: 1"]
    assert drawn["panels"][0]["axes"] == ["a", "b", "gradient"]


def test_layers_of_a_volume_are_a_panel_each_of_which_the_first_names_the_net():
    volume = {"z": np.linspace(-1, 1, 9)}
    entry = {"runs": ["a"], "plane": "p", "count": 3}

    ((drawn,),) = panels.rows(
        [{"slices": entry}], [panel("A", "history", "volume")], [history(5.5), volume]
    )

    told = [(p["label"], p["layer"], p["test_errors"]) for p in drawn["panels"]]
    assert told == [
        ("A, $z$ = −1", 0, [5.5]),
        ("$z$ = 0", 4, []),
        ("$z$ = 1", 8, []),
    ]
