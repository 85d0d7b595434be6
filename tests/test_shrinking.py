"""Trivial curves by the logits of nets with weights scaled by hand, in float64."""

import copy

import pytest
import torch
from torch import Tensor, nn

import small
from losslandscape import models, shrinking, weights

IMAGES = small.split(9).images


def ends(build) -> tuple[nn.Module, Tensor]:
    """A net of a kind, and two vectors of weights for it."""
    net = build().double().eval()
    return net, small.numbers(2, len(weights.flatten(net)), seed=3)


def logits(net: nn.Module, vector: Tensor) -> Tensor:
    """Those of the images, by a copy of a net with other weights."""
    net = copy.deepcopy(net)
    weights.assign(vector, net)
    return net(IMAGES).detach()


NETS = {
    "small": small.chain,
    "without_biases": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(32, 5, bias=False), nn.ReLU(), nn.Linear(5, 3)
    ),
    "convnet": lambda: models.build({"convnet": {"width": 0.02}}, 2, 4, 3),
}
LAYERS = {"small": 3, "without_biases": 2, "convnet": 6}


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("t", [0.0, 0.1, 0.45, 0.499, 0.6, 1.0])
def test_logits_are_a_power_of_the_scale_and_classes_stay(name, t):
    net, both = ends(NETS[name])

    found = logits(net, shrinking.point(net, both, t))

    scale, end = (1 - 2 * t, both[0]) if t < 0.5 else (2 * t - 1, both[1])
    expected = logits(net, end)
    assert torch.allclose(found, scale ** LAYERS[name] * expected, rtol=1e-9, atol=0)
    assert torch.equal(found.argmax(1), expected.argmax(1))


def test_weights_shrink_by_the_scale_and_biases_by_powers_of_it():
    net, both = ends(small.chain)

    found = weights.unflatten(shrinking.shrunk(net, both[0], 0.3), net)

    whole, powers = weights.unflatten(both[0], net), [1, 1, 1, 2, 1, 3]
    for (name, part), power in zip(found.items(), powers, strict=True):
        assert torch.allclose(part, 0.3**power * whole[name], rtol=1e-14, atol=0), name


def test_the_curve_goes_from_end_to_end_by_way_of_zero():
    net, both = ends(small.chain)

    first, middle, last = (shrinking.point(net, both, t) for t in (0.0, 0.5, 1.0))

    assert torch.equal(first, both[0])
    assert torch.equal(last, both[1])
    assert not middle.any()


@pytest.mark.parametrize("name", NETS)
def test_a_chain_of_layers_is_accepted_and_stays_as_it_is(name):
    net, both = ends(NETS[name])
    before = weights.flatten(net)

    shrinking.require(net.train(), both, IMAGES.float())

    assert torch.equal(weights.flatten(net), before)
    assert net.training


def test_a_net_with_batch_norm_is_refused():
    net, both = ends(small.net)

    with pytest.raises(ValueError, match="batch norm has no trivial curve"):
        shrinking.shrunk(net, both[0], 0.5)
    with pytest.raises(ValueError, match="batch norm has no trivial curve"):
        shrinking.require(net, both, IMAGES)


class Shortcut(nn.Module):
    """A layer and what went into it."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(32, 32)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layer(x).relu()


OTHERS = {
    "shortcut": lambda: nn.Sequential(nn.Flatten(), Shortcut(), nn.Linear(32, 3)),
    "tanh": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(32, 9), nn.Tanh(), nn.Linear(9, 3)
    ),
    "bias_first": lambda: nn.Sequential(nn.Flatten(), Backwards(), nn.Linear(9, 3)),
}


class Backwards(nn.Module):
    """A layer of which the bias comes before the weight."""

    def __init__(self) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(9))
        self.weight = nn.Parameter(torch.zeros(9, 32))

    def forward(self, x: Tensor) -> Tensor:
        return (x @ self.weight.T + self.bias).relu()


@pytest.mark.parametrize("name", OTHERS)
def test_a_net_whose_logits_are_no_power_of_the_scale_is_refused(name):
    net, both = ends(OTHERS[name])

    with pytest.raises(ArithmeticError, match="no chain of ReLU layers"):
        shrinking.require(net, both, IMAGES)
