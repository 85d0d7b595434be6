"""Weights at another scale, for a net of the same function (Li et al., section 3).

A net with batch norm does not see the scale of its weights, and in a ReLU net without
it what one layer is multiplied by the next can be divided by.
"""

import copy
import logging
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from losslandscape import data, weights

log = logging.getLogger(__name__)

LAYERS = (nn.Conv2d, nn.Linear)

# Outputs in float64 of two nets that are one function, by their largest.
TOLERANCE = 1e-6


def rescaled(net: nn.Module, vector: Tensor, factor: float) -> Tensor:
    """The vector (n,) of the same function with weights `factor` times as large.

    In a net with batch norm: every layer that a batch norm directly follows. In one
    without: the first of each two layers, and the second is divided by as much, which
    is sound for what is positively homogeneous (ReLU, pools, dropout when evaluated).
    Raises ValueError for a net where nothing can be rescaled; see `require_unchanged`.
    """
    state = weights.unflatten(vector, net)
    if any(isinstance(module, _BatchNorm) for module in net.modules()):
        changed = _before_norms(net, state, factor)
    else:
        changed = _in_pairs(net, state, factor)
    if not changed:
        raise ValueError(
            "no weights of this net can be rescaled: batch norm follows no layer "
            "directly, or there are not two layers without it"
        )
    return torch.cat([part.flatten() for part in (state | changed).values()])


def _before_norms(
    net: nn.Module, state: Mapping[str, Tensor], factor: float
) -> dict[str, Tensor]:
    """The tensors that change as each layer before a batch norm is multiplied.

    Batch norm divides by √(variance + ε): with the variance alone times factor², the
    function would change by ε; the variance that makes up for it may be just below
    nought, but plus ε never is.
    """
    changed = {}
    for layer, norm, eps in _normalised(net):
        for name in (f"{layer}.weight", f"{layer}.bias", f"{norm}.running_mean"):
            if name in state:
                changed[name] = factor * state[name]
        variance = state[f"{norm}.running_var"]
        changed[f"{norm}.running_var"] = factor**2 * (variance + eps) - eps
    return changed


def _normalised(net: nn.Module) -> Iterator[tuple[str, str, float]]:
    """The names of a layer and of the batch norm behind it, and ε, of each such two.

    They are neighbours in one part of the net. Across parts, what lies between two
    neighbours may be used by others too: added in residual nets, joined in dense ones.
    """
    for path, part in net.named_modules():
        prefix = f"{path}." if path else ""
        for (layer, first), (norm, second) in pairwise(part.named_children()):
            is_norm = isinstance(second, _BatchNorm) and second.track_running_stats
            if isinstance(first, LAYERS) and is_norm:
                yield prefix + layer, prefix + norm, second.eps


def _in_pairs(
    net: nn.Module, state: Mapping[str, Tensor], factor: float
) -> dict[str, Tensor]:
    """The tensors that change as two layers after two others share the factor.

    The bias of the second is added after both, and stays. An odd last layer stays.
    """
    modules = net.named_modules()
    layers = [name for name, module in modules if isinstance(module, LAYERS)]
    changed = {}
    for first, second in zip(layers[::2], layers[1::2], strict=False):
        for name in (f"{first}.weight", f"{first}.bias"):
            if name in state:
                changed[name] = factor * state[name]
        changed[f"{second}.weight"] = state[f"{second}.weight"] / factor
    return changed


def centres(
    net: nn.Module, origin: Tensor, factors: Sequence[float], seen: data.Data
) -> tuple[list[Tensor], list[float]]:
    """The rescaled weights (n,) for each factor, and how far outputs are from before.

    The largest difference of any output on any of the images, in float64. Raises
    ArithmeticError where it is more than rounding.
    """
    before = outputs(net, origin.double(), seen)
    found, differences = [], []
    for factor in factors:
        vector = rescaled(net, origin.double(), factor)
        after = outputs(net, vector, seen)
        differences.append(require_unchanged(before, after, factor))
        found.append(vector.to(origin))
    return found, differences


def outputs(net: nn.Module, vector: Tensor, seen: data.Data) -> Tensor:
    """The outputs (images, …) of a net with these weights (n,) in float64."""
    net = copy.deepcopy(net).double().eval()
    weights.assign(vector, net)
    parts = [*seen.train.images.split(100), *seen.test.images.split(100)]
    with torch.no_grad():
        return torch.cat([net(data.exact(part)) for part in parts])


def require_unchanged(before: Tensor, after: Tensor, factor: float) -> float:
    """The largest difference of two nets' outputs; ArithmeticError if it is one."""
    difference = (after - before).abs().max().item()
    size = before.abs().max().item()
    log.info(
        "weights times %g: outputs differ by at most %.3g, the largest is %.3g",
        *(factor, difference, size),
    )
    if not difference <= TOLERANCE * size:
        raise ArithmeticError(
            f"weights times {factor:g} are not the same function in this net: its "
            f"outputs, of at most {size:.3g}, change by {difference:.3g}"
        )
    return difference
