"""Rescaled weights: the same function, checked by nets called as they stand."""

import copy

import pytest
import torch
from torch import nn

import plain
import small
from losslandscape import (
    models,
    rescaling,
    weights,
)

FACTORS = (0.25, 0.5, 2, 3, 4)

NETS = {
    "resnet": {"resnet": {"depth": 8, "width": 0.25}},
    "resnet_noshort": {"resnet": {"depth": 8, "width": 0.25, "shortcuts": False}},
    "vgg9": {"vgg": {"plan": "vgg9", "width": 0.0625}},
    "vgg16": {"vgg": {"plan": "vgg16", "width": 0.0625}},
    "vgg16_bn": {"vgg": {"plan": "vgg16_bn", "width": 0.0625}},
    "densenet": {"densenet": {"growth": 2, "blocks": [2, 2, 2]}},
    "preresnet": {"preresnet": {"depth": 20}},
    "wideresnet": {"wideresnet": {"depth": 10, "width": 1}},
    "convnet": {"convnet": {"width": 0.02}},
}
# The layers that are multiplied by the factor; those that are divided by it.
LAYERS = {
    "resnet": (9, 0),
    "resnet_noshort": (7, 0),
    "vgg9": (8, 0),
    "vgg16": (8, 8),
    "vgg16_bn": (13, 0),
    "densenet": (6, 0),
    "preresnet": (12, 0),
    "wideresnet": (3, 0),
    "convnet": (3, 3),
}


def lively(name: str) -> nn.Module:
    """A net in float64 for images of 8x8 pixels, with vectors that leave a mark."""
    return plain.lively(models.build(NETS[name], channels=3, size=8, classes=4))


def without_norm(between: nn.Module) -> nn.Module:
    """Three layers without batch norm, and biases, for the images of `small`."""
    layers = [nn.Conv2d(2, 3, 3), between, nn.Flatten(), nn.Linear(12, 4), nn.ReLU()]
    net = nn.Sequential(*layers, nn.Linear(4, 3)).double()
    weights.assign(small.numbers(len(weights.flatten(net))) / 2, net)
    return net


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("factor", FACTORS)
def test_the_function_of_every_family_is_unchanged(name, factor):
    net, images = lively(name), plain.images(3, 8)
    before = net(images)

    weights.assign(rescaling.rescaled(net, weights.flatten(net), factor), net)

    assert before.abs().min() > 0
    assert (net(images) - before).abs().max() < 1e-10 * before.abs().max()


@pytest.mark.parametrize("name", NETS)
def test_every_layer_that_can_be_rescaled_is(name):
    net = lively(name)
    before = weights.unflatten(weights.flatten(net), net)
    learnable = dict(net.named_parameters())

    after = weights.unflatten(rescaling.rescaled(net, weights.flatten(net), 3), net)

    matrices = [k for k in learnable if before[k].dim() > 1]
    times, over = (
        [k for k in matrices if torch.allclose(after[k], factor * before[k])]
        for factor in (3, 1 / 3)
    )
    kept = [k for k in matrices if torch.equal(after[k], before[k])]
    assert (len(times), len(over)) == LAYERS[name]
    assert len(times) + len(over) + len(kept) == len(matrices)
    for k in learnable.keys() - set(matrices):
        layer = k.removesuffix("bias") + "weight"
        assert torch.allclose(after[k], (3 if layer in times else 1) * before[k])


def test_statistics_and_biases_follow_their_layer():
    net = small.net()
    state = net.state_dict()

    after = rescaling.rescaled(net, weights.flatten(net), 0.25)

    named = weights.unflatten(after, net)
    for layer, norm in (("0", "1"), ("4", "5")):
        for name in (f"{layer}.weight", f"{layer}.bias", f"{norm}.running_mean"):
            assert torch.equal(named[name], state[name] / 4)
        spread = (named[f"{norm}.running_var"] + 1e-5).sqrt()
        assert torch.allclose(
            spread, (state[f"{norm}.running_var"] + 1e-5).sqrt() / 4, rtol=1e-12
        )
    for name in ("1.weight", "1.bias", "5.weight", "5.bias", "7.weight", "7.bias"):
        assert torch.equal(named[name], state[name])


def test_variances_of_nought_are_no_obstacle():
    net = small.net()
    net[1].running_var.zero_()
    images = small.numbers(5, 2, 4, 4)
    before = net(images)

    weights.assign(rescaling.rescaled(net, weights.flatten(net), 0.25), net)

    assert net[1].running_var.max() < 0
    assert torch.allclose(net(images), before, rtol=1e-10)


def test_an_odd_last_layer_without_a_norm_stays():
    net = without_norm(nn.ReLU())
    state = net.state_dict()

    after = weights.unflatten(rescaling.rescaled(net, weights.flatten(net), 4), net)

    factors = {"0.weight": 4, "0.bias": 4, "3.weight": 0.25}
    for name in state:
        assert torch.equal(after[name], factors.get(name, 1) * state[name])


@pytest.mark.parametrize(
    "net",
    [
        nn.Sequential(nn.Flatten(), nn.Linear(32, 3)),
        nn.Sequential(nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(32, 3)),
        nn.Sequential(
            nn.Conv2d(2, 3, 3),
            nn.BatchNorm2d(3, track_running_stats=False),
            nn.Flatten(),
            nn.Linear(12, 3),
        ),
    ],
)
def test_a_net_where_nothing_can_be_rescaled_is_refused(net):
    with pytest.raises(ValueError, match="no weights of this net can be rescaled"):
        rescaling.rescaled(net, weights.flatten(net), 2)


def test_the_difference_of_outputs_is_the_largest_of_any():
    before = torch.tensor([[1.0, -8e6], [2.0, 3.0]]).double()
    after = before + torch.tensor([[0.5, -1.0], [-4.0, 0.0]]).double()

    assert rescaling.require_unchanged(before, after, 2) == 4
    with pytest.raises(ArithmeticError, match=r"times 2 are not .* change by 4"):
        rescaling.require_unchanged(before / 4, before / 4 + after - before, 2)
    with pytest.raises(ArithmeticError):
        rescaling.require_unchanged(before, after * torch.nan, 2)


def test_centres_are_proven_in_double_precision_on_all_images(caplog):
    caplog.set_level("INFO")
    net, seen = small.net().float(), small.seen()
    train, test = (
        part._replace(images=part.images.float()) for part in (seen.train, seen.test)
    )
    seen = seen._replace(train=train, test=test)
    origin = weights.flatten(net)

    found, differences = rescaling.centres(net, origin, FACTORS, seen)

    for factor, vector in zip(FACTORS, found, strict=True):
        exact = rescaling.rescaled(net, origin.double(), factor)
        assert torch.equal(vector, exact.float())
        assert f"weights times {factor:g}: outputs differ by at most" in caplog.text
    assert max(differences) < 1e-12
    assert rescaling.outputs(net, origin, seen).shape == (50, 3)
    assert torch.equal(
        rescaling.outputs(net, origin, seen)[30:],
        copy.deepcopy(net).double().eval()(seen.test.images.double()),
    )
    assert next(net.parameters()).dtype == torch.float32


def test_a_function_that_does_change_is_refused():
    net = without_norm(nn.Tanh())

    with pytest.raises(ArithmeticError, match="weights times 2 are not the same"):
        rescaling.centres(net, weights.flatten(net), [1, 2], small.seen())
