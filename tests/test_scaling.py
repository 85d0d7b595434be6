"""The scale of weights: curves that differ and curves that do not, told apart."""

import numpy as np
import pytest
from matplotlib.axes import Axes

from losslandscape import scaling

TS = np.linspace(-1, 1, 21)
FACTORS = np.array([0.25, 0.5, 1.0, 2.0, 4.0])


@pytest.fixture
def ax(styled_ax: Axes) -> Axes:
    """Axes in the look of the figures."""
    return styled_ax


def luminance(colours: np.ndarray) -> np.ndarray:
    return colours[:, :3] @ [0.2126, 0.7152, 0.0722]


def test_curves_of_rescaled_weights_are_drawn_and_marked_in_turn(ax):
    losses = np.stack([(TS / factor) ** 2 for factor in FACTORS])

    scaling.rescalings(ax, measured(losses, np.zeros((5, 21))), "plain")

    curves, marks = ax.lines[::2], ax.lines[1::2]
    for turn, (curve, mark, values) in enumerate(
        zip(curves, marks, losses, strict=True)
    ):
        assert np.array_equal(curve.get_ydata(), values)
        assert np.array_equal(mark.get_xdata(), TS[turn::5])
        assert np.array_equal(mark.get_ydata(), values[turn::5])
    shades = luminance(np.stack([curve.get_color() for curve in curves]))
    assert (np.diff(shades) > 0.05).all()
    _, names = ax.get_legend_handles_labels()
    assert names == [f"$c$ = {name}" for name in ("1/4", "1/2", "1", "2", "4")]


def test_equal_curves_show_every_mark(ax):
    equal = np.tile(TS**2, (5, 1))
    scaling.rescalings(ax, measured(0 * equal, equal), "normalised")

    places = np.concatenate([mark.get_xdata() for mark in ax.lines[1::2]])

    assert sorted(places) == pytest.approx(TS)
    assert len({mark.get_marker() for mark in ax.lines[1::2]}) == 5


def test_how_far_curves_are_from_each_other_is_written(ax):
    losses = np.tile(TS**2, (5, 1))
    losses[1, 3] += 2e-5
    losses[4, 3] -= 1e-5
    losses[0, 0] = np.inf

    scaling.rescalings(ax, measured(losses, np.zeros((5, 21))), "plain")

    assert ax.get_xlabel() == (
        "Curves differ by ≤ 3·10$^{-5}$, outputs by 2·10$^{-15}$"
    )
    assert "1 of 105 not finite" in [text.get_text() for text in ax.texts]


def measured(plain: np.ndarray, normalised: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "factors": FACTORS,
        "t": TS,
        "difference": np.array([2e-15, 1e-15, 0, 5e-16, 1e-15]),
        "lambda_max": 50 / FACTORS**2,
        "converged": np.ones(5),
        "plain_train_loss": plain,
        "normalised_train_loss": normalised,
    }


def test_sharpness_is_relative_to_the_factor_one_on_log_axes(ax):
    plain = np.stack([0.3 + (TS / factor) ** 2 for factor in FACTORS])
    normalised = np.tile(0.3 + TS**2, (5, 1))

    scaling.sharpness(ax, measured(plain, normalised))

    eigenvalues, rise, flat = (line.get_ydata() for line in ax.lines)
    assert np.allclose(eigenvalues, FACTORS**-2)
    assert np.allclose(rise, FACTORS**-2)
    assert np.allclose(flat, 1)
    assert all(np.array_equal(line.get_xdata(), FACTORS) for line in ax.lines)
    assert [ax.get_xscale(), ax.get_yscale()] == ["log", "log"]
    assert "±0.5" in ax.get_xlabel()
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks == ["1/4", "1/2", "1", "2", "4"]


def test_eigenvalues_that_did_not_converge_are_hollow_and_not_joined(ax):
    equal = np.tile(TS**2, (5, 1))
    held = measured(equal, equal) | {"converged": np.array([0.0, 1, 1, 1, 0])}

    scaling.sharpness(ax, held)

    eigenvalues, _, _, unsure = ax.lines
    assert np.isnan(eigenvalues.get_ydata()).tolist() == [True, *[False] * 3, True]
    assert unsure.get_xdata().tolist() == [0.25, 4]
    assert np.allclose(unsure.get_ydata(), [16, 1 / 16])
    assert unsure.get_markerfacecolor() == "white"
    assert unsure.get_label() == "not converged"


@pytest.mark.parametrize(
    ("span", "expected"), [(0.8, {"0.5", "1", "2"}), (2, {"0.1", "1", "10"})]
)
def test_few_powers_of_ten_have_ticks_between(ax, span, expected):
    values = 10 ** (span / 2 * np.linspace(-1, 1, 5))
    losses = np.stack([value * TS**2 for value in values])

    scaling.sharpness(ax, measured(losses, losses) | {"lambda_max": values})

    ax.figure.canvas.draw()
    low, high = ax.get_ylim()
    ticks = ax.yaxis.get_major_ticks()
    shown = {t.label1.get_text() for t in ticks if low <= t.get_loc() <= high}
    assert shown == expected


def test_what_cannot_be_on_a_log_axis_is_left_out(ax):
    falling = np.tile(1 - TS**2, (5, 1))
    broken = np.tile(TS**2, (5, 1))
    broken[3] = np.inf

    scaling.sharpness(ax, measured(falling, broken))

    _, plain, normalised = (line.get_ydata() for line in ax.lines)
    assert np.isnan(plain).all()
    assert np.flatnonzero(np.isnan(normalised)).tolist() == [3]


def test_a_rise_is_the_mean_of_both_sides_a_quarter_of_the_range_away():
    losses = np.stack([2 + TS + TS**2, 1 + np.abs(TS)])

    assert scaling.rises(TS, losses) == pytest.approx([0.25, 0.5])
    assert scaling.rises(3 * TS, np.stack([TS**2])) == pytest.approx([0.25])


@pytest.mark.parametrize(
    ("factor", "name"),
    [
        (0.25, "1/4"),
        (1.0, "1"),
        (4, "4"),
        (1 / 3, "1/3"),
        (1.5, "3/2"),
        (0.3712, "0.3712"),
    ],
)
def test_factors_are_simple_fractions_where_they_are(factor, name):
    assert scaling.fraction(factor) == name
