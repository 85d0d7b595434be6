"""The VGG nets against the reference counts and a plain computation."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d, relu

import plain
from losslandscape import vgg


def built(plan: str, size: int = 32, channels: int = 3, classes: int = 10) -> vgg.VGG:
    return vgg.VGG(plan=plan, channels=channels, size=size, classes=classes)


def convolved(net: vgg.VGG, x: Tensor, plan: str, norm: bool) -> Tensor:
    """The flat features by a plan as torchvision writes it: C convolution, M pool."""
    layers, place = plain.Layers(net), 0
    for letter in plan:
        if letter == "M":
            x = max_pool2d(x, 2)
            place += 1
            continue
        x = layers.conv(f"features.{place}", x)
        if norm:
            x = layers.norm(f"features.{place + 1}", x)
        x = relu(x)
        place += 3 if norm else 2
    return x.flatten(1)


@pytest.mark.parametrize(
    ("plan", "classes", "parameters"),
    [
        ("vgg9", 10, 2_789_706),
        ("vgg16", 10, 15_245_130),
        ("vgg16", 100, 15_291_300),
        ("vgg16_bn", 10, 15_253_578),
        ("vgg16_bn", 100, 15_299_748),
    ],
)
def test_the_weights_are_as_many_as_in_the_authors_nets(plan, classes, parameters):
    with torch.device("meta"):
        net = built(plan, classes=classes)

    assert sum(p.numel() for p in net.parameters()) == parameters


def test_the_matrices_of_vgg9_are_as_large_as_the_authors():
    with torch.device("meta"):
        net = built("vgg9")

    assert sum(p.numel() for p in net.parameters() if p.ndim > 1) == 2_785_472


def test_the_logits_of_vgg9_are_those_of_a_plain_computation():
    net = plain.lively(built("vgg9"))
    layers, images = plain.Layers(net), plain.images(3, 32)

    x = convolved(net, images, "CCMCCMCCCM", norm=True)
    x = relu(layers.norm("fc.1", layers.linear("fc.0", x)))

    torch.testing.assert_close(net(images), layers.linear("classifier", x))


@pytest.mark.parametrize(("plan", "norm"), [("vgg16", False), ("vgg16_bn", True)])
def test_the_logits_of_vgg16_are_those_of_a_plain_computation(plan, norm):
    net = plain.lively(built(plan))
    layers, images = plain.Layers(net), plain.images(3, 32)

    x = convolved(net, images, "CCMCCMCCCMCCCMCCCM", norm)
    x = relu(layers.linear("fc.4", relu(layers.linear("fc.1", x))))

    torch.testing.assert_close(net(images), layers.linear("classifier", x))


def test_the_widths_of_vgg16_are_torchvisions():
    net = built("vgg16")

    widths = [m.out_channels for m in net.features if isinstance(m, nn.Conv2d)]

    assert widths == [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6


@pytest.mark.parametrize("plan", vgg.PLANS)
@pytest.mark.parametrize(("size", "channels"), [(32, 3), (8, 1), (28, 1), (1, 2)])
def test_images_of_any_size_are_taken(plan, size, channels):
    with torch.device("meta"):
        net = built(plan, size, channels)
        logits = net(torch.zeros(2, channels, size, size))

    assert logits.shape == (2, 10)


@pytest.mark.parametrize(("size", "pools"), [(32, 5), (16, 4), (8, 3), (28, 4), (1, 0)])
def test_pools_of_one_pixel_are_left_out(size, pools):
    with torch.device("meta"):
        net = built("vgg16", size)

    assert sum(isinstance(m, nn.MaxPool2d) for m in net.features) == pools


def test_larger_images_keep_their_last_pixels():
    with torch.device("meta"):
        assert built("vgg16", size=64).fc[1].in_features == 512 * 2 * 2


@pytest.mark.parametrize(("plan", "drops"), [("vgg9", 0), ("vgg16", 2)])
def test_only_vgg16_drops_neurons_and_only_in_training(plan, drops):
    net = built(plan, size=8, channels=1)
    images = torch.randn(4, 1, 8, 8)

    rates = [m.p for m in net.modules() if isinstance(m, nn.Dropout)]

    assert rates == [0.5] * drops
    assert torch.equal(net(images), net(images)) == (drops == 0)
    net.eval()
    assert torch.equal(net(images), net(images))


def test_an_unknown_plan_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"'vgg11'.*'vgg16', 'vgg16_bn', 'vgg9'"):
        built("vgg11")
