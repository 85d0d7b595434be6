"""What tasks are called, where numbers are stored."""

import pytest

from losslandscape import wording

OWN = {"own": {"file": "a.py", "loss": "far_off", "measure": "near_by", "unit": "m"}}


@pytest.mark.parametrize(
    ("task", "loss", "counted", "terms"),
    [
        ({"classification": {}}, "cross-entropy", "error (%)", "errors in %"),
        (
            {"regression": {}},
            *("squared error", "absolute error", "errors are absolute error"),
        ),
        (
            {"regression": {"unit": "km"}},
            *(
                "squared error",
                "absolute error (km)",
                "errors are absolute error in km",
            ),
        ),
        (OWN, "far off", "near by (m)", "errors are near by in m"),
    ],
)
def test_a_task_has_names_and_its_measure_a_unit(task, loss, counted, terms):
    words = wording.of(task)

    assert words.loss == loss
    assert words.counted == counted
    assert wording.terms(words) == terms
