"""Eigenvalues over planes against the explicit matrix at every point, in float64."""

import json
import logging

import numpy as np
import pytest
import torch

import small
from losslandscape import (
    batchnorm,
    checkpoint,
    curvature,
    density,
    grid,
    hessian,
    lanczos,
    store,
    weights,
)
from test_hessian import explicit

NOTHING = checkpoint.Checkpoint(None)
SEARCH = {"tolerance": 1e-8, "products": 114, "tensors": "matrices", "seed": 3}
AXES = grid.axes(
    {
        "x": {"from": -0.5, "to": 0.5, "points": 3},
        "y": {"from": -1, "to": 1, "points": 4},
    }
)


def plane(policy="frozen"):
    """A net, its training images, its weights, a plane, and the products over it."""
    net, split = small.net(), small.split(30)
    origin, span = weights.flatten(net), 0.3 * small.numbers(2, 152, seed=8)
    span[:, 138:] = 0
    operator = hessian.operator(net, split, "matrices")
    statistics = batchnorm.statistics(policy, net, split)
    return net, split, origin, span, curvature.over(operator, statistics, origin, span)


def starts(columns=3):
    """The vectors that searches start from."""
    return lanczos.directions(columns, 114, SEARCH["seed"]).double()


def in_shards(products, count, search=SEARCH):
    """A whole map, measured in so many shards as the workflow does."""
    shards = []
    for item in (f"{k}-of-{count}" for k in range(1, count + 1)):
        cells = curvature.cells(AXES, item)
        points = grid.points(AXES)[cells]
        values = curvature.measure(products, starts(), points, search, NOTHING)
        shards.append({"cells": cells.ravel()} | values)
    return grid.assembled(AXES, shards)


def interrupted(products, calls, at):
    """Products that are cut off once, at a call; calls are counted in a list."""

    def stops(*given):
        calls.append(given)
        if len(calls) == at:
            raise KeyboardInterrupt
        return products(*given)

    return stops


@pytest.mark.parametrize("policy", ["frozen", "re-estimated"])
def test_every_point_has_the_ends_of_the_explicit_matrix(policy):
    net, split, origin, span, products = plane(policy)

    found = in_shards(products, 1)

    statistics = batchnorm.statistics(policy, net, split)
    for cell, (x, y) in enumerate(grid.points(AXES)):
        point = statistics(origin + x * span[0] + y * span[1])
        values = torch.linalg.eigvalsh(explicit(net, split, point, "matrices"))
        ends = [found[name].flat[cell] for name in ("lambda_min", "lambda_max")]
        expected = [values[0].item(), values[-1].item()]
        assert ends == pytest.approx(expected, rel=1e-6, abs=0)
    assert found["converged"].all()
    assert {name: (v.shape, v.dtype.kind) for name, v in found.items()} == {
        "lambda_min": ((4, 3), "f"),
        "lambda_max": ((4, 3), "f"),
        "residual_min": ((4, 3), "f"),
        "residual_max": ((4, 3), "f"),
        "products": ((4, 3), "i"),
        "converged": ((4, 3), "b"),
    }


def test_a_shard_has_whole_rows():
    assert curvature.cells(AXES, "1-of-3").tolist() == [[0, 1, 2], [9, 10, 11]]
    assert curvature.cells(AXES, "3-of-3").tolist() == [[6, 7, 8]]
    assert curvature.cells(AXES, "5-of-5").shape == (0, 3)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_values_do_not_depend_on_the_number_of_shards(count):
    *_, products = plane()
    search = SEARCH | {"tolerance": 0.05}

    alone, shared = in_shards(products, 1, search), in_shards(products, count, search)

    for name, values in alone.items():
        assert values.dtype == shared[name].dtype
        assert values.tobytes() == shared[name].tobytes()


def test_a_search_that_starts_at_its_neighbour_needs_fewer_products(monkeypatch):
    # Were it sure at once, a search would end as soon as residuals are small.
    monkeypatch.setattr(lanczos, "least_share", lambda size: 1e9)
    values = torch.cat([torch.linspace(-1, 1, 112), torch.tensor([-1.1, 2])]).double()
    points = np.zeros((2, 3, 2))

    found = curvature.measure(
        lambda _: lambda v: values * v,
        starts(),
        points,
        SEARCH | {"tolerance": 1e-3},
        NOTHING,
    )

    first, *later = found["products"][:3]
    assert max(later) < first
    assert found["products"][3:].tolist() == [first, *later]


def test_each_column_has_a_random_vector_of_its_own(monkeypatch):
    extremes, seen = lanczos.extremes, []
    monkeypatch.setattr(
        lanczos, "extremes", lambda *how: seen.append(how[1]) or extremes(*how)
    )
    *_, products = plane()
    points = grid.points(AXES).reshape(4, 3, 2)[:2]

    curvature.measure(products, starts(), points, SEARCH, NOTHING)

    added = [begin - starts()[k % 3] for k, begin in enumerate(seen)]
    sizes = [part.norm().item() * np.sqrt(114) for part in added]
    # Two orthogonal vectors, ten times as much of each as a random vector has.
    expected = [0, 10 * np.sqrt(2), 10 * np.sqrt(2)] * 2
    assert sizes == pytest.approx(expected, abs=1e-6)


