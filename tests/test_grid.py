"""Cells of grids against plain loops over rows and columns."""

import itertools

import numpy as np
import pytest

from losslandscape import grid


def axes(*counts):
    """Axes from -1 to 1 with so many points."""
    spans = [{"from": -1, "to": 1, "points": count} for count in counts]
    return grid.axes(dict(zip("xyz"[: len(spans)], spans, strict=True)))


def height(x, y, z=0.0):
    """Something that tells every point from every other."""
    return 10 * x + y**3 + 100 * z


def measured(cells, axes):
    """What a shard holds of these cells."""
    points = grid.points(axes)[cells]
    return {"cells": cells, "loss": height(*points.T), "error": -height(*points.T)}


def surface(axes):
    """What a whole grid holds."""
    x, y = axes
    loss = np.array([[height(column, row) for column in x] for row in y])
    return {"x": x, "y": y, "loss": loss, "error": -loss}


def volume(axes):
    """What a whole grid of three axes holds."""
    x, y, z = axes
    rows = [[[height(a, b, c) for a in x] for b in y] for c in z]
    return {"x": x, "y": y, "z": z, "loss": np.array(rows), "error": -np.array(rows)}


def test_an_axis_is_evenly_spaced_with_both_ends():
    axis = grid.axis({"from": -0.5, "to": 1.5, "points": 5})

    assert axis.tolist() == [-0.5, 0, 0.5, 1, 1.5]
    assert axis.dtype == np.float64


