"""Nets by their family and its options, as a study names them."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from losslandscape import convnet, densenet, preresnet, resnet, vgg, wideresnet

# A class takes the family's options, then channels, size and classes, all by name.
FAMILIES: dict[str, Callable[..., nn.Module]] = {
    "convnet": convnet.ConvNet,
    "densenet": densenet.DenseNet,
    "preresnet": preresnet.PreResNet,
    "resnet": resnet.ResNet,
    "vgg": vgg.VGG,
    "wideresnet": wideresnet.WideResNet,
}


def build(
    model: Mapping[str, Mapping[str, Any]],
    channels: int,
    size: int,
    classes: int,
    seed: int = 0,
) -> nn.Module:
    """The net {family: options} for square images of `size` pixels, freshly drawn.

    It stands on the default device with the same weights on every device; the global
    generators stay as they are. Raises ValueError for a family that is not there.
    """
    ((family, options),) = model.items()
    if family not in FAMILIES:
        raise ValueError(
            f"unknown family {family!r} of nets; there are {', '.join(FAMILIES)}"
        )
    device = torch.get_default_device()
    # torch.manual_seed would reach the generators of the GPUs as well.
    with torch.random.fork_rng(devices=[]), torch.device("cpu"):
        torch.random.default_generator.manual_seed(seed)
        net = FAMILIES[family](**options, channels=channels, size=size, classes=classes)
    return net.to(device)
