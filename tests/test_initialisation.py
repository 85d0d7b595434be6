"""First weights against the moments of the distributions that the papers name."""

import pytest
import torch
from torch import Tensor, nn

from losslandscape import initialisation, models, vgg


def deviates(values: Tensor, mean: float, deviation: float) -> bool:
    """Whether the moments are further off than six standard errors of normal draws."""
    error = deviation / values.numel() ** 0.5
    return bool(
        abs(values.mean() - mean) > 6 * error
        or abs(values.std() - deviation) > 6 * error / 2**0.5
    )


@pytest.fixture
def net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(20, 80, 3, stride=2),
        nn.BatchNorm2d(80),
        nn.Conv2d(80, 80, 1, bias=False),
        nn.Linear(80, 3000),
        nn.BatchNorm1d(3000),
    )


def test_li_draws_convolutions_by_their_inputs(net):
    initialisation.li(net)

    assert not deviates(net[0].weight, 0, (2 / (20 * 9)) ** 0.5)
    assert not deviates(net[2].weight, 0, (2 / 80) ** 0.5)
    assert not deviates(net[3].weight, 0, 0.001)
    assert not net[0].bias.any()
    assert not net[3].bias.any()


def test_li_leaves_two_dimensional_norms_at_one_and_draws_the_others(net):
    initialisation.li(net)

    assert torch.equal(net[1].weight, torch.ones(80))
    assert not deviates(net[4].weight, 0.5, 12**-0.5)
    assert 0 <= net[4].weight.min() < net[4].weight.max() <= 1
    assert not net[1].bias.any()
    assert not net[4].bias.any()


def test_vgg9_starts_with_the_norm_of_li_figure_2():
    net = vgg.VGG(plan="vgg9", channels=3, size=32, classes=10)

    norm = sum(p.square().sum() for p in net.parameters()).sqrt()

    # Convolutions 2 and gains 1 a filter, gains of 256 neurons 1/3, linear layers 1e-6.
    filters, matrices = 1152, 4096 * 256 + 256 * 10
    expected = (3 * filters + 256 / 3 + 1e-6 * matrices) ** 0.5
    assert expected == pytest.approx(59.52, abs=0.005)
    assert norm.item() == pytest.approx(expected, abs=0.15)


def test_garipov_draws_convolutions_by_their_outputs(net):
    linear = net[3].weight.clone()

    initialisation.garipov(net)

    assert not deviates(net[0].weight, 0, (2 / (80 * 9)) ** 0.5)
    assert not deviates(net[2].weight, 0, (2 / 80) ** 0.5)
    assert not net[0].bias.any()
    assert torch.equal(net[3].weight, linear)
    assert torch.equal(net[1].weight, torch.ones(80))


def test_uniform_gains_touch_every_norm_and_nothing_else(net):
    before = [net[0].weight.clone(), net[3].weight.clone()]

    initialisation.uniform_gains(net)

    assert not deviates(net[1].weight, 0.5, 12**-0.5)
    assert not deviates(net[4].weight, 0.5, 12**-0.5)
    assert torch.equal(net[0].weight, before[0])
    assert torch.equal(net[3].weight, before[1])


@pytest.mark.parametrize(
    ("model", "kernel", "deviation"),
    [
        ({"resnet": {"depth": 8}}, "layer3.0.conv1", (2 / (9 * 32)) ** 0.5),
        ({"resnet": {"depth": 8}}, "layer3.0.shortcut.0", (2 / 32) ** 0.5),
        ({"densenet": {"blocks": [2, 2]}}, "trans1.conv", (2 / 128) ** 0.5),
        ({"vgg": {"plan": "vgg9"}}, "features.7", (2 / (9 * 64)) ** 0.5),
        ({"vgg": {"plan": "vgg16"}}, "features.5", (2 / (9 * 128)) ** 0.5),
        ({"vgg": {"plan": "vgg16_bn"}}, "features.7", (2 / (9 * 128)) ** 0.5),
        ({"preresnet": {"depth": 11}}, "layer3.0.conv1", (2 / 64) ** 0.5),
        ({"preresnet": {"depth": 11}}, "layer3.0.conv2", (2 / (9 * 64)) ** 0.5),
        ({"convnet": {}}, "conv_part.3", (2 / (25 * 64)) ** 0.5),
    ],
)
def test_every_net_is_drawn_as_its_paper_says(model, kernel, deviation):
    net = models.build(model, 3, 32, 10)

    weight = net.get_submodule(kernel).weight

    assert not deviates(weight, 0, deviation)


@pytest.mark.parametrize(
    ("model", "uniform"),
    [
        ({"resnet": {"depth": 8}}, False),
        ({"densenet": {"blocks": [2, 2]}}, False),
        ({"preresnet": {"depth": 11}}, False),
        ({"wideresnet": {"depth": 10, "width": 4}}, True),
        ({"vgg": {"plan": "vgg16_bn"}}, True),
    ],
)
def test_gains_are_uniform_where_the_authors_left_them_to_pytorch(model, uniform):
    net = models.build(model, 3, 32, 10)

    norms = [m.weight for m in net.modules() if isinstance(m, nn.BatchNorm2d)]

    gains = torch.cat(norms)
    assert deviates(gains, 0.5, 12**-0.5) != uniform
    assert torch.equal(gains, torch.ones_like(gains)) != uniform