@pytest.mark.parametrize("points", [3, 13, 25, 31, 51, 401, 1001])
def test_the_middle_of_a_symmetric_axis_is_the_centre(points):
    assert grid.axis({"from": -1, "to": 1, "points": points})[points // 2] == 0


@pytest.mark.parametrize(("coarse", "fine"), [(13, 25), (25, 49), (13, 49)])
def test_points_of_a_grid_are_to_the_bit_those_of_one_twice_as_fine(coarse, fine):
    (old,), (new,) = axes(coarse), axes(fine)

    assert new[:: (fine - 1) // (coarse - 1)].tolist() == old.tolist()


def test_cells_are_numbered_row_by_row():
    x, y = axes(3, 5)

    points = grid.points([x, y])

    assert len(points) == 15
    for row, column in itertools.product(range(5), range(3)):
        assert points[row * 3 + column].tolist() == [x[column], y[row]]


def test_cells_of_a_volume_are_numbered_layer_by_layer():
    x, y, z = axes(3, 5, 2)

    points = grid.points([x, y, z])

    assert len(points) == 30
    for layer, row, column in itertools.product(range(2), range(5), range(3)):
        point = points[(layer * 5 + row) * 3 + column]
        assert point.tolist() == [x[column], y[row], z[layer]]


def test_the_cells_of_a_line_are_its_points():
    (x,) = axes(7)

    assert grid.points([x]).tolist() == [[coordinate] for coordinate in x]


@pytest.mark.parametrize("count", [1, 3, 7, 15, 20])
def test_shards_share_all_cells_evenly(count):
    cells = np.arange(100, 115)

    shards = [grid.shard(cells, f"{k}-of-{count}") for k in range(1, count + 1)]

    assert sorted(np.concatenate(shards)) == cells.tolist()
    sizes = [len(shard) for shard in shards]
    assert max(sizes) - min(sizes) <= 1


def test_a_shard_is_spread_over_the_grid():
    assert grid.shard(np.arange(10), "2-of-3").tolist() == [1, 4, 7]


@pytest.mark.parametrize(
    ("coarse", "fine", "computed"),
    [
        (13, 25, 25**2 - 13**2),
        (25, 49, 49**2 - 25**2),
        (25, 51, 51**2 - 9),
        (11, 31, 31**2 - 11**2),
        (25, 25, 0),
    ],
)
def test_a_refined_grid_computes_new_points_alone(coarse, fine, computed):
    coarse, fine = axes(coarse, coarse), axes(fine, fine)

    fresh = grid.fresh(fine, [surface(coarse)])

    assert len(fresh) == computed
    old = [tuple(point) for point in grid.points(coarse).round(9) + 0.0]
    new = [tuple(point) for point in grid.points(fine)[fresh].round(9) + 0.0]
    assert not set(old) & set(new)


@pytest.mark.parametrize(("coarse", "fine"), [((3, 4), (5, 7)), ((4, 3), (10, 5))])
def test_shared_cells_are_the_same_points_of_both_grids(coarse, fine):
    coarse, fine = axes(*coarse), axes(*fine)

    of_fine, of_coarse = grid.shared(fine, coarse)

    assert of_coarse.tolist() == list(range(12))
    assert np.allclose(grid.points(fine)[of_fine], grid.points(coarse)[of_coarse])


def test_grids_of_other_extents_share_where_they_meet():
    coarse = [np.array([-1.0, 0.0, 1.0]), np.array([0.0, 2.0])]
    fine = [np.array([0.0, 0.5, 1.0]), np.array([-2.0, -1.0, 0.0])]

    of_fine, of_coarse = grid.shared(fine, coarse)

    # (0, 0) and (1, 0): the top row of the fine grid, the bottom row of the coarse.
    assert of_fine.tolist() == [6, 8]
    assert of_coarse.tolist() == [1, 2]


def test_rounding_alone_does_not_make_another_point():
    nudged = [axis + 1e-12 for axis in axes(5, 3)]
    apart = [axis + 1e-6 for axis in axes(5, 3)]

    assert len(grid.shared(axes(5, 3), nudged)[0]) == 15
    assert len(grid.shared(axes(5, 3), apart)[0]) == 0


@pytest.mark.parametrize("count", [1, 3, 7, 40])
def test_shards_in_any_order_make_the_same_surface(count):
    whole = axes(5, 7)
    items = [f"{k}-of-{count}" for k in range(1, count + 1)]
    shards = [measured(grid.shard(grid.fresh(whole), item), whole) for item in items]

    values = grid.assembled(whole, shards[::-1])

    expected = surface(whole)
    assert values.keys() == {"loss", "error"}
    assert values["loss"].shape == (7, 5)
    for name in values:
        assert np.array_equal(values[name], expected[name])


@pytest.mark.parametrize("count", [1, 3, 7])
def test_a_refined_surface_is_that_of_all_its_points(count):
    fine, coarse = axes(9, 5), surface(axes(5, 3))
    fresh = grid.fresh(fine, [coarse])
    items = [f"{k}-of-{count}" for k in range(1, count + 1)]

    shards = [measured(grid.shard(fresh, item), fine) for item in items]
    values = grid.assembled(fine, shards, [coarse])

    assert np.array_equal(values["loss"], surface(fine)["loss"])
    assert np.array_equal(values["error"], surface(fine)["error"])


@pytest.mark.parametrize("count", [1, 4, 7])
def test_shards_make_a_volume_and_refine_another(count):
    whole, coarse = axes(5, 3, 9), volume(axes(3, 2, 3))
    items = [f"{k}-of-{count}" for k in range(1, count + 1)]

    for old in ([], [coarse]):
        fresh = grid.fresh(whole, old)
        shards = [measured(grid.shard(fresh, item), whole) for item in items]
        values = grid.assembled(whole, shards, old)

        assert len(fresh) == 5 * 3 * 9 - 18 * len(old)
        assert values["loss"].shape == (9, 3, 5)
        assert np.array_equal(values["loss"], volume(whole)["loss"])
        assert np.array_equal(values["error"], volume(whole)["error"])


def test_values_that_are_taken_over_are_not_touched():
    fine, coarse = axes(5, 3), surface(axes(3, 2))
    coarse["loss"] += 1000
    coarse["loss"][0, 1:] = np.nan, np.inf

    shards = [measured(grid.fresh(fine, [coarse]), fine)]
    values = grid.assembled(fine, shards, [coarse])

    expected = surface(fine)["loss"]
    expected[::2, ::2] = coarse["loss"]
    assert np.array_equal(values["loss"], expected, equal_nan=True)


@pytest.mark.parametrize("cells", [[0, 1, 2], [0, 1, 2, 4], [0, 1, 2, 3, 3], [1, 2, 3]])
def test_a_cell_without_a_value_or_with_two_is_refused(cells):
    two = axes(2, 2)
    shard = {"cells": np.array(cells), "loss": np.zeros(len(cells))}

    with pytest.raises(ValueError, match=f"{len(cells)} values do not cover the 2×2"):
        grid.assembled(two, [shard])
