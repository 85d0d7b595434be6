"""The CIFAR DenseNet against the reference counts and a plain computation."""

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, relu

import plain
from losslandscape import densenet


def small(size: int = 32, channels: int = 3) -> densenet.DenseNet:
    return densenet.DenseNet(
        growth=6, blocks=[2, 3, 1], channels=channels, size=size, classes=10
    )


def forward(net: densenet.DenseNet, x: Tensor, blocks: list[int]) -> Tensor:
    """The net of the paper, written out."""
    layers = plain.Layers(net)
    x = layers.conv("conv1", x)
    for number, count in enumerate(blocks, start=1):
        for at in (f"dense{number}.{layer}" for layer in range(count)):
            y = layers.conv(f"{at}.conv1", relu(layers.norm(f"{at}.bn1", x)))
            y = layers.conv(f"{at}.conv2", relu(layers.norm(f"{at}.bn2", y)))
            x = torch.cat([y, x], dim=1)
        if number < len(blocks):
            at = f"trans{number}"
            x = layers.conv(f"{at}.conv", relu(layers.norm(f"{at}.bn", x)))
            x = avg_pool2d(x, 2)
    x = relu(layers.norm("bn", x))
    return layers.linear("linear", avg_pool2d(x, x.shape[-1]).flatten(1))


def test_the_weights_are_as_many_as_in_the_authors_net():
    with torch.device("meta"):
        parameters = list(
            densenet.DenseNet(channels=3, size=32, classes=10).parameters()
        )

    assert sum(p.numel() for p in parameters) == 6_956_298
    assert sum(p.numel() for p in parameters if p.ndim > 1) == 6_872_768


def test_the_logits_are_those_of_a_plain_computation():
    net = plain.lively(small())
    images = plain.images(3, 32)

    torch.testing.assert_close(net(images), forward(net, images, [2, 3, 1]))


def test_a_layer_puts_its_new_channels_before_the_old_ones():
    layer = densenet.Layer(inputs=5, growth=2)
    x = torch.randn(3, 5, 4, 4)

    y = layer(x)

    assert y.shape == (3, 7, 4, 4)
    assert torch.equal(y[:, 2:], x)


def test_the_121_layers_end_in_1024_maps_of_4x4():
    maps = []
    with torch.device("meta"):
        net = densenet.DenseNet(channels=3, size=32, classes=10)
        net.bn.register_forward_hook(lambda *call: maps.append(call[-1]))
        net(torch.zeros(2, 3, 32, 32))

    layers = [name for name, p in net.named_parameters() if p.ndim > 1]
    assert len(layers) == 121
    assert maps[0].shape == (2, 1024, 4, 4)


def test_an_odd_number_of_channels_is_halved_downwards():
    transition = densenet.Transition(inputs=7, pooled=True)

    assert transition(torch.zeros(1, 7, 6, 6)).shape == (1, 3, 3, 3)


@pytest.mark.parametrize(("size", "channels"), [(32, 3), (8, 1), (28, 1), (2, 1)])
def test_images_of_any_size_are_taken(size, channels):
    net = small(size, channels)

    assert net(torch.zeros(2, channels, size, size)).shape == (2, 10)