def test_a_search_finds_ends_that_its_neighbour_had_no_part_in():
    here, there = torch.zeros(2, 114, dtype=torch.float64)
    here[[3, 4]] = torch.tensor([-5.0, 7.0]).double()
    there[[3, 4, 70, 80]] = torch.tensor([-1.0, 1, -9, 4]).double()

    found = curvature.measure(
        lambda place: lambda v: (here if place[0] == 0 else there) * v,
        starts(2),
        np.array([[[0.0, 0], [1, 0]]]),
        SEARCH,
        NOTHING,
    )

    assert found["lambda_min"].tolist() == pytest.approx([-5, -9])
    assert found["lambda_max"].tolist() == pytest.approx([7, 4])


def test_a_point_that_is_not_finite_is_marked_and_the_next_starts_anew():
    *_, products = plane()
    search = SEARCH | {"tolerance": 0.05}
    points = np.array([[[0.1, 0], [0.2, 0], [0.3, 0]]])

    def broken(coordinates):
        if coordinates[0] == 0.2:
            return lambda v: v * np.nan
        return products(coordinates)

    found = curvature.measure(broken, starts(), points, search, NOTHING)

    alone = curvature.measure(products, starts()[2:], points[:, 2:], search, NOTHING)
    assert np.isnan(found["lambda_min"]).tolist() == [False, True, False]
    assert found["converged"].tolist() == [True, False, True]
    for name, values in alone.items():
        assert found[name][2] == values[0]


def test_searches_that_do_not_converge_are_marked_and_told(caplog):
    *_, products = plane()

    with caplog.at_level(logging.WARNING):
        found = in_shards(products, 1, SEARCH | {"products": 9})

    assert not found["converged"].any()
    assert (found["products"] == 9).all()
    assert "12 of 12 eigenvalue searches did not converge" in caplog.text


@pytest.mark.parametrize("every", [-1, 60])
@pytest.mark.parametrize("at", [1, 2, 3, 4, 9])
def test_a_stopped_map_goes_on_to_the_same_bytes(tmp_path, monkeypatch, at, every):
    monkeypatch.setattr(curvature, "EVERY", every)
    *_, products = plane()
    points, calls = grid.points(AXES)[curvature.cells(AXES, "1-of-1")], []
    search = SEARCH | {"tolerance": 0.05}
    memory = checkpoint.Checkpoint(tmp_path / "kept.safetensors")
    stops = interrupted(products, calls, at)

    with pytest.raises(KeyboardInterrupt):
        curvature.measure(stops, starts(), points, search, memory)
    values = curvature.measure(stops, starts(), points, search, memory)

    whole = curvature.measure(products, starts(), points, search, NOTHING)
    assert len(calls) == 12 + 1
    for name in whole:
        assert values[name].tobytes() == whole[name].tobytes()


def test_the_spectrum_has_the_trace_and_the_ends_of_the_matrix(tmp_path):
    net, split, origin, _, products = plane()
    starts = lanczos.directions(1 + 100, 114, 0).double()
    search = SEARCH | {"steps": 6}

    found = curvature.spectrum(
        products(torch.zeros(2).double()), starts, search, NOTHING
    )
    store.save(tmp_path / "spectrum.h5", found)

    matrix = explicit(net, split, origin, "matrices")
    values = torch.linalg.eigvalsh(matrix)
    kept = store.load(tmp_path / "spectrum.h5")
    assert kept["nodes"].shape == kept["weights"].shape == (100, 6)
    assert kept["dimension"] == 114
    assert kept["converged"]
    ends = [kept["lambda_min"], kept["lambda_max"]]
    assert ends == pytest.approx([values[0].item(), values[-1].item()], rel=1e-6)
    assert abs(kept["trace"] - matrix.trace().item()) < 3 * kept["trace_error"]
    for row, probe in enumerate(starts[1:]):
        seen = (probe @ matrix @ probe / (probe @ probe)).item()
        assert kept["weights"][row] @ kept["nodes"][row] == pytest.approx(seen)
    assert kept["trace"] == density.trace(kept["nodes"], kept["weights"], 114)[0]


def test_an_interrupted_spectrum_goes_on_to_the_same_bytes(tmp_path):
    *_, products = plane()
    product = products(torch.zeros(2).double())
    starts, calls = lanczos.directions(4, 114, 0).double(), []
    search = SEARCH | {"steps": 6, "tolerance": 0.05}
    memory = checkpoint.Checkpoint(tmp_path / "kept.safetensors")
    stops = interrupted(product, calls, 14)

    with pytest.raises(KeyboardInterrupt):
        curvature.spectrum(stops, starts, search, memory)
    values = curvature.spectrum(stops, starts, search, memory)

    whole = curvature.spectrum(product, starts, search, NOTHING)
    assert len(calls) == 14 + 6 + whole["products"]
    for name in whole:
        assert np.array(values[name]).tobytes() == np.array(whole[name]).tobytes()


def test_terms_tell_what_decides_the_numbers():
    choice = {"random": {"seed": 1}}
    images = {"train": 30, "test": 20, "seed": 0}
    entry = {"batchnorm": "frozen", "directions": choice, "images": images}

    terms = curvature.terms(entry, small.seen(), SEARCH, 114)

    assert json.loads(terms["images"]) == images
    assert terms["tensors"] == "matrices"
    assert terms["tolerance"] == 1e-8
    assert terms["products_at_most"] == terms["dimension"] == 114
    assert terms["seed"] == 3
    assert terms["precision"] == "float64"
    assert terms["train_images"] == 30
