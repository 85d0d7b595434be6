"""Graphs: what is drawn is what was measured, and every name can be read."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import FillBetweenPolyCollection, LineCollection
from matplotlib.patches import StepPatch
from matplotlib.text import Text
from scipy import stats

import seen
from losslandscape import graphs, style

TS = np.linspace(-1, 1, 21)


@pytest.fixture
def ax(styled_ax: Axes) -> Axes:
    """Axes in the look of the figures."""
    return styled_ax


def legend(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def repeats(losses: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "train_loss": losses,
        "test_loss": losses + 1,
        "train_error": 10 * losses,
        "test_error": 10 * losses + 5,
    }


def limits(band: FillBetweenPolyCollection, ts: np.ndarray) -> tuple:
    """The lowest and the highest ordinate of a filled band at each point."""
    (path,) = band.get_paths()
    x, y = path.vertices.T
    at = [y[np.isclose(x, t)] for t in ts]
    return [each.min() for each in at], [each.max() for each in at]


def test_a_band_has_the_extremes_the_middle_half_and_the_median(ax):
    scales = np.array([3.0, 1.0, 5.0, 2.0, 4.0])
    losses = scales[:, None] * TS**2

    graphs.band(ax, TS, repeats(losses))

    outer, inner, *_ = seen.found(ax, FillBetweenPolyCollection)
    assert np.allclose(limits(outer, TS), [TS**2, 5 * TS**2])
    assert np.allclose(limits(inner, TS), [2 * TS**2, 4 * TS**2])
    solid, dashed = (line for line in ax.lines if len(line.get_xdata()))
    assert np.allclose(solid.get_ydata(), 3 * TS**2)
    assert np.allclose(dashed.get_ydata(), 3 * TS**2 + 1)
    assert [solid.get_linestyle(), dashed.get_linestyle()] == ["-", "--"]


def test_the_band_of_the_accuracy_is_on_the_right_in_its_colour(ax):
    losses = np.array([[1.0], [2.0], [3.0]]) * TS**2

    graphs.band(ax, TS, repeats(losses))

    _, right = ax.figure.axes
    outer, _ = seen.found(right, FillBetweenPolyCollection)
    low, high = 100 - 30 * TS**2, 100 - 10 * TS**2
    assert np.allclose(limits(outer, TS), [low, high])
    assert right.get_ylim() == style.ACCURACY_RANGE
    assert {line.get_color() for line in right.lines} == {style.ACCURACY}


def test_a_band_says_of_how_many_directions_it_is(ax):
    graphs.band(ax, TS, repeats(np.ones((7, 1)) * TS**2))

    _, names = ax.get_legend_handles_labels()

    assert names == ["training", "test", "middle half", "all 7 directions"]


def test_losses_of_a_band_that_are_not_finite_are_worst_counted_and_hatched(ax):
    losses = np.array([[1.0], [2.0], [3.0], [4.0], [5.0]]) * TS**2
    losses[0, 20] = np.inf
    losses[1, 20] = np.nan

    graphs.band(ax, TS, repeats(losses))

    solid = next(line for line in ax.lines if len(line.get_xdata()))
    assert solid.get_ydata()[20] == 5
    assert "2 of 105 not finite" in [text.get_text() for text in ax.texts]
    (hatched,) = (patch for patch in ax.patches if patch.get_hatch())
    assert hatched.get_x() == pytest.approx(0.95)


def history(norms: list[float], rates: list[float], every: int = 10) -> dict:
    epochs = every * np.arange(len(norms), dtype=float)
    return {"epoch": epochs, "weight_norm": np.array(norms), "lr": np.array(rates)}


def test_norms_are_drawn_by_epoch_the_first_red_and_the_second_green(ax):
    first = history([60, 80, 130], [np.nan, 0.1, 0.1])
    second = history([60, 61, 62], [np.nan, 0.1, 0.1])

    graphs.norms(ax, [first, second], ["batch 128", "batch 8192"])

    red, green = ax.lines
    assert red.get_xydata().tolist() == [[0, 60], [10, 80], [20, 130]]
    assert green.get_xydata().tolist() == [[0, 60], [10, 61], [20, 62]]
    assert [red.get_color(), green.get_color()] == list(style.RUNS[:2])
    assert legend(ax) == ["batch 128", "batch 8192"]
    assert ax.get_xlim() == (0, 20)


def test_errors_are_drawn_by_epoch_solid_of_training_and_dashed_of_test(ax):
    errors = [[90.0, 5.0, 0.0], [91.0, 9.0, 6.0]], [[90.0, 80.0, 70.0]] * 2
    runs = [
        history([1, 1, 1], [np.nan, 0.1, 0.01])
        | {"train_error": np.array(train), "test_error": np.array(test)}
        for train, test in errors
    ]

    graphs.training(ax, runs, ["short", "noshort"])

    drawn = [line for line in ax.lines if len(line.get_xdata())]
    values = [line.get_ydata().tolist() for line in drawn]
    assert values == [errors[0][0], errors[0][1], errors[1][0], errors[1][1]]
    assert [line.get_linestyle() for line in drawn] == ["-", "--"] * 2
    colours = [line.get_color() for line in drawn]
    assert colours == [style.RUNS[0]] * 2 + [style.RUNS[1]] * 2
    assert legend(ax) == ["short", "noshort"]
    (drops,) = seen.found(ax, LineCollection)
    assert [path.vertices[0, 0] for path in drops.get_paths()] == [10]
    assert (ax.get_xlim(), ax.get_ylim()[0]) == ((0, 20), 0)


def test_thin_lines_stand_where_the_rate_drops_and_once_for_all_runs(ax):
    rates = [np.nan, 0.1, 0.1, 0.01, 0.01, 0.001]
    runs = [history([1, 2, 3, 4, 5, 6], rates)] * 2

    graphs.norms(ax, runs, ["one", "other"])

    (drops,) = seen.found(ax, LineCollection)
    assert [path.vertices[0, 0] for path in drops.get_paths()] == [20, 40]


def test_a_rate_that_falls_little_by_little_has_no_lines(ax):
    falling = history([1, 2, 3, 4], [np.nan, 0.1, 0.09, 0.08])

    graphs.norms(ax, [falling], ["one"])

    (drops,) = seen.found(ax, LineCollection)
    assert not drops.get_paths()


@pytest.mark.parametrize("name", ["batch 1", "a run whose name is much too long"])
def test_names_of_runs_are_written_above_their_curves_inside(ax, name):
    runs = [history([60, 80, 130, 158], [np.nan, 1, 1, 1])] * 2

    graphs.norms(ax, runs, [name, f"{name}, and more"])

    ax.figure.canvas.draw()
    box, window = ax.get_legend().get_window_extent(), ax.get_window_extent()
    highest = ax.transData.transform((0, 158))[1]
    assert box.y0 > highest
    assert box.y1 < window.y1
    assert box.x0 > window.x0
    assert box.x1 < window.x1


def test_more_runs_than_colours_are_all_drawn(ax):
    runs = [history([k, k], [np.nan, 1]) for k in range(9)]

    graphs.norms(ax, runs, [f"run {k}" for k in range(9)])

    assert len(ax.lines) == 9


def test_names_leave_out_what_all_of_them_say():
    assert graphs.told(["SGD, WD 0, batch 4", "SGD, WD 0, batch 9"]) == [
        "batch 4",
        "batch 9",
    ]
    assert graphs.told(["SGD, WD 0"]) == ["SGD, WD 0"]
    assert graphs.told(["SGD", "SGD, WD 0"]) == ["SGD", "WD 0"]


def test_a_histogram_counts_weights_in_bins_from_minus_to_plus_the_limit(ax):
    weights = np.array([-0.25, -0.15, -0.05, 0.05, 0.06, 0.15, 0.19, 0.2])

    graphs.histograms(ax, [weights], ["run"], 0.2, 4)

    (heap,) = seen.found(ax, StepPatch)
    values, edges, _ = heap.get_data()
    assert values.tolist() == [1, 1, 2, 3]
    assert np.allclose(edges, [-0.2, -0.1, 0, 0.1, 0.2])
    assert ax.get_xlim() == (-0.2, 0.2)
    assert heap.get_alpha() == 0.5


def test_a_histogram_says_how_many_weights_lie_beyond_it(ax):
    inside, outside = np.zeros(988), np.full(12, 9.0)
    few = np.concatenate([np.zeros(996), np.full(4, 9.0)])

    graphs.histograms(ax, [np.append(inside, outside), few], ["a", "b"], 1.0, 9)

    assert legend(ax) == ["a (1.2% beyond)", "b"]


def test_counts_share_a_power_of_ten(ax):
    graphs.histograms(ax, [np.zeros(400_000)], ["run"], 1.0, 9)

    ax.figure.canvas.draw()

    shown = [label.get_text() for label in ax.get_yticklabels()]
    digits = ["".join(filter(str.isdigit, words)) for words in shown]
    assert "10^{5}" in ax.yaxis.get_offset_text().get_text()
    assert digits[:3] == ["0", "2", "4"]


RADII = np.array([0.16, 0.25, 0.22, 0.15, 0.08, 0.1, 0.36, 0.52, 0.66, 0.15, 0.19])
ERRORS = np.array([7.37, 5.89, 5.79, 8.18, 13.31, 16.44, 5.07, 4.34, 3.93, 10.3, 8.7])
NETS = [f"ResNet-{8 + 6 * k}-noshort" for k in range(len(RADII))]


def points(ax: Axes) -> list[list[float]]:
    return [point for line in ax.lines for point in line.get_xydata().tolist()]


def test_errors_stand_over_their_radii_with_names(ax):
    graphs.scatter(ax, RADII, ERRORS, NETS, np.zeros(11, bool))

    assert points(ax) == np.stack([RADII, ERRORS], axis=1).tolist()
    named = {text.get_text(): text.xy for text in ax.texts if hasattr(text, "xy")}
    assert list(named) == NETS
    assert np.allclose(list(named.values()), np.stack([RADII, ERRORS], axis=1))


def test_names_beside_points_do_not_meet_and_stay_inside(ax):
    ax.set_position((0.05, 0.1, 0.9, 0.7))

    graphs.scatter(ax, RADII, ERRORS, NETS, np.zeros(11, bool))

    ax.figure.canvas.draw()
    names = [text for text in ax.texts if hasattr(text, "xy")]
    # Of the words alone, without the lines to their points and the room over letters.
    boxes = [Text.get_window_extent(name).shrunk(1, 0.8) for name in names]
    window = ax.get_window_extent()
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(window.x0 <= box.x0 and box.x1 <= window.x1 for box in boxes)


def test_the_rank_correlation_is_written(ax):
    graphs.scatter(ax, RADII, ERRORS, NETS, np.zeros(11, bool))

    rho = stats.spearmanr(RADII, ERRORS).statistic
    (words,) = (text.get_text() for text in ax.texts if not hasattr(text, "xy"))
    assert words == rf"Spearman's $\rho$ = −{-rho:.2f} ($n$ = 11, $p$ < 0.001)"


def test_a_lower_bound_is_hollow(ax):
    bounds = np.zeros(11, bool)
    bounds[8] = True

    graphs.scatter(ax, RADII, ERRORS, NETS, bounds)

    full, hollow = ax.lines
    assert hollow.get_xydata().tolist() == [[0.66, 3.93]]
    assert hollow.get_markerfacecolor() == "white"
    assert len(full.get_xdata()) == 10


@pytest.mark.parametrize(
    ("least", "scale"), [(2.0, "linear"), (1.0, "log"), (0.0, "linear")]
)
def test_errors_of_more_than_a_power_of_ten_are_on_a_logarithmic_axis(ax, least, scale):
    errors = np.append(ERRORS[:-1], least)

    graphs.scatter(ax, RADII, errors, NETS, np.zeros(11, bool))

    assert ax.get_yscale() == scale


def test_runs_without_a_number_are_left_out(ax):
    radii, errors = RADII.copy(), ERRORS.copy()
    radii[2], errors[5] = np.nan, np.nan

    graphs.scatter(ax, radii, errors, NETS, np.zeros(11, bool))

    assert len(points(ax)) == 9
    assert not {NETS[2], NETS[5]} & {text.get_text() for text in ax.texts}


def test_few_runs_have_no_correlation(ax):
    graphs.scatter(ax, RADII[:2], ERRORS[:2], NETS[:2], np.zeros(2, bool))

    assert "$n$ = 2" in [text.get_text() for text in ax.texts]
