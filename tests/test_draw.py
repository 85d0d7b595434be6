"""Pictures: the right lines in the right places, and nothing hidden."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.contour import QuadContourSet

import seen
from losslandscape import draw, style

XS, YS = np.linspace(-1, 1, 9), np.linspace(-2, 2, 13)
X, Y = np.meshgrid(XS, YS)


def colours(ax: Axes, x: float, y: float) -> np.ndarray:
    """The colours of some pixels about a point of the data, each in 0 … 1."""
    canvas = ax.figure.canvas
    canvas.draw()
    column, row = ax.transData.transform((x, y)).astype(int)
    picture = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    return picture[row - 6 : row + 7, column - 6 : column + 7].reshape(-1, 3)


def test_level_sets_are_drawn_at_the_levels_of_the_paper(ax):
    draw.contours(ax, XS, YS, X**2 + Y**2)

    (lines,) = seen.found(ax, QuadContourSet)

    assert np.allclose(lines.levels, [0.1 + 0.5 * k for k in range(20)])


def test_a_loss_of_x_alone_has_vertical_level_sets(ax):
    draw.contours(ax, XS, YS, 5 + 4 * X)

    (lines,) = seen.found(ax, QuadContourSet)

    for level, pieces in zip(lines.levels[2:18], lines.allsegs[2:18], strict=True):
        (piece,) = pieces
        assert np.allclose(piece[:, 0], (level - 5) / 4)
        assert np.ptp(piece[:, 1]) == pytest.approx(4)


def test_the_centre_is_marked(ax):
    draw.contours(ax, XS, YS, X**2 + Y**2)

    assert [line.get_xydata().tolist() for line in ax.lines] == [[[0, 0]]]


@pytest.mark.parametrize("picture", [draw.contours, draw.filled])
def test_losses_that_are_not_finite_are_counted_and_hatched(ax, picture):
    losses = 1 + X**2
    losses[2, 2], losses[9, 6], losses[9, 7] = np.nan, np.inf, -np.inf

    picture(ax, XS, YS, losses)

    assert "3 of 117 not finite" in seen.written(ax)
    grey = np.ptp(colours(ax, XS[6], YS[9]), axis=1) < 0.02
    assert grey.all()
    assert len(np.unique(colours(ax, XS[6], YS[9]), axis=0)) > 1
    assert not (colours(ax, XS[6], YS[9]) == 1).all(axis=1).any()


def test_nothing_is_hatched_or_counted_where_all_is_finite(ax):
    draw.contours(ax, XS, YS, np.where(X < 0, 1e6, 20.0))

    assert not seen.written(ax)
    assert (colours(ax, -0.5, 1) == 1).all()


@pytest.mark.parametrize(
    ("loss", "colour"),
    [
        (0.01, style.BANDS.get_under()),
        (1e6, style.BANDS.get_over()),
    ],
)
def test_bands_below_and_above_the_levels_have_colours_of_their_own(ax, loss, colour):
    draw.filled(ax, XS, YS, np.where(X < 0, 1.0, loss))

    assert np.allclose(colours(ax, 0.6, 1), to_rgb(colour), atol=0.06)


def test_bands_are_told_apart_evenly_however_the_levels_are_spaced(ax):
    bands = draw.filled(ax, XS, YS, np.exp(3 * X))

    middles = np.sqrt(style.LOG_LEVELS[1:] * style.LOG_LEVELS[:-1])
    steps = np.diff(bands.norm(middles))
    assert steps.min() > 0.8 * steps.max()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (12.3456, "12.3"),
        (-0.5, "−0.5"),
        (3.214e-5, "3.21·10$^{-5}$"),
        (1e6, "10$^{6}$"),
        (-1e6, "−10$^{6}$"),
    ],
)
def test_numbers_have_three_digits_and_a_power_where_they_are_long(value, words):
    assert draw.number(value) == words


def line(ax: Axes, **changed: np.ndarray) -> tuple[Axes, Axes]:
    ts = np.linspace(-1, 1, 11)
    measures = {
        "train_loss": ts**2,
        "test_loss": ts**2 + 1,
        "train_error": 50 * ts**2,
        "test_error": 50 * ts**2 + 10,
    }
    draw.lines(ax, ts, measures | changed)
    left, right = ax.figure.axes
    return left, right


def test_loss_and_accuracy_have_the_axes_of_the_paper(ax):
    left, right = line(ax)

    assert left.get_ylim() == (0, 5)
    assert right.get_ylim() == (0, 100)
    assert left.get_xlim() == (-1, 1)
    assert right.yaxis.get_ticks_position() == "right"


def test_training_is_solid_and_test_is_dashed_loss_left_and_accuracy_right(ax):
    left, right = line(ax)

    ts = np.linspace(-1, 1, 11)
    drawn = [
        (side, curve.get_linestyle(), curve.get_color(), curve.get_ydata())
        for side in (left, right)
        for curve in side.lines
        if len(curve.get_ydata())
    ]
    expected = [
        (left, "-", style.LOSS, ts**2),
        (left, "--", style.LOSS, ts**2 + 1),
        (right, "-", style.ACCURACY, 100 - 50 * ts**2),
        (right, "--", style.ACCURACY, 90 - 50 * ts**2),
    ]
    for (*look, values), (*expected_look, expected_values) in zip(
        drawn, expected, strict=True
    ):
        assert look == expected_look
        assert np.allclose(values, expected_values)


def test_unknown_losses_on_a_line_are_counted_and_hatched(ax):
    losses = np.linspace(-1, 1, 11) ** 2
    losses[8:] = np.inf

    line(ax, train_loss=losses)

    assert "3 of 11 not finite" in seen.written(ax)
    spans = [
        patch.get_extents().transformed(ax.transData.inverted()) for patch in ax.patches
    ]
    assert min(span.x0 for span in spans) == pytest.approx(0.5)
    assert max(span.x1 for span in spans) == pytest.approx(1)
    assert all(patch.get_hatch() for patch in ax.patches)


@pytest.mark.parametrize(
    ("unknown", "place"), [([2, 5, 6, 7, 9], 0.6), ([10], 0.94), ([0], 0.06)]
)
def test_the_count_stands_where_the_most_is_unknown_and_inside(ax, unknown, place):
    losses = np.linspace(-1, 1, 11) ** 2
    losses[unknown] = np.nan

    line(ax, train_loss=losses)

    (note,) = ax.texts
    assert note.get_text() == f"{len(unknown)} of 11 not finite"
    assert note.get_position()[0] == pytest.approx(place)


def test_where_a_loss_is_not_finite_there_is_no_accuracy(ax):
    losses = np.linspace(-1, 1, 11) ** 2
    losses[8:] = np.nan

    _, right = line(ax, train_loss=losses)

    training, test = (curve.get_ydata() for curve in right.lines)
    assert np.isnan(training[8:]).all()
    assert np.isfinite(training[:8]).all()
    assert np.isfinite(test).all()


def test_axes_are_called_as_they_are_told(ax):
    draw.contours(ax, XS, YS, X**2 + Y**2)

    draw.named(ax, ["gradient", "to sgd, seed 1"])

    assert (ax.get_xlabel(), ax.get_ylabel()) == ("gradient", "to sgd, seed 1")


def test_the_one_name_of_a_line_leaves_the_loss_its_own(ax):
    line(ax)

    draw.named(ax, ["gradient"])

    assert (ax.get_xlabel(), ax.get_ylabel()) == ("gradient", "Loss")
