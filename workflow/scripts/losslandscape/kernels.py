"""A convolution with the sum and the ReLU that follow it, in one pass over memory.

oneDNN and cuDNN have operators for it, which torch keeps for its own compiler. They are
used where they can be had; `engine.fastest` sees to it that they agree with the others.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import conv2d


class Geometry(NamedTuple):
    """How a two-dimensional convolution moves."""

    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int


class Convolution(NamedTuple):
    """A convolution of maps x, to which `other` is added, if anything, then a ReLU."""

    x: Tensor
    weight: Tensor
    bias: Tensor
    other: Tensor | None
    geometry: Geometry
    relu: bool


Kernel = Callable[[Convolution], Tensor]


def of(device: str, dtype: torch.dtype) -> Kernel:
    """The fastest kernel of a type of device for some type of numbers."""
    if dtype == torch.float64:
        return separate
    if device == "cpu" and torch.backends.mkldnn.is_available():
        return onednn
    return cudnn if device == "cuda" else separate


def separate(work: Convolution) -> Tensor:
    """The same as three operators, for any device and type."""
    y = conv2d(work.x, work.weight, work.bias, *work.geometry)
    if work.other is not None:
        y += work.other
    return y.relu_() if work.relu else y


def onednn(work: Convolution) -> Tensor:
    """On the CPU, by oneDNN."""
    x, weight, bias, other, geometry, relu = work
    fused = torch.ops.mkldnn._convolution_pointwise
    shape = geometry.padding, geometry.stride, geometry.dilation, geometry.groups
    if other is None:
        after = "relu" if relu else "none"
        return fused(x, weight, bias, *shape, after, [], "")
    after = "relu" if relu else None
    return fused.binary(x, other, weight, bias, *shape, "add", 1.0, after, [], "")


def cudnn(work: Convolution) -> Tensor:
    """On a GPU, by cuDNN, which has no operator without the ReLU."""
    x, weight, bias, other, geometry, relu = work
    if not relu:
        return separate(work)
    if other is None:
        return torch.cudnn_convolution_relu(x, weight, bias, *geometry)
    return torch.cudnn_convolution_add_relu(x, weight, other, 1.0, bias, *geometry)
