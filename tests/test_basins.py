"""Shapes of known area, and by hand what lies between grid points."""

import math

import numpy as np
import pytest

from losslandscape import basins

LEVEL = 0.1
SQUARE = np.linspace(-1, 1, 51)
BROKEN = [np.inf, np.nan]


def plane(function, x=SQUARE, y=SQUARE):
    """The losses (rows y, columns x) of a function of the coordinates."""
    return function(*np.meshgrid(x, y)) + np.zeros((len(y), len(x)))


def cone(radius, across=0.0, along=0.0):
    """A loss below the level in a disc about a point, rising evenly."""
    return lambda x, y: LEVEL / radius * np.hypot(x - across, y - along)


@pytest.mark.parametrize("points", [(51, 51), (50, 50), (31, 101), (251, 251)])
@pytest.mark.parametrize("radius", [0.2, 0.5, 0.83])
def test_the_radius_of_a_disc_is_its_own(points, radius):
    x, y = (np.linspace(-1, 1, count) for count in points)

    basin = basins.on_plane(x, y, plane(cone(radius), x, y), LEVEL)

    assert basin.radius == pytest.approx(radius, rel=0.01)
    assert basin.area == pytest.approx(math.pi * radius**2 / 4, rel=0.02)
    assert (basin.cut, basin.regions) == (False, 1)


@pytest.mark.parametrize("points", [13, 14, 51])
def test_the_area_between_grid_points_is_that_of_the_bilinear_loss(points):
    # |x| + |y| bends on the axes alone, so that it is bilinear where they are lines
    # of the grid: the region is a square that stands on its tip.
    x, y = np.linspace(-1, 1, points // 2 * 2 + 1), np.linspace(-2, 2, 9)
    losses = plane(lambda x, y: abs(x) + abs(y), x, y)

    basin = basins.on_plane(x, y, losses, 0.37)

    assert basin.radius == pytest.approx(math.sqrt(2 * 0.37**2 / math.pi), rel=0.002)
    assert basin.area == pytest.approx(2 * 0.37**2 / 8, rel=0.004)


def test_a_region_within_one_cell_has_an_area():
    # Steps of 0.5 about the centre, a tip of 0.1 to either side.
    axis = np.linspace(-1, 1, 5)

    basin = basins.on_plane(
        axis, axis, plane(lambda x, y: abs(x) + abs(y), axis, axis), 0.1
    )

    assert basin.radius == pytest.approx(0.1 * math.sqrt(2 / math.pi), rel=0.01)


def test_an_ellipse_has_the_radius_of_the_circle_of_its_area():
    x, y = np.linspace(-0.6, 0.9, 61), np.linspace(-1.1, 0.7, 49)
    losses = plane(lambda x, y: LEVEL * np.hypot(x / 0.3, y / 0.6), x, y)

    basin = basins.on_plane(x, y, losses, LEVEL)

    assert basin.radius == pytest.approx(math.sqrt(0.3 * 0.6), rel=0.01)
    assert basin.area == pytest.approx(math.pi * 0.3 * 0.6 / (1.5 * 1.8), rel=0.02)


def test_the_radius_of_a_paraboloid_is_the_root_of_the_level():
    axis = np.linspace(-1, 1, 201)

    basin = basins.on_plane(
        axis, axis, plane(lambda x, y: x**2 + y**2, axis, axis), 0.25
    )

    assert basin.radius == pytest.approx(0.5, rel=0.01)


def test_a_ring_around_the_centre_does_not_count_for_the_radius():
    def losses(x, y):
        return np.minimum(np.hypot(x, y), abs(np.hypot(x, y) - 0.7))

    axis = np.linspace(-1, 1, 201)
    basin = basins.on_plane(axis, axis, plane(losses, axis, axis), 0.1)

    assert basin.radius == pytest.approx(0.1, rel=0.01)
    assert basin.area == pytest.approx(
        math.pi * (0.1**2 + 0.8**2 - 0.6**2) / 4, rel=0.02
    )
    assert basin.regions == 2


def test_a_hill_within_the_region_is_no_part_of_it():
    # The centre lies off the middle of the ring, in the ring itself.
    x = np.linspace(-0.2, 1.8, 101)
    losses = plane(lambda x, y: abs(np.hypot(x - 0.6, y) - 0.6), x)

    basin = basins.on_plane(x, SQUARE, losses, 0.2)

    assert basin.radius == pytest.approx(math.sqrt(0.8**2 - 0.4**2), rel=0.01)


def test_another_basin_does_not_count_for_the_radius():
    def losses(x, y):
        return np.minimum(cone(0.3)(x, y), cone(0.2, 0.6, -0.5)(x, y))

    basin = basins.on_plane(SQUARE, SQUARE, plane(losses), LEVEL)

    assert basin.radius == pytest.approx(0.3, rel=0.01)
    assert basin.area == pytest.approx(math.pi * (0.3**2 + 0.2**2) / 4, rel=0.02)
    assert (basin.cut, basin.regions) == (False, 2)


@pytest.mark.parametrize(
    ("across", "along"), [(0.9, 0), (-0.9, 0), (0, 0.9), (0, -0.9)]
)
def test_a_region_is_cut_where_it_reaches_an_edge(across, along):
    def losses(x, y):
        return LEVEL * (0.9 + np.hypot(x - across, y - along) - 0.9)

    basin = basins.on_plane(SQUARE, SQUARE, plane(losses), LEVEL)

    assert basin.cut


def test_another_basin_at_the_edge_does_not_cut():
    def losses(x, y):
        return np.minimum(cone(0.3)(x, y), cone(0.2, 1, 1)(x, y))

    basin = basins.on_plane(SQUARE, SQUARE, plane(losses), LEVEL)

    assert (basin.cut, basin.regions) == (False, 2)


def test_a_window_all_below_the_level_is_one_region_that_is_cut():
    basin = basins.on_plane(SQUARE, 2 * SQUARE, plane(lambda x, y: 0 * x), LEVEL)

    assert basin == (pytest.approx(math.sqrt(8 / math.pi)), True, pytest.approx(1), 1)


@pytest.mark.parametrize("loss", [LEVEL, 2.3, np.inf])
def test_a_centre_that_is_not_below_the_level_has_radius_0(loss):
    losses = plane(cone(0.4, 0.5))
    losses[25, 25] = loss

    basin = basins.on_plane(SQUARE, SQUARE, losses, LEVEL)

    assert (basin.radius, basin.cut, basin.regions) == (0, False, 1)
    assert basin.area > 0


def test_a_centre_without_a_loss_has_no_radius():
    losses = plane(cone(0.5))
    losses[25, 25] = np.nan
    beside = SQUARE + 1.5

    for basin in (
        basins.on_plane(SQUARE, SQUARE, losses, LEVEL),
        basins.on_plane(beside, SQUARE, plane(cone(0.8), beside), LEVEL),
    ):
        assert (math.isnan(basin.radius), basin.cut) == (True, False)
        assert basin.area > 0


@pytest.mark.parametrize("broken", BROKEN)
def test_a_region_ends_at_the_last_finite_loss(broken):
    # All of x > 0.2 is not finite: of the disc the part with x < 0.2 is left.
    losses = plane(cone(0.5))
    losses[:, SQUARE > 0.2 + 1e-9] = broken

    basin = basins.on_plane(SQUARE, SQUARE, losses, LEVEL)

    angle = math.acos(0.2 / 0.5)
    left = math.pi * 0.5**2 - 0.5**2 * (angle - math.sin(2 * angle) / 2)
    assert basin.radius == pytest.approx(math.sqrt(left / math.pi), rel=0.01)
    assert not basin.cut


@pytest.mark.parametrize("broken", BROKEN)
def test_the_centre_of_a_plane_is_its_own_though_neighbours_are_not_finite(broken):
    losses = np.full((3, 5), broken)
    losses[1, 2] = 0.07

    assert basins.centre([np.linspace(-1, 1, 5), np.linspace(-1, 1, 3)], losses) == 0.07
    assert basins.centre([np.linspace(-1, 1, 5)], losses[1]) == 0.07


def test_the_centre_between_grid_points_is_interpolated():
    x, y = np.array([-1.0, 1.0, 3.0]), np.array([-1.0, 3.0])
    losses = plane(lambda x, y: 5 + x - 2 * y + x * y, x, y)

    assert basins.centre([x, y], losses) == pytest.approx(5)


def test_rounding_of_an_axis_does_not_hide_the_centre():
    axis = np.array([-1, 1e-17, 1])

    assert basins.centre([axis], np.array([np.inf, 3.0, np.inf])) == 3


@pytest.mark.parametrize("shift", [0, 0.03])
def test_an_interval_ends_where_the_line_crosses_the_level(shift):
    t = np.linspace(-1, 1, 21) + shift
    losses = np.where(t < 0, -t / 4, t)

    left, right, cut = basins.on_line(t, losses, LEVEL)

    # 0 is no grid point of the shifted line, and the slope bends there.
    within = 0 if shift == 0 else 0.02
    assert (left, right) == (
        pytest.approx(0.4, abs=within + 1e-9),
        pytest.approx(0.1, abs=within + 1e-9),
    )
    assert not cut


def test_an_interval_by_hand():
    t = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])

    # From 0.06 to 0.26 it passes 0.1 after a fifth of the way, back from 0.02 to 0.12
    # after four fifths.
    found = basins.on_line(t, np.array([0.12, 0.02, 0.06, 0.26, 0.0]), LEVEL)

    assert found == (pytest.approx(0.9), pytest.approx(0.1), False)


