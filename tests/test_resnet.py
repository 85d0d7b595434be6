"""Li et al.'s residual nets against the reference counts and a plain computation."""

import operator

import pytest
import torch
from torch import Tensor, fx
from torch.nn.functional import avg_pool2d, relu

import plain
from losslandscape import resnet


def built(size: int = 32, channels: int = 3, **options) -> resnet.ResNet:
    return resnet.ResNet(channels=channels, size=size, classes=10, **options)


def counts(net: torch.nn.Module) -> tuple[int, int]:
    parameters = list(net.parameters())
    matrices = [p for p in parameters if p.ndim > 1]
    return sum(p.numel() for p in parameters), sum(p.numel() for p in matrices)


def forward(net: resnet.ResNet, x: Tensor, blocks: int, shortcuts: bool) -> Tensor:
    """The net of the paper at 32x32, written out."""
    layers = plain.Layers(net)
    x = relu(layers.norm("bn1", layers.conv("conv1", x)))
    for stage in (1, 2, 3):
        for block in range(blocks):
            at = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            y = relu(layers.norm(f"{at}.bn1", layers.conv(f"{at}.conv1", x, stride)))
            y = layers.norm(f"{at}.bn2", layers.conv(f"{at}.conv2", y))
            if shortcuts and stride == 2:
                x = layers.conv(f"{at}.shortcut.0", x, stride)
                x = layers.norm(f"{at}.shortcut.1", x)
            x = relu(x + y if shortcuts else y)
    return layers.linear("linear", avg_pool2d(x, 8).flatten(1))


@pytest.mark.parametrize(
    ("depth", "width", "shortcuts", "parameters", "matrices"),
    [
        (20, 1, True, 272_474, 270_896),
        (56, 1, True, 855_770, 851_504),
        (110, 1, True, 1_730_714, 1_722_416),
        (20, 1, False, 269_722, 268_336),
        (56, 1, False, 853_018, 848_944),
        (110, 1, False, 1_727_962, 1_719_856),
        (56, 2, True, 3_412_394, 3_403_872),
        (56, 4, True, 13_628_234, 13_611_200),
        (56, 8, True, 54_470_282, 54_436_224),
        (56, 2, False, 3_401_770, None),
        (56, 4, False, 13_586_506, None),
        (56, 8, False, 54_304_906, None),
    ],
)
def test_the_weights_are_as_many_as_in_the_authors_nets(
    depth, width, shortcuts, parameters, matrices
):
    with torch.device("meta"):
        net = built(depth=depth, width=width, shortcuts=shortcuts)

    assert counts(net) == (parameters, matrices or counts(net)[1])


@pytest.mark.parametrize("shortcuts", [True, False])
@pytest.mark.parametrize("width", [1, 2])
def test_the_logits_are_those_of_a_plain_computation(shortcuts, width):
    net = plain.lively(built(depth=14, shortcuts=shortcuts, width=width))
    images = plain.images(3, 32)

    expected = forward(net, images, blocks=2, shortcuts=shortcuts)

    torch.testing.assert_close(net(images), expected)


@pytest.mark.parametrize(("shortcuts", "additions"), [(True, 27), (False, 0)])
def test_a_net_without_shortcuts_adds_nothing(shortcuts, additions):
    with torch.device("meta"):
        graph = fx.symbolic_trace(built(depth=56, shortcuts=shortcuts)).graph

    sums = (operator.iadd, operator.add, torch.add)
    assert sum(node.target in sums for node in graph.nodes) == additions


def test_projections_stand_only_where_the_shape_changes():
    net = built(depth=20)

    kernels = {
        name: tuple(tensor.shape)
        for name, tensor in net.named_parameters()
        if "shortcut" in name and tensor.ndim == 4
    }

    assert kernels == {
        "layer2.0.shortcut.0.weight": (32, 16, 1, 1),
        "layer3.0.shortcut.0.weight": (64, 32, 1, 1),
    }


def test_the_width_multiplies_the_stem_too():
    assert built(depth=8, width=4).conv1.out_channels == 64


@pytest.mark.parametrize(("size", "channels"), [(32, 3), (8, 1), (28, 1), (1, 2)])
def test_images_of_any_size_are_taken(size, channels):
    net = built(depth=8, size=size, channels=channels)

    assert net(torch.zeros(2, channels, size, size)).shape == (2, 10)


def test_the_last_pool_is_a_global_average():
    net = plain.lively(built(depth=8, size=12, channels=1))
    maps = []
    net.layer3.register_forward_hook(lambda *call: maps.append(call[-1]))

    logits = net(plain.images(1, 12))

    pooled = avg_pool2d(maps[0], 3).flatten(1)
    torch.testing.assert_close(logits, plain.Layers(net).linear("linear", pooled))


@pytest.mark.parametrize("depth", [2, 21, 57])
def test_a_depth_that_cannot_be_is_refused(depth):
    with pytest.raises(ValueError, match=f"6n \\+ 2 layers deep, not {depth}"):
        built(depth=depth)
