"""The pre-activation nets against the reference counts and a plain computation."""

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, relu

import plain
from losslandscape import preresnet


def built(size: int = 32, channels: int = 3, **options) -> preresnet.PreResNet:
    options = {"channels": channels, "size": size, "classes": 10} | options
    return preresnet.PreResNet(**options)


def forward(net: preresnet.PreResNet, x: Tensor, blocks: int) -> Tensor:
    """The net of the authors at 32x32, written out."""
    layers = plain.Layers(net)
    x = layers.conv("conv1", x)
    for stage in (1, 2, 3):
        for block in range(blocks):
            at = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            y = layers.conv(f"{at}.conv1", relu(layers.norm(f"{at}.bn1", x)))
            y = layers.conv(f"{at}.conv2", relu(layers.norm(f"{at}.bn2", y)), stride)
            y = layers.conv(f"{at}.conv3", relu(layers.norm(f"{at}.bn3", y)))
            x = y + (x if block else layers.conv(f"{at}.downsample", x, stride))
    x = relu(layers.norm("bn", x))
    return layers.linear("fc", avg_pool2d(x, 8).flatten(1))


@pytest.mark.parametrize(
    ("depth", "classes", "parameters"),
    [
        (164, 10, 1_703_258),
        (164, 100, 1_726_388),
        (110, 10, 1_146_842),
        (110, 100, 1_169_972),
    ],
)
def test_the_weights_are_as_many_as_in_the_authors_nets(depth, classes, parameters):
    with torch.device("meta"):
        net = built(depth=depth, classes=classes)

    assert sum(p.numel() for p in net.parameters()) == parameters


def test_the_logits_are_those_of_a_plain_computation():
    net = plain.lively(built(depth=20))
    images = plain.images(3, 32)

    torch.testing.assert_close(net(images), forward(net, images, blocks=2))


def test_shortcuts_are_bare_convolutions_at_the_head_of_every_stage():
    net = built(depth=20)

    kernels = {
        name: tuple(tensor.shape)
        for name, tensor in net.state_dict().items()
        if "downsample" in name
    }

    assert kernels == {
        "layer1.0.downsample.weight": (64, 16, 1, 1),
        "layer2.0.downsample.weight": (128, 64, 1, 1),
        "layer3.0.downsample.weight": (256, 128, 1, 1),
    }


def test_a_block_leaves_its_input_as_it_was():
    block = preresnet.Block(inputs=16, planes=4, stride=1)
    x = torch.randn(2, 16, 4, 4)
    before = x.clone()

    block(x)

    assert torch.equal(x, before)


@pytest.mark.parametrize(("size", "channels"), [(32, 3), (8, 1), (28, 1), (1, 2)])
def test_images_of_any_size_are_taken(size, channels):
    net = built(size, channels, depth=11)

    assert net(torch.zeros(2, channels, size, size)).shape == (2, 10)


def test_a_depth_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"9n \+ 2 layers deep, not 165"):
        built(depth=165)
