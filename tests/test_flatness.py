"""Quadratics, plain loops and small losses by hand."""

import math

import numpy as np
import pytest

from losslandscape import flatness, grid


def plane(function, x, y):
    """The losses (rows y, columns x) of a function of the coordinates."""
    return function(*np.meshgrid(x, y)) + np.zeros((len(y), len(x)))


def rough(seed=0, shape=(9, 12)):
    """Losses of noise, some of them not finite."""
    generator = np.random.default_rng(seed)
    losses = generator.normal(size=shape)
    losses.flat[generator.integers(0, losses.size, 5)] = np.inf
    losses.flat[generator.integers(0, losses.size, 3)] = np.nan
    return losses


BOWL = np.array([[3.0, 1.0], [1.0, 2.0]])


@pytest.mark.parametrize(
    ("matrix", "is_convex"),
    [
        (BOWL, True),
        (-BOWL, False),
        (np.diag([1.0, -0.1]), False),
        (np.diag([-0.1, 1.0]), False),
        (np.array([[1.0, 1.5], [1.5, 1.0]]), False),
        (np.array([[1.0, 0.99], [0.99, 1.0]]), True),
        (np.array([[1.0, 1.0], [1.0, 1.0]]), True),
        (np.diag([1.0, 0.0]), True),
        (np.zeros((2, 2)), True),
    ],
)
def test_a_quadratic_is_convex_everywhere_or_nowhere(matrix, is_convex):
    # Steps that differ by far must not change the sign.
    x, y = np.linspace(-1, 1, 7), np.linspace(-0.2, 0.2, 9)
    (a, b), (_, c) = matrix

    losses = plane(lambda x, y: 3 + x - y + a * x**2 + 2 * b * x * y + c * y**2, x, y)

    assert flatness.convexity(losses) == is_convex


def test_convexity_is_that_of_a_loop_with_whole_matrices():
    losses = rough()
    losses[:4] = plane(lambda x, y: x**2 + y**2, np.arange(12), np.arange(4))
    convex = []
    for row in range(1, 8):
        for column in range(1, 11):
            f = losses[row - 1 : row + 2, column - 1 : column + 2]
            if not np.isfinite(f).all():
                convex.append(False)
                continue
            mixed = (f[2, 2] - f[2, 0] - f[0, 2] + f[0, 0]) / 4
            hessian = [
                [f[1, 2] - 2 * f[1, 1] + f[1, 0], mixed],
                [mixed, f[2, 1] - 2 * f[1, 1] + f[0, 1]],
            ]
            convex.append(np.linalg.eigvalsh(hessian)[0] >= -1e-6)

    assert 0 < np.mean(convex) < 1
    assert flatness.convexity(losses) == pytest.approx(np.mean(convex))


@pytest.mark.parametrize("broken", [np.inf, -np.inf, np.nan])
def test_a_point_with_a_neighbour_that_is_not_finite_is_not_convex(broken):
    losses = plane(lambda x, y: x**2 + y**2, np.arange(9), np.arange(8))
    losses[4, 4] = broken

    assert flatness.convexity(losses) == pytest.approx((6 * 7 - 9) / (6 * 7))
    assert flatness.convexity(losses[4]) == pytest.approx((7 - 3) / 7)


def test_the_convexity_of_a_line_is_that_of_its_bends():
    t = np.linspace(-1, 1, 42)

    assert flatness.convexity(t**2) == 1
    assert flatness.convexity(-(t**2)) == 0
    assert flatness.convexity(t**3) == 0.5


def test_a_flat_loss_with_the_noise_of_float32_is_convex():
    noise = np.random.default_rng(0).uniform(-1, 1, (9, 9))
    flat = (2.3 * (1 + 1e-7 * noise)).astype(np.float32).astype(float)

    assert flatness.convexity(flat) > 0.9
    assert flatness.convexity(2.3 * (1 + 1e-4 * noise)) < 0.5


def test_minima_are_those_of_a_loop():
    losses = rough(1, (15, 12))
    losses[3, 3:5] = -9  # two that are as low as each other
    losses[8, 8] = -9
    losses[10, 4], losses[11, 5] = np.nan, -9
    losses[0, 5] = -99  # at the edge
    heights = np.nan_to_num(losses, nan=np.inf)
    count = sum(
        (np.delete(heights[r - 1 : r + 2, c - 1 : c + 2], 4) > heights[r, c]).all()
        for r in range(1, 14)
        for c in range(1, 11)
    )

    assert count > 3
    assert flatness.minima(losses) == count


