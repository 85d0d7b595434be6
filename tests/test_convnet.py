"""The net without batch norm against the reference counts and a plain computation."""

import pytest
import torch
from torch import nn
from torch.nn.functional import max_pool2d, relu

import plain
from losslandscape import convnet


def built(size: int = 32, channels: int = 3, **options) -> convnet.ConvNet:
    options = {"channels": channels, "size": size, "classes": 10} | options
    return convnet.ConvNet(**options)


@pytest.mark.parametrize(("classes", "parameters"), [(10, 2_422_634), (100, 2_512_724)])
def test_the_weights_are_as_many_as_in_the_authors_net(classes, parameters):
    net = built(classes=classes)

    assert sum(p.numel() for p in net.parameters()) == parameters


def test_the_logits_are_those_of_a_plain_computation():
    net = plain.lively(built())
    layers, images = plain.Layers(net), plain.images(3, 32)

    x = images
    for name in ("conv_part.0", "conv_part.3", "conv_part.6"):
        x = max_pool2d(relu(layers.conv(name, x)), 3, stride=2)
    assert x.shape == (2, 128, 3, 3)
    x = relu(layers.linear("fc_part.0", x.flatten(1)))
    x = relu(layers.linear("fc_part.2", x))

    torch.testing.assert_close(net(images), layers.linear("fc_part.4", x))


@pytest.mark.parametrize(
    ("width", "neurons"),
    [(0.3, 300), (0.5, 500), (0.8, 800), (1.0, 1000), (0.0126, 13)],
)
def test_the_width_multiplies_the_hidden_layers_alone(width, neurons):
    with torch.device("meta"):
        net = built(width=width)

    linear = [m for m in net.modules() if isinstance(m, nn.Linear)]
    kernels = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    assert [m.in_features for m in linear] == [1152, neurons, neurons]
    assert [m.out_features for m in linear] == [neurons, neurons, 10]
    assert [m.out_channels for m in kernels] == [32, 64, 128]


@pytest.mark.parametrize(
    ("size", "channels", "pixels"), [(32, 3, 9), (8, 1, 1), (28, 1, 4), (2, 1, 4)]
)
def test_images_of_any_size_are_taken(size, channels, pixels):
    with torch.device("meta"):
        net = built(size, channels)
        logits = net(torch.zeros(2, channels, size, size))

    assert logits.shape == (2, 10)
    assert net.fc_part[0].in_features == 128 * pixels


def test_pools_that_would_leave_less_than_one_pixel_are_left_out():
    with torch.device("meta"):
        net = built(size=8)

    assert sum(isinstance(m, nn.MaxPool2d) for m in net.modules()) == 2
