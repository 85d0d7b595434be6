"""Figures and tables of other tasks than classification, in their own words."""

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from losslandscape import (
    columns,
    draw,
    exhibits,
    joined,
    kinds,
    latex,
    phrases,
    style,
    tallies,
    valleys,
    wording,
)

matplotlib.use("agg")
KM = wording.Words("squared error", "absolute error", "km")
RUN, OTHER = "roads/net/sgd-seed0", "digits/net/sgd-seed0"
TS = np.linspace(-1, 1, 5)
MEASURED = {"t": TS, "train_loss": TS**2 + 20, "test_loss": TS**2 + 30} | {
    "train_error": abs(TS) + 400,
    "test_error": abs(TS) + 500,
}


def study(**tasks) -> dict:
    line = {"plane": "line", "label": "model"}
    return {
        "datasets": {"roads": {"task": {"regression": {"unit": "km"}}}, "digits": {}},
        "models": {"net": {"convnet": {}}},
        "recipes": {"sgd": {}},
        "planes": {"line": {"directions": {"random": {}}, "x": {}}},
        "labels": {},
        "figures": {
            "both": {"rows": [{"lines": line | {"runs": [RUN, OTHER]}}]},
            "flat": {"rows": [{"scatter": {"table": "flatness", "x": "radius"}}]},
        },
        "tables": {
            "flatness": {
                "shows": {
                    "flatness": {"plane": "line", "label": "model", "runs": [RUN]}
                }
            }
        },
    }


def test_panels_and_rows_say_their_task_where_it_is_another():
    numbers, classes = exhibits.panels(study(), "both")
    (scattered,) = exhibits.panels(study(), "flat")
    (row,) = exhibits.tabled(study(), "flatness")

    assert (
        phrases.shown(numbers) == phrases.shown(scattered) == phrases.shown(row) == KM
    )
    assert "task" not in classes
    assert phrases.shown(classes) == wording.CLASSIFICATION


def drawn(kind: str, files: dict, words=KM, **options):
    """The axes of a panel of one kind, and what its colour bar is called."""
    ax = Figure().add_axes((0.1, 0.1, 0.6, 0.8))
    panel = {"files": files, "names": ["net"], "words": words}
    bar = kinds.KINDS[kind](ax, panel, options)
    return ax, bar and bar.keywords.get("name")


def test_a_line_shows_the_measure_itself_in_the_range_that_it_has():
    ax, _ = drawn("lines", {"line": [MEASURED]})

    right = next(each for each in ax.figure.axes if each is not ax)
    assert right.get_ylabel() == "Absolute error (km)"
    assert right.lines[0].get_ydata().tolist() == MEASURED["train_error"].tolist()
    low, high = right.get_ylim()
    assert 300 < low < 400 < 501 < high < 700
    assert ax.get_ylim()[1] > 30


def test_a_line_of_classes_shows_the_accuracy_in_percent():
    ax, _ = drawn("lines", {"line": [MEASURED]}, wording.CLASSIFICATION)

    right = next(each for each in ax.figure.axes if each is not ax)
    assert (right.get_ylabel(), right.get_ylim()) == ("Accuracy (%)", (0, 100))
    assert np.allclose(right.lines[0].get_ydata(), 100 - MEASURED["train_error"])
    assert ax.get_ylim() == style.LOSS_RANGE


@pytest.mark.parametrize("kind", ["filled", "contours"])
def test_levels_go_through_the_values_that_there_are(kind):
    grid = {"x": TS, "y": TS, "test_error": 400 + np.add.outer(TS**2, TS**2)}

    _, name = drawn(kind, {"surface": [grid]}, measure="test_error")

    levels = draw.levels(grid["test_error"], style.ERROR_LEVELS, KM)
    assert name in (None, "Test absolute error (km)")
    assert ((levels > 400) & (levels < 402)).sum() >= 5


def test_levels_of_values_of_many_sizes_are_one_two_and_five():
    values = np.array([0.5, 3.0, 90.0])

    levels = draw.levels(values, style.LOG_LEVELS, KM)

    assert {0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0} <= set(np.round(levels, 9))
    usual = draw.levels(values, style.LOG_LEVELS, wording.CLASSIFICATION)
    assert usual is style.LOG_LEVELS


@pytest.mark.parametrize("values", [np.full((2, 2), 7.0), np.full((2, 2), np.nan)])
def test_there_are_levels_of_what_does_not_vary(values):
    assert (np.diff(draw.levels(values, style.LOG_LEVELS, KM)) > 0).all()


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_a_plane_of_three_places_has_levels_at_any_scale(scale):
    values = scale * (50 + np.add.outer(TS**2, TS**2))

    look = valleys.fitted(valleys.Look("test_error"), values)

    levels = valleys.levels(np.ma.masked_invalid(values), look)
    assert (np.diff(levels) > 0).all()
    assert levels[0] == values.min()
    assert values.min() < levels[-1] <= values.max()


def test_errors_by_epoch_have_no_percent_and_no_range_of_it():
    history = {"epoch": np.arange(3.0), "lr": np.ones(3)} | {
        name: np.array([300.0, 200.0, 150.0]) for name in style.ERRORS
    }

    ax, _ = drawn("training", {"history": [history]})

    assert ax.get_ylabel() == "Absolute error (km; test dashed)"
    assert ax.get_ylim()[1] > 300


def test_names_of_figures_are_those_of_the_task():
    names = phrases.renamed(joined.NAMES, KM)

    assert names["test_error"] == "Test absolute error (km)"
    assert names["test_loss"] == "Test loss"
    assert phrases.renamed(joined.NAMES, wording.CLASSIFICATION) == joined.NAMES


def test_captions_have_the_unit_of_the_measure():
    assert phrases.value(12.345, wording.CLASSIFICATION) == "12.35%"
    assert phrases.value(1234.5, KM) == "1.23e+03 km"
    assert phrases.value(0.5, KM._replace(unit="")) == "0.5"


def test_columns_say_what_the_task_measures():
    said = columns.meaning("test_error", KM)

    assert said == "Test absolute error where training ended, in km."
    assert columns.meaning("train_loss", KM) == (
        "Training loss, mean squared error, where training ended."
    )
    assert latex.head("test_error", KM) == "test error (km)"
    assert latex.head("test_error") == r"test error (\%)"
    assert columns.unit("radius", KM) is None


def test_several_tasks_of_a_study_are_told_together():
    assert phrases.of_study(study()).counted == "absolute error (km) or error (%)"


def test_a_curve_without_votes_has_its_other_columns():
    profile = {
        name: np.array([3.0, 1.0, 2.0])
        for name in ("regularised_loss", "train_error", "test_error")
    }
    profile |= {"t": np.linspace(0, 1, 3), "length": np.array([0.0, 1.0, 2.0])}
    profile["distance"] = np.array(2.0)

    row, ends = tallies.curve(profile), tallies.single(profile)

    assert (row["loss_max"], row["test_error_min"]) == (3.0, 1.0)
    assert row.keys() == ends.keys()
    assert "ensemble_error" not in row


@pytest.mark.parametrize("options", [{"measure": "pair_error"}, {"scaled": True}])
def test_votes_that_were_not_measured_are_told(options):
    profile = {"t": TS, "test_loss": TS**2, "marks": TS[[0, -1]]}

    with pytest.raises(ValueError, match="nets vote where each example has one class"):
        drawn("profiles", {"profile": [profile]}, **{"measure": "test_loss", **options})