def test_minima_of_a_line_are_its_valleys():
    assert flatness.minima(np.array([0, 3, 1, 2, np.nan, -1, np.inf, 5, 4])) == 2
    assert flatness.minima(np.ones(9)) == 0


@pytest.mark.parametrize("disc", [0.3, 0.5, 1.0])
def test_sharpness_is_the_highest_rise_within_the_disc(disc):
    axis = np.linspace(-1, 1, 21)
    losses = plane(lambda x, y: 0.25 + 2 * x**2 + y**2, axis, axis)

    # It is highest where the disc ends on the x axis.
    expected = 100 * 2 * disc**2 / 1.25
    assert flatness.sharpness([axis, axis], losses, disc) == pytest.approx(expected)


def test_sharpness_looks_at_no_corner_outside_the_disc():
    axis = np.linspace(-1, 1, 5)
    losses = np.full((5, 5), 0.5)
    losses[[1, 1, 3, 3], [1, 3, 1, 3]] = 99  # at a distance of 0.71

    assert flatness.sharpness([axis, axis], losses, 0.7) == 0
    assert flatness.sharpness([axis, axis], losses, 0.71) == pytest.approx(9850 / 1.5)


def test_the_disc_holds_points_on_its_rim_whatever_the_rounding():
    for points in (21, 41, 81, 401):
        axis = grid.axis({"from": -1, "to": 1, "points": points})
        assert flatness.sharpness([axis], abs(axis), 0.3) == pytest.approx(30)


def test_the_sharpness_of_a_line_goes_by_rows_and_columns_of_x():
    x, y = np.linspace(-1, 1, 5), np.linspace(-0.1, 0.1, 3)

    assert flatness.sharpness([x], x**2, 0.5) == pytest.approx(25)
    assert flatness.sharpness([x, y], plane(lambda x, y: x**2, x, y), 0.5) == (
        pytest.approx(25)
    )


def test_what_overflows_in_the_disc_shows_in_the_sharpness():
    axis = np.linspace(-1, 1, 5)

    assert flatness.sharpness([axis], np.array([0, np.inf, 0, 0, 0]), 0.5) == np.inf
    assert math.isnan(flatness.sharpness([axis], np.array([0, np.nan, 0, 0, 0]), 0.5))
    assert math.isnan(flatness.sharpness([axis], np.array([0, 0, np.inf, 0, 0]), 0.5))
    assert flatness.sharpness([axis], np.array([np.inf, 0, 0, 0, np.nan]), 0.5) == 0


def test_a_disc_that_holds_the_centre_alone_has_no_sharpness():
    axis = np.linspace(-1, 1, 3)

    assert math.isnan(flatness.sharpness([axis, axis], np.ones((3, 3)), 0.9))
    assert flatness.sharpness([axis, axis], np.ones((3, 3)), 1) == 0


def test_the_share_of_none_is_no_number():
    assert flatness.share(np.array([True, False, False, True])) == 0.5
    assert math.isnan(flatness.share(np.array([], dtype=bool)))
    assert math.isnan(flatness.convexity(np.ones((2, 9))))


def test_a_region_fills_its_hull_as_far_as_it_is_convex():
    losses = np.ones((7, 7))
    losses[1:6, 1:6] = 0

    square = flatness.solidity(losses, 0.5)
    losses[1:4, 3] = 1  # a notch of three points in a square of 25
    notched = flatness.solidity(losses, 0.5)

    assert (square, notched) == (1, pytest.approx(22 / 25))


def test_several_regions_fill_nothing_and_points_that_touch_are_one():
    apart, touching = np.ones((5, 5)), np.ones((5, 5))
    apart[0, 0] = apart[4, 4] = 0
    touching[1, 1] = touching[2, 2] = 0

    assert flatness.solidity(apart, 0.5) == 0
    assert flatness.solidity(touching, 0.5) == 1


@pytest.mark.parametrize("below", [[], [(2, 2)], [(1, 1), (1, 2), (1, 3)]])
def test_no_point_and_a_row_of_points_are_convex(below):
    losses = np.ones((5, 5))
    for point in below:
        losses[point] = 0

    assert flatness.solidity(losses, 0.5) == 1
