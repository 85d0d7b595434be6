"""Landscapes against closed forms, and against nets that are moved by hand."""

import numpy as np
import pytest
import torch

import small
from losslandscape import (
    checkpoint,
    data,
    grid,
    landscape,
    losses,
    store,
    surface,
    weights,
)

NOTHING = checkpoint.Checkpoint(None)
COLUMNS = {"from": -1, "to": 0.5, "points": 4}
ROWS = {"from": -2, "to": 2, "points": 7}


def quadratic(matrix):
    """Four measures of a vector: w·Mw / 2 and multiples of it."""
    factors = torch.arange(1.0, 5.0, dtype=torch.float64)
    return lambda vector: factors * (vector @ matrix @ vector / 2)


def in_shards(loss, origin, span, axes, count, coarse=()):
    """A whole surface, measured in so many shards as the workflow does."""
    fresh, shards = grid.fresh(axes, coarse), []
    for item in (f"{k}-of-{count}" for k in range(1, count + 1)):
        cells = grid.shard(fresh, item)
        values = surface.measure(loss, origin, span, grid.points(axes)[cells], NOTHING)
        shards.append({"cells": cells} | values)
    return grid.assembled(axes, shards, coarse)


def single_precision(policy="frozen"):
    """An engine, its centre and a plane, in the precision of the workflow."""
    net, seen = small.net().float(), small.seen()
    train, test = (
        data.Split(p.images.float(), p.labels) for p in (seen.train, seen.test)
    )
    loss = landscape.engine(net, seen._replace(train=train, test=test), policy)
    origin = weights.flatten(net)
    random = {"seed": 1, "normalise": "filter", "ignore": "biasbn", "of": "weights"}
    return loss, origin, small.span(net, origin, 2, {"random": random})


def test_the_surface_of_a_quadratic_is_its_closed_form():
    half = small.numbers(6, 6, seed=1)
    matrix, origin = half + half.T, small.numbers(6, seed=2)
    span = small.numbers(2, 6, seed=3)
    axes = grid.axes({"x": COLUMNS, "y": ROWS})

    values = in_shards(quadratic(matrix), origin, span, axes, 1)

    gradient = span @ matrix @ origin
    curvature = span @ matrix @ span.T
    assert values.keys() == set(losses.MEASURES)
    for k, name in enumerate(losses.MEASURES, start=1):
        assert values[name].shape == (7, 4)
        for (row, column), value in np.ndenumerate(values[name]):
            point = torch.tensor([axes[0][column], axes[1][row]])
            height = origin @ matrix @ origin / 2 + gradient @ point
            height += point @ curvature @ point / 2
            assert value == pytest.approx(k * height.item(), rel=1e-12, abs=1e-12)


def test_the_middle_of_a_volume_is_the_plane_of_its_first_axes_to_the_bit():
    loss, origin, plane = single_precision()
    third = small.numbers(1, origin.numel(), seed=9).to(origin)
    x, y = grid.axes({"x": COLUMNS, "y": ROWS})

    solid = torch.cat([plane, third])
    values = in_shards(loss, origin, solid, [x, y, np.array([-1.0, 0.0, 1.0])], 3)
    flat = in_shards(loss, origin, plane, [x, y], 1)

    for name in losses.MEASURES:
        assert values[name].shape == (3, 7, 4)
        assert np.array_equal(values[name][1], flat[name])
        assert not np.array_equal(values[name][2], flat[name])


def test_a_line_is_measured_along_its_one_direction():
    matrix, origin, span = (
        torch.eye(3).double(),
        torch.zeros(3).double(),
        torch.ones(1, 3),
    )
    t = grid.axis(ROWS)

    values = surface.measure(
        quadratic(matrix), origin, span.double(), t[:, None], NOTHING
    )

    assert np.allclose(values["train_loss"], 1.5 * t**2, rtol=1e-12)
    assert np.allclose(values["test_error"], 6 * t**2, rtol=1e-12)


@pytest.mark.parametrize("policy", ["frozen", "re-estimated"])
@pytest.mark.parametrize("count", [3, 7, 40])
def test_values_do_not_depend_on_the_number_of_shards(count, policy):
    loss, origin, span = single_precision(policy)
    axes = grid.axes({"x": COLUMNS, "y": ROWS})

    alone = in_shards(loss, origin, span, axes, 1)
    shared = in_shards(loss, origin, span, axes, count)

    for name in losses.MEASURES:
        assert alone[name].dtype == shared[name].dtype == np.float64
        assert alone[name].tobytes() == shared[name].tobytes()


def test_a_refined_surface_is_to_the_bit_the_one_computed_at_once():
    loss, origin, span = single_precision()
    points = []

    def counted(vector):
        points.append(vector)
        return loss(vector)

    coarse, fine = (
        grid.axes({"x": COLUMNS | {"points": x}, "y": ROWS | {"points": y}})
        for x, y in ((4, 5), (7, 9))
    )
    whole = in_shards(loss, origin, span, fine, 1)

    first = in_shards(counted, origin, span, coarse, 2)
    before = len(points)
    second = {"x": coarse[0], "y": coarse[1]} | first
    refined = in_shards(counted, origin, span, fine, 3, [second])

    assert (before, len(points)) == (20, 63)
    for name in losses.MEASURES:
        assert refined[name].tobytes() == whole[name].tobytes()