@pytest.mark.parametrize("end", [0, -1])
def test_an_interval_is_cut_where_the_line_ends(end):
    losses = np.full(5, 9.0)
    losses[[1, 2, 3]] = 0.01
    losses[end] = 0.05

    found = basins.on_line(np.linspace(-1, 1, 5), losses, LEVEL)

    assert found.cut
    assert found[1 if end else 0] == 1
    assert found[0 if end else 1] == pytest.approx(0.5 + 0.5 * 0.09 / 8.99)


@pytest.mark.parametrize("broken", BROKEN)
def test_an_interval_ends_at_the_last_finite_loss(broken):
    losses = np.array([0.0, broken, 0.05, 0.01, 0.05, broken, 0.0])

    found = basins.on_line(np.arange(-3.0, 4.0), losses, LEVEL)

    assert found == (1, 1, False)


@pytest.mark.parametrize("loss", [LEVEL, 4.0, np.inf])
def test_an_interval_about_a_high_centre_is_empty(loss):
    losses = np.array([0.0, loss, 0.0])

    assert basins.on_line(np.arange(-1.0, 2.0), losses, LEVEL) == (0, 0, False)


def test_an_interval_about_no_number_has_no_length():
    left, right, cut = basins.on_line(
        np.arange(-1.0, 2.0), np.array([0, np.nan, 0]), LEVEL
    )

    assert (math.isnan(left), math.isnan(right), cut) == (True, True, False)
