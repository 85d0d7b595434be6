"""Nets by their family and its options, or of a user's own, as a study names them."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import torch
from torch import nn

# The class of each family, in the module of the same name. It takes the options of the
# family, then channels, size and classes, all by name. Modules are imported when asked
# for, so that an edit of one family re-runs the nets of that family alone.
FAMILIES = {
    "convnet": "ConvNet",
    "densenet": "DenseNet",
    "preresnet": "PreResNet",
    "resnet": "ResNet",
    "vgg": "VGG",
    "wideresnet": "WideResNet",
}


def family(name: str) -> Callable[..., nn.Module]:
    """The class of a family, or what builds a user's own net.

    ValueError for one that is not there.
    """
    if name == "own":
        return import_module("losslandscape.ownnet").build
    if name not in FAMILIES:
        raise ValueError(
            f"unknown family {name!r} of nets; there are {', '.join(FAMILIES)}"
        )
    return getattr(import_module(f"losslandscape.{name}"), FAMILIES[name])


def build(
    model: Mapping[str, Mapping[str, Any]],
    channels: int,
    size: int,
    classes: int,
    seed: int = 0,
) -> nn.Module:
    """The net {family: options} for square images of `size` pixels, freshly drawn.

    It stands on the default device with the same weights on every device; the global
    generators stay as they are. One of a user's own, {own: {file, name, options}}, gets
    its own options alone, and nothing of the images. Raises ValueError for a family
    that is not there, for what is wrong with a user's file, and for one of our families
    where there are no such images, `size` 0.
    """
    ((name, options),) = model.items()
    if name in FAMILIES and not size:
        raise ValueError(
            f"nets of the family '{name}' take square images, which the dataset does "
            "not have: take a net of your own"
        )
    shape = {"channels": channels, "size": size, "classes": classes}
    device = torch.get_default_device()
    # torch.manual_seed would reach the generators of the GPUs as well.
    with torch.random.fork_rng(devices=[]), torch.device("cpu"):
        torch.random.default_generator.manual_seed(seed)
        net = family(name)(**options, **shape)
    return net.to(device)