@pytest.mark.parametrize(
    ("counts", "computed"), [((13, 25, 49), [169, 456, 1776]), ((25, 51), [625, 2592])]
)
def test_grids_that_nest_compute_each_point_once(counts, computed):
    matrix, origin, span = torch.eye(2), torch.zeros(2), torch.eye(2)
    points, found, coarse = [], [], []

    def counted(vector):
        points.append(vector)
        return quadratic(matrix)(vector)

    for count in counts:
        axis = {"from": -1, "to": 1, "points": count}
        x, y = axes = grid.axes({"x": axis, "y": axis})
        coarse = [{"x": x, "y": y} | in_shards(counted, origin, span, axes, 2, coarse)]
        found.append(len(points) - sum(found))

    assert found == computed


def test_the_surface_at_zero_is_the_loss_at_the_centre_to_the_bit():
    loss, origin, span = single_precision()

    values = surface.measure(loss, origin, span, np.zeros((1, 2)), NOTHING)

    assert [values[name].item() for name in losses.MEASURES] == loss(origin).tolist()


def test_losses_that_overflow_are_stored_as_they_are(tmp_path):
    heights = [[torch.inf, 90, -torch.inf, 90], [torch.nan, 90, 1e308, 0]]

    values = surface.measure(
        lambda vector: torch.tensor(heights[int(vector)], dtype=torch.float64),
        torch.zeros(1),
        torch.ones(1, 1),
        np.array([[0.0], [1.0]]),
        NOTHING,
    )
    store.save(tmp_path / "line.h5", values)

    kept = store.load(tmp_path / "line.h5")
    for name, column in zip(losses.MEASURES, np.transpose(heights), strict=True):
        assert np.array_equal(kept[name], column, equal_nan=True)


def test_a_shard_without_points_has_measures_without_values():
    values = surface.measure(
        None, torch.zeros(3), torch.ones(2, 3), np.zeros((0, 2)), NOTHING
    )

    assert {name: column.shape for name, column in values.items()} == dict.fromkeys(
        losses.MEASURES, (0,)
    )


@pytest.mark.parametrize(("every", "end"), [(-1, SystemExit), (60, KeyboardInterrupt)])
def test_a_killed_or_stopped_measurement_goes_on_to_the_same_values(
    tmp_path, monkeypatch, every, end
):
    monkeypatch.setattr(surface, "EVERY", every)
    loss = quadratic(torch.eye(2, dtype=torch.float64))
    origin, span = torch.zeros(2).double(), torch.eye(2).double()
    points = grid.points([np.linspace(-1, 1, 5), np.linspace(-1, 1, 3)])
    memory = checkpoint.Checkpoint(tmp_path / "kept.safetensors")
    calls = []

    def stops_at_the_eighth(vector):
        calls.append(vector)
        if len(calls) == 8:
            raise end
        return loss(vector)

    with pytest.raises(end):
        surface.measure(stops_at_the_eighth, origin, span, points, memory)
    values = surface.measure(stops_at_the_eighth, origin, span, points, memory)

    whole = surface.measure(loss, origin, span, points, NOTHING)
    assert len(calls) == 8 + 15 - 7
    for name in losses.MEASURES:
        assert np.array_equal(values[name], whole[name])


def test_a_measurement_that_is_stopped_at_once_keeps_nothing(tmp_path):
    def stopped(vector):
        raise KeyboardInterrupt

    memory = checkpoint.Checkpoint(tmp_path / "kept.safetensors")
    origin, span = torch.zeros(2).double(), torch.eye(2).double()

    with pytest.raises(KeyboardInterrupt):
        surface.measure(stopped, origin, span, np.zeros((3, 2)), memory)

    assert memory.load() is None


@pytest.mark.parametrize("directions", [1, 2])
def test_norms_are_those_of_the_learnt_weights_at_each_point(directions):
    origin, span = small.numbers(152, seed=1), small.numbers(directions, 152, seed=2)
    points = small.numbers(9, directions, seed=3).cpu().numpy()

    found = surface.norms(small.net(), origin, span, points)

    flat, basis = origin[:138].cpu().numpy(), span[:, :138].cpu().numpy()
    expected = [np.linalg.norm(flat + point @ basis) for point in points]
    assert found == pytest.approx(expected, rel=1e-12)


def test_the_norm_is_zero_where_the_direction_ends_at_nought():
    origin = small.numbers(152, seed=1)

    found = surface.norms(small.net(), origin, -origin[None], np.array([[1.0], [0.5]]))

    half = origin[:138].norm().item() / 2
    assert found == pytest.approx([0, half], rel=1e-12, abs=1e-6)


def test_the_regularised_loss_adds_half_the_decay_times_the_squared_norm():
    values = {"train_loss": np.array([0.5, 1.5]), "weight_norm": np.array([2.0, 3.0])}

    assert surface.regularised(values, 0.1).tolist() == pytest.approx([0.7, 1.95])


def test_a_walk_gives_what_is_found_at_each_place_in_order():
    places = small.numbers(5, 2)

    found = surface.walk(lambda place: torch.outer(place, place), places, NOTHING)

    expected = places.cpu()[:, :, None] * places.cpu()[:, None, :]
    assert torch.equal(found, expected)
