"""Hessian products against the matrix that torch builds in full, in float64."""

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

import small
from losslandscape import data, hessian, lanczos, losses, weights


def explicit(net: nn.Module, split: data.Split, point: Tensor, tensors: str) -> Tensor:
    """The Hessian of the mean loss as a matrix, its rows in the order of the vector."""
    state = weights.unflatten(point, net)
    names = [name for name, _ in net.named_parameters()]
    chosen = [name for name in names if tensors == "all" or state[name].dim() > 1]
    sizes = [state[name].numel() for name in chosen]

    def loss(vector: Tensor) -> Tensor:
        parts = zip(chosen, vector.split(sizes), strict=True)
        moved = {name: part.view_as(state[name]) for name, part in parts}
        logits = functional_call(net, state | moved, (split.images,))
        return cross_entropy(logits, split.labels)

    at = torch.cat([state[name].flatten() for name in chosen])
    return torch.autograd.functional.hessian(loss, at)


def trained(net: nn.Module, split: data.Split) -> Tensor:
    """Weights near a minimiser of the mean loss."""
    steps = torch.optim.Adam(net.parameters(), lr=0.03)
    for _ in range(200):
        steps.zero_grad()
        cross_entropy(net(split.images), split.labels).backward()
        steps.step()
    return weights.flatten(net)


def points(net: nn.Module, split: data.Split) -> list[Tensor]:
    """Weights at random, near a minimiser, and between."""
    start, end = weights.flatten(net), trained(net, split)
    other = weights.flatten(small.net(seed=5))
    return [start, other, end, 0.5 * (start + end), 0.7 * end + 0.3 * other]


@pytest.mark.parametrize(("tensors", "size"), [("matrices", 114), ("all", 138)])
def test_both_ends_are_those_of_the_explicit_matrix(tensors, size):
    net, split = small.net(), small.split(30)
    at = hessian.operator(net, split, tensors)
    (start,) = lanczos.directions(1, size, 0)

    for point in points(net, split):
        ends = lanczos.extremes(at(point), start.double(), 1e-9, size)
        values = torch.linalg.eigvalsh(explicit(net, split, point, tensors))
        expected = [values[0].item(), values[-1].item()]
        assert ends.converged
        assert [ends.minimum, ends.maximum] == pytest.approx(expected, rel=1e-6, abs=0)


@pytest.mark.parametrize("tensors", ["matrices", "all"])
@pytest.mark.parametrize("graph", [10**6, 16 * 3, 1])
def test_products_are_the_matrix_whatever_the_batches(monkeypatch, tensors, graph):
    net, split = small.net(), small.split(5)
    point = weights.flatten(small.net(seed=5))
    matrix = explicit(net, split, point, tensors)
    monkeypatch.setattr(losses, "GRAPH", dict.fromkeys(losses.GRAPH, graph))

    product = hessian.operator(net, split, tensors)(point)

    basis = torch.eye(len(matrix), dtype=torch.float64)
    found = torch.stack([product(vector) for vector in basis])
    assert torch.allclose(found, matrix, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("tensors", ["matrices", "all"])
def test_statistics_are_never_among_the_tensors(tensors):
    net = small.net()

    included = weights.unflatten(hessian.included(net, tensors), net)

    buffers = dict(net.named_buffers())
    for name, mask in included.items():
        is_bias_or_norm = mask.dim() < 2
        assert mask.all() == mask.any()
        assert mask.any() == (
            name not in buffers and (tensors == "all" or not is_bias_or_norm)
        )


def test_points_and_products_leave_no_trace():
    net, split = small.net(), small.split(30)
    at = hessian.operator(net, split, "all")
    here, there = weights.flatten(net), weights.flatten(small.net(seed=5))
    vector = small.numbers(138, seed=3)
    expected = at(here)(vector)

    product = at(here)
    at(there)(vector)
    product(2 * vector)

    assert torch.equal(product(vector), expected)
    assert not here.requires_grad


def test_products_are_in_the_precision_of_the_net():
    net, split = small.net(), small.split(30)
    vector = small.numbers(138, seed=3)
    exact = hessian.operator(net, split, "all")(weights.flatten(net))(vector)
    single = data.Split(split.images.float(), split.labels)

    found = hessian.operator(net.float(), single, "all")(weights.flatten(net))

    product = found(vector.float())
    assert product.dtype == torch.float32
    assert torch.allclose(product.double(), exact, rtol=1e-3, atol=1e-4)
