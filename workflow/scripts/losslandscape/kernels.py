"""A convolution with the sum and the ReLU that follow it, in one pass over memory.

oneDNN and cuDNN have operators for it, which torch keeps for its own compiler. They are
used where they can be had; `engine.Engine` sees to it that they agree with the others.
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


# (x, weight, bias, what is added or None, geometry, whether a ReLU follows)
Kernel = Callable[[Tensor, Tensor, Tensor, Tensor | None, Geometry, bool], Tensor]


def of(device: str, dtype: torch.dtype) -> Kernel:
    """The fastest kernel of a type of device for some type of numbers."""
    if dtype == torch.float64:
        return separate
    if device == "cpu" and torch.backends.mkldnn.is_available():
        return onednn
    return cudnn if device == "cuda" else separate


def separate(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    other: Tensor | None,
    geometry: Geometry,
    relu: bool,
) -> Tensor:
    """The same as three operators, for any device and type."""
    y = conv2d(x, weight, bias, *geometry)
    if other is not None:
        y += other
    return y.relu_() if relu else y


def onednn(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    other: Tensor | None,
    geometry: Geometry,
    relu: bool,
) -> Tensor:
    """On the CPU, by oneDNN."""
    fused = torch.ops.mkldnn._convolution_pointwise
    shape = geometry.padding, geometry.stride, geometry.dilation, geometry.groups
    if other is None:
        after = "relu" if relu else "none"
        return fused(x, weight, bias, *shape, after, [], "")
    after = "relu" if relu else None
    return fused.binary(x, other, weight, bias, *shape, "add", 1.0, after, [], "")


def cudnn(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    other: Tensor | None,
    geometry: Geometry,
    relu: bool,
) -> Tensor:
    """On a GPU, by cuDNN, which has no operator without the ReLU."""
    if not relu:
        return separate(x, weight, bias, other, geometry, relu)
    if other is None:
        return torch.cudnn_convolution_relu(x, weight, bias, *geometry)
    return torch.cudnn_convolution_add_relu(x, weight, other, 1.0, bias, *geometry)
