"""What a figure draws, panel by panel."""

import numpy as np
import pytest

from losslandscape import panels

ROWS = [
    {"lines": {"plane": "line", "runs": ["a", "b"], "label": "recipe"}},
    {
        "contours": {
            "plane": "plane",
            "runs": ["c"],
            "label": "model",
            "measure": "test_loss",
        }
    },
]
LABELS = ["A", "B", "C"]
MEASURED = [{"t": np.array([1.0])}, {"t": np.array([2.0])}, {"x": np.array([3.0])}]


def history(*errors: float) -> dict[str, np.ndarray]:
    """The test errors of a run, epoch by epoch."""
    return {"epoch": np.arange(len(errors)), "test_error": np.array(errors)}


HISTORIES = [history(90, 7.5), history(80, 60, 5.25), history(90)]


def test_panels_get_what_is_theirs_row_by_row():
    first, second = panels.rows(ROWS, LABELS, MEASURED, HISTORIES)

    assert [panel["label"] for panel in first["panels"]] == ["A", "B"]
    assert [panel["arrays"]["t"] for panel in first["panels"]] == [1, 2]
    assert [panel["label"] for panel in second["panels"]] == ["C"]
    assert [panel["arrays"]["x"] for panel in second["panels"]] == [3]


def test_the_error_of_a_panel_is_that_at_the_end_of_training():
    rows = panels.rows(ROWS, LABELS, MEASURED, HISTORIES)

    errors = [panel["test_error"] for row in rows for panel in row["panels"]]
    assert errors == [7.5, 5.25, 90]


def test_a_row_has_its_kind_and_its_options_and_no_names():
    first, second = panels.rows(ROWS, LABELS, MEASURED, HISTORIES)

    assert (first["kind"], first["options"]) == ("lines", {})
    assert (second["kind"], second["options"]) == (
        "contours",
        {"measure": "test_loss"},
    )


@pytest.mark.parametrize("short", range(3))
def test_a_panel_without_its_part_is_refused(short):
    parts = [LABELS, MEASURED, HISTORIES]
    parts[short] = parts[short][:-1]

    with pytest.raises(ValueError, match="argument"):
        panels.rows(ROWS, *parts)
