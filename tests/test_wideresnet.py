"""Garipov et al.'s WideResNet against reference counts and a plain computation."""

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, relu

import plain
from losslandscape import wideresnet


def built(size: int = 32, channels: int = 3, **options) -> wideresnet.WideResNet:
    options = {"channels": channels, "size": size, "classes": 10} | options
    return wideresnet.WideResNet(**options)


def forward(net: wideresnet.WideResNet, x: Tensor, blocks: int) -> Tensor:
    """The net of the authors at 32x32, written out."""
    layers = plain.Layers(net)
    x = layers.conv("conv1", x)
    for stage in (1, 2, 3):
        for block in range(blocks):
            at = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            y = layers.conv(f"{at}.conv1", relu(layers.norm(f"{at}.bn1", x)))
            y = layers.conv(f"{at}.conv2", relu(layers.norm(f"{at}.bn2", y)), stride)
            x = y + (x if block else layers.conv(f"{at}.shortcut", x, stride))
    x = relu(layers.norm("bn1", x))
    return layers.linear("linear", avg_pool2d(x, 8).flatten(1))


@pytest.mark.parametrize(
    ("classes", "parameters"), [(10, 36_489_290), (100, 36_546_980)]
)
def test_the_weights_are_as_many_as_in_the_authors_net(classes, parameters):
    with torch.device("meta"):
        net = built(classes=classes)

    assert sum(p.numel() for p in net.parameters()) == parameters


def test_the_logits_are_those_of_a_plain_computation():
    net = plain.lively(built(depth=16, width=2))
    images = plain.images(3, 32)

    torch.testing.assert_close(net(images), forward(net, images, blocks=2))


def test_a_width_of_one_needs_no_projection_in_the_first_stage():
    net = built(depth=10, width=1)

    assert [name for name, _ in net.named_parameters() if "shortcut" in name] == [
        "layer2.0.shortcut.weight",
        "layer2.0.shortcut.bias",
        "layer3.0.shortcut.weight",
        "layer3.0.shortcut.bias",
    ]


def test_a_strided_block_of_one_width_projects_too():
    block = wideresnet.Block(inputs=4, outputs=4, stride=2)

    assert block(torch.zeros(1, 4, 6, 6)).shape == (1, 4, 3, 3)


def test_the_stride_is_on_the_second_convolution():
    block = built(depth=10, width=1).layer2[0]

    assert block.conv1.stride == (1, 1)
    assert block.conv2.stride == (2, 2)


def test_the_last_batch_norm_follows_the_latest_batches():
    net = built(depth=10, width=1, channels=1, size=8)
    maps = []
    net.bn1.register_forward_hook(lambda *call: maps.append(call[1][0]))

    net(torch.randn(5, 1, 8, 8))

    mean = maps[0].mean((0, 2, 3))
    torch.testing.assert_close(net.bn1.running_mean, 0.9 * mean)


def test_weights_are_drawn_as_by_the_pytorch_of_the_time():
    net = built(depth=10, width=4)
    kernel, gains = net.layer3[0].conv2.weight, net.layer3[0].bn2.weight
    bound = (kernel.shape[1] * 9) ** -0.5

    assert 0.99 * bound < kernel.abs().max() <= bound
    assert 0 <= gains.min() < 0.05
    assert 0.95 < gains.max() <= 1
    assert not net.layer3[0].bn2.bias.any()


@pytest.mark.parametrize(("size", "channels"), [(32, 3), (8, 1), (28, 1), (1, 2)])
def test_images_of_any_size_are_taken(size, channels):
    with torch.device("meta"):
        net = built(size, channels)
        logits = net(torch.zeros(2, channels, size, size))

    assert logits.shape == (2, 10)


def test_a_depth_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"6n \+ 4 layers deep, not 30"):
        built(depth=30)
