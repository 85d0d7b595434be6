"""What the names in a sound study mean."""

import pytest

import studies
from losslandscape import study


@pytest.mark.parametrize("name", ["coarse", "fine", "finest"])
def test_a_plane_spans_what_it_refines_in_the_end(name):
    assert study.spanned(studies.tiny()["planes"], name) == "coarse"


def test_a_run_is_looked_up_part_by_part():
    assert study.run("digits/dense/adam-seed12", studies.tiny()) == {
        "dataset": "digits",
        "model": "dense",
        "recipe": "adam",
        "seed": "12",
    }


def panels(labels: dict, label: str) -> list[dict]:
    """The panels of the figure, labelled for their models or recipes."""
    config = studies.tiny({"labels": labels})
    for _, entry in study.rows(config["figures"]["figure"]):
        entry["label"] = label
    return study.panels(config, "figure")


@pytest.mark.parametrize(
    ("labels", "label", "expected"),
    [
        ({}, "model", ["deep", "dense"]),
        ({}, "recipe", ["sgd", "adam"]),
        ({"deep": "ResNet-20"}, "model", ["ResNet-20", "dense"]),
        ({"deep": "ResNet-20", "adam": "Adam"}, "recipe", ["sgd", "Adam"]),
        (
            {"deep": "ResNet-20", "digits/deep/sgd-seed0": "The first"},
            "model",
            ["The first", "dense"],
        ),
    ],
)
def test_a_label_is_that_of_the_run_or_of_what_the_row_says(labels, label, expected):
    assert [panel["label"] for panel in panels(labels, label)[:2]] == expected


def test_panels_stand_in_the_order_of_the_rows_with_the_file_they_draw():
    found = panels({}, "model")

    assert [panel["run"] for panel in found] == [
        "digits/deep/sgd-seed0",
        "digits/dense/adam-seed12",
        "digits/deep/sgd-seed0",
    ]
    assert [panel["drawn"] for panel in found] == [
        "digits/deep/sgd-seed0/line/line.h5",
        "digits/dense/adam-seed12/line/line.h5",
        "digits/deep/sgd-seed0/finest/surface.h5",
    ]
