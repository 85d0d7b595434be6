"""A net of a user's own, tried on two examples before much is made of it.

What it cannot take, and what it gives by chance, is told in one sentence.
"""

import copy
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from losslandscape import data

# How far two passes may lie apart, as a part of the largest output: some kernels of a
# GPU add up in any order.
AGREEMENT = 1e-5


def require(net: nn.Module, loaded: data.Data) -> None:
    """Raise ValueError where a user's own net cannot be measured on a dataset.

    Its outputs must be one tensor, in evaluation mode the same one each time. Net and
    random numbers of torch stay as they are; nets of ours are not tried.
    """
    name = getattr(net, "own_name", None)
    if name is None:
        return
    net = copy.deepcopy(net).eval()
    for split in (loaded.train, loaded.test):
        images = _extremes(split.images)
        for device in _devices(images):
            _require(net.to(device), images.to(device), name)


def _extremes(images: Tensor) -> Tensor:
    """Two examples; of words those that have the first and the last of them."""
    if images.is_floating_point():
        return images[:2]
    each = images.flatten(1) if images.dim() > 1 else images[:, None]
    lowest, highest = each.amin(1).argmin(), each.amax(1).argmax()
    return images[torch.stack([lowest, highest])]


def _devices(images: Tensor) -> Iterator[torch.device]:
    """The device; of words the CPU first: a wrong index ends all work on a GPU."""
    if not images.is_floating_point() and images.device.type != "cpu":
        yield torch.device("cpu")
    yield images.device


@torch.no_grad()
def _require(net: nn.Module, images: Tensor, name: str) -> None:
    cards = [images.device] if images.is_cuda else []
    with torch.random.fork_rng(devices=cards), images.device:
        try:
            found, again = net(images), net(images)
        except Exception as error:
            said = f"{type(error).__name__}: {' '.join(str(error).split())}"
            told = f"{name} fails on inputs {_described(images)} of this dataset"
            raise ValueError(f"{told}: {said}") from error
    if not isinstance(found, Tensor):
        kind = type(found).__name__
        raise ValueError(f"{name} gives a {kind}; it must give one tensor")
    if not _agree(found, again):
        raise ValueError(
            f"{name} gives other outputs for the same inputs, also in evaluation mode, "
            "so that its loss is not a function of its weights: let chance in only "
            "where self.training is true, as nn.Dropout does"
        )


def _described(images: Tensor) -> str:
    told = f"{tuple(images.shape)} {str(images.dtype).removeprefix('torch.')}"
    if images.is_floating_point():
        return told
    return f"{told} from {images.min().item()} to {images.max().item()}"


def _agree(found: Tensor, again: Tensor) -> bool:
    if found.shape != again.shape or not found.numel():
        return found.shape == again.shape
    # Where numbers are none, as after a step too far, they are none in both.
    apart = (found - again).abs().nan_to_num(0).max()
    same = torch.equal(found.isfinite(), again.isfinite())
    return same and bool(apart <= AGREEMENT * found.abs().nan_to_num(0).max())
