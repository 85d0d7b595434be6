"""Snapshots: saved nets where the rate is lowest, accuracies by what was spent."""

import numpy as np
import pytest
from matplotlib.axes import Axes

import seen
from losslandscape import joined, snapshots

# Cycles of four epochs, as the nets are saved half way through each.
RATES = np.array([np.nan, 0.3, 0.1, 0.3, 0.5, 0.3, 0.1, 0.3, 0.5, 0.3, 0.1])


@pytest.fixture
def ax(styled_ax: Axes) -> Axes:
    """Axes in the look of the figures."""
    return styled_ax


def history(**changed: np.ndarray) -> dict[str, np.ndarray]:
    epochs = 100.0 + np.arange(len(RATES))
    measured = {"test_error": 20 + 30 * np.nan_to_num(RATES), "distance": epochs - 99}
    return {"epoch": epochs, "lr": RATES} | measured | changed


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        (RATES, [2, 6, 10]),
        (RATES[:-1], [2, 6]),
        ([5, 1, 5, 1, 5, 1], [1, 3, 5]),
        ([5, 4, 3, 2, 1], [4]),
        ([5, 5, 1, 1, 5], []),
        ([1, 5, 1, 5], [2]),
    ],
)
def test_valleys_are_where_the_rate_is_lowest_in_a_cycle(rates, expected):
    assert snapshots.valleys(np.array(rates, float)).tolist() == expected


@pytest.mark.parametrize("value", joined.CYCLES)
def test_what_is_asked_for_is_drawn_with_circles_where_nets_are_saved(ax, value):
    held = history()

    snapshots.cycles(ax, held, value)

    (line,) = (each for each in ax.lines if len(each.get_xdata()) == len(RATES))
    assert np.array_equal(line.get_xdata(), held["epoch"])
    drawn = held[value].copy()
    if value == "lr":  # A cycle begins at the highest rate.
        drawn[0] = np.nanmax(RATES)
    assert line.get_ydata().tolist() == drawn.tolist()
    (saved,) = (each for each in ax.lines if each.get_marker() == "o")
    expected = [[held["epoch"][k], held[value][k]] for k in (2, 6, 10)]
    assert saved.get_xydata().tolist() == expected
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Epoch", joined.CYCLES[value][0])
    assert ax.get_xlim() == (100, 110)
    assert not ax.patches


def test_errors_that_are_not_finite_are_hatched_and_counted(ax):
    errors = history()["test_error"]
    errors[4] = np.nan

    snapshots.cycles(ax, history(test_error=errors), "test_error")

    assert seen.written(ax) == ["1 of 11 not finite"]
    (span,) = ax.patches
    assert (span.get_x(), span.get_width()) == (103.5, 1)


FGE = {
    "spent": np.array([0.9, 1.0, 1.9, 2.0]),
    "error": np.array([22.3, 22.1, 22.7, 22.0]),
    "ensemble_error": np.array([22.3, 20.2, 19.6, 18.7]),
}
SSE = {
    "spent": np.array([0.25, 0.5, 0.75, 1.0]),
    "error": np.array([25.9, 24.1, 23.0, 22.6]),
    "ensemble_error": np.array([25.9, 22.8, 21.7, 20.75]),
}
ONE = {"spent": np.array([1.0, 2.0]), "error": np.array([21.5, 21.4])}


def test_ensembles_are_joined_diamonds_and_nets_are_crosses(ax):
    snapshots.budgets(ax, [FGE, SSE], ["FGE", "SSE"], None)

    diamonds = [line for line in ax.lines if line.get_marker() == "D"]
    crosses = [line for line in ax.lines if line.get_marker() == "x"]
    for method, together, alone in zip((FGE, SSE), diamonds, crosses, strict=True):
        assert np.array_equal(together.get_xdata(), method["spent"])
        assert np.allclose(together.get_ydata(), 100 - method["ensemble_error"])
        assert np.allclose(alone.get_ydata(), 100 - method["error"])
        assert together.is_dashed()
        assert alone.get_linestyle() == "None"
        assert together.get_color() == alone.get_color()
    assert diamonds[0].get_color() != diamonds[1].get_color()
    assert ax.get_ylabel() == "Test accuracy (%)"


def names(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_one_net_is_a_broken_level_named_for_what_was_spent(ax):
    snapshots.budgets(ax, [FGE], ["FGE"], ONE)

    *_, level = ax.lines
    assert set(level.get_ydata()) == {78.5}
    assert level.is_dashed()
    assert names(ax) == ["FGE, ensemble", "FGE, each net", "one net, 1$B$"]


def test_without_one_net_there_is_no_level(ax):
    snapshots.budgets(ax, [FGE, SSE], ["FGE", "SSE"], None)

    assert len(ax.lines) == 4
    assert len(names(ax)) == 4


def test_errors_of_nets_that_are_not_finite_are_counted(ax):
    lost = SSE | {"error": np.array([25.9, np.nan, 23.0, np.inf])}

    snapshots.budgets(ax, [FGE, lost], ["FGE", "SSE"], ONE)

    assert seen.written(ax) == ["2 of 16 not finite"]
