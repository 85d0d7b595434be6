"""Nets in folded steps, against the nets themselves in float64."""

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

import small
from families import FAMILIES, drawn
from losslandscape import folding, kernels, models, weights

# Batch norms that come before their ReLU and convolution, and cannot be folded.
LEFT = {"preresnet": 4, "wideresnet": 4, "densenet": 6}


def in_steps(net: nn.Module) -> tuple[nn.Module, list[folding.Step]]:
    """A copy of a net in steps that have its weights."""
    traced, steps = folding.folded(copy.deepcopy(net), kernels.separate)
    for step in steps:
        step.fold(weights.tensors(net), torch.float64)
    return traced, steps


def left(traced: nn.Module) -> list[nn.Module]:
    return [module for module in traced.modules() if isinstance(module, _BatchNorm)]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_the_same_outputs_in_steps(family):
    net = drawn(models.build(FAMILIES[family], channels=3, size=8, classes=10))
    images = small.numbers(5, 3, 8, 8)

    traced, steps = in_steps(net)

    expected = net(images)
    assert torch.allclose(traced(images), expected, rtol=1e-10, atol=1e-12)
    assert expected.std() > 1e-3
    layers = [m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    assert len(steps) == len(layers)
    assert len(left(traced)) == LEFT.get(family, 0)


def test_a_residual_net_is_steps_alone():
    net = drawn(models.build(FAMILIES["resnet"], channels=3, size=8, classes=10))

    traced, steps = in_steps(net)

    calls = [node for node in traced.graph.nodes if node.op == "call_module"]
    targets = [node.target for node in calls if node.target.startswith("step")]
    assert len(targets) == len(steps) == 19 + 2 + 1
    # One of two inputs for each of nine blocks; a ReLU but for projections and the end.
    assert sum(len(node.args) == 2 for node in calls) == 9
    assert sum(step.relu for step in steps) == 19
    others = {node.target for node in traced.graph.nodes} - set(targets)
    assert not others & (folding.SUMS | folding.RELUS)


def test_another_vector_gives_other_outputs():
    net, other = drawn(small.net()), drawn(small.net(seed=1))
    images = small.numbers(5, 2, 4, 4)
    traced, steps = in_steps(net)

    for step in steps:
        step.fold(weights.tensors(other), torch.float64)

    assert torch.allclose(traced(images), other(images), rtol=1e-12)


class Used(nn.Module):
    """A layer whose output is used in some way."""

    def __init__(self, way: Callable) -> None:
        super().__init__()
        self.way = way
        self.conv = nn.Conv2d(2, 2, 3, padding=1)
        self.norm = nn.BatchNorm2d(2)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.way(self, x, self.conv(x))


def the_norm_twice(net: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    z = net.norm(y)
    return net.relu(z + x) * z


# Ways that cannot be folded, or not as a whole.
WAYS = {
    "twice": lambda net, x, y: net.norm(y) + y.relu(),
    "with itself": lambda net, x, y: torch.add(y, y),
    "with a number": lambda net, x, y: y + 1,
    "scaled": lambda net, x, y: torch.add(y, x, alpha=3),
    "the norm twice": the_norm_twice,
    "the layer again": lambda net, x, y: net.norm(net.conv(net.relu(net.norm(y)))),
    "both sides": lambda net, x, y: net.relu(net.norm(net.conv(y)) + net.conv(x)),
}


@pytest.mark.parametrize("way", WAYS)
def test_outputs_that_are_used_otherwise_stay(way):
    net, images = drawn(Used(WAYS[way])), small.numbers(3, 2, 5, 5)
    expected = net(images.clone())

    traced, _ = in_steps(net)

    assert torch.allclose(traced(images), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(2, 2, 3, padding=1, padding_mode="circular"),
        nn.Conv2d(2, 2, 3, padding="same"),
    ],
)
def test_convolutions_of_another_kind_stay(layer):
    net = drawn(nn.Sequential(layer, nn.BatchNorm2d(2)))
    images = small.numbers(3, 2, 5, 5)

    traced, steps = in_steps(net)

    assert not steps
    assert torch.equal(traced(images), net(images))


@pytest.mark.parametrize("option", ["affine", "track_running_stats"])
def test_batch_norms_of_another_kind_stay(option):
    norm = nn.BatchNorm2d(2, **{option: False})
    net = nn.Sequential(nn.Conv2d(2, 2, 3), norm).double().eval()
    images = small.numbers(3, 2, 5, 5)

    traced, steps = in_steps(net)

    assert len(steps) == 1
    assert len(left(traced)) == 1
    assert torch.allclose(traced(images), net(images), rtol=1e-12)


@pytest.mark.parametrize("shape", [(7, 3), (7, 3, 4), (7, 3, 4, 5)])
def test_batch_norm_by_given_statistics_is_affine(shape):
    norms = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d}
    norm = norms[len(shape)](3, eps=0.01).double().eval()
    tensors = weights.tensors(norm).values()
    with torch.no_grad():
        for k, tensor in enumerate(tensors):
            tensor.copy_(small.numbers(3, seed=k).abs())
    x = small.numbers(*shape, seed=9)
    expected = norm(x)

    found = folding.without_norms(nn.Sequential(norm))

    assert isinstance(found[0], folding.Affine)
    assert torch.allclose(found(x), expected, rtol=1e-12)


@pytest.mark.parametrize("option", ["affine", "track_running_stats"])
def test_batch_norm_of_another_kind_is_no_affine(option):
    net = nn.Sequential(nn.BatchNorm1d(3, **{option: False}))

    assert isinstance(folding.without_norms(net)[0], nn.BatchNorm1d)


def test_a_batch_norm_that_does_more_is_not_replaced():
    class Squashing(nn.BatchNorm2d):
        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x).tanh()

    net, images = drawn(nn.Sequential(Squashing(2))), small.numbers(3, 2, 5, 5)
    expected = net(images)

    assert torch.equal(folding.without_norms(net)(images), expected)
