"""What a net and its images decide of axes: the gradient, eigenvectors of the Hessian.

Both are of the mean training loss without weight decay; batch-norm statistics are
constants.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd import grad

from losslandscape import checkpoint, data, hessian, lanczos, losses

log = logging.getLogger(__name__)

# What an eigenvector is found by; two axes that differ in another thing share it.
SEARCH = "which", "tensors", "tolerance", "products", "seed"
ENDS = {"smallest": 0, "largest": 1}


class Pair(NamedTuple):
    """An eigenvector (k,) of norm one, its eigenvalue, and how well both are known.

    The `residual` is ‖Hv − λv‖.
    """

    vector: Tensor
    value: float
    residual: float
    products: int
    converged: bool


def gradient(
    net: nn.Module, split: data.Split, tensors: str
) -> Callable[[Tensor], Tensor]:
    """The function that gives a point (n,) the gradient (n,) of the mean loss there.

    It is nought for the `hessian.constants` of `tensors`.
    """
    parts = losses.parts(net, split, hessian.constants(net, tensors))

    def at(point: Tensor) -> Tensor:
        point = point.detach().requires_grad_()
        slopes = (grad(part(point), point)[0] for part in parts)
        return sum(slopes, torch.zeros_like(point))

    return at


def eigenpair(
    product: hessian.Product, start: Tensor, search: Mapping, before: Tensor
) -> Pair:
    """The eigenpair next to those `before` (m, k), from one end of a spectrum.

    `search` says from which end, how exactly, and with how many products at most. The
    component of the vector that is largest in size is positive. Raises ValueError where
    no vector is left, ArithmeticError for an operator that is not finite.
    """
    left = len(start) - len(before)
    if left < 1:
        raise ValueError(
            f"{len(start)} weights have {len(start)} eigenvectors: "
            f"there is none of index {len(before)}"
        )

    def apart(vector: Tensor) -> Tensor:
        return vector - (before @ vector) @ before

    ends = lanczos.extremes(
        lambda vector: apart(product(apart(vector))),
        apart(start),
        search["tolerance"],
        min(search["products"], left),
    )
    vector = apart(ends.vectors[ENDS[search["which"]]])
    if not ends.converged:
        log.warning(
            "eigenvector %d did not converge: it needs more than %d products, "
            "or a larger tolerance",
            *(len(before), ends.products),
        )
    if not vector.isfinite().all():
        raise ArithmeticError("the Hessian is not finite: it has no eigenvectors")
    vector = vector / vector.norm() * vector[vector.abs().argmax()].sign()
    image = product(vector)
    value = vector @ image
    residual = (image - value * vector).norm()
    return Pair(vector, value.item(), residual.item(), ends.products, ends.converged)


def measured(
    axes: Sequence[Mapping],
    net: nn.Module,
    split: data.Split,
    point: Tensor,
    memory: checkpoint.Checkpoint,
) -> tuple[Tensor, list[dict]]:
    """The vectors (k, n) at a point of the axes that need one, and facts about them.

    Those are a `gradient`, as it is, and an `eigenvector`, of norm one; others are left
    out. Every eigenvector that is found goes to `memory`.
    """
    pairs = _pairs(axes, net, split, point, memory)
    vectors, told = [], []
    for axis in axes:
        if "gradient" in axis:
            vector = gradient(net, split, axis["gradient"]["tensors"])(point)
            told.append({"norm": vector.norm().item()})
            vectors.append(vector)
        if "eigenvector" in axis:
            how = axis["eigenvector"]
            pair = pairs[_key(how, how["index"])]
            places = hessian.included(net, how["tensors"]).nonzero()[:, 0]
            blank = torch.zeros_like(point)
            vectors.append(blank.index_copy(0, places, pair.vector))
            told.append(_told(pair))
    return torch.stack(vectors), told


def _pairs(
    axes: Sequence[Mapping],
    net: nn.Module,
    split: data.Split,
    point: Tensor,
    memory: checkpoint.Checkpoint,
) -> dict[str, Pair]:
    """All eigenpairs that axes need, those nearer to an end among them, each once."""
    chosen = [axis["eigenvector"] for axis in axes if "eigenvector" in axis]
    wanted = {
        _key(how, index): (how, index)
        for how in chosen
        for index in range(how["index"] + 1)
    }
    kept = memory.load() or {}
    found = {key: _pair(kept, key, point) for key in wanted if key in kept}
    for key in [key for key in wanted if key not in found]:
        how, index = wanted[key]
        product = hessian.operator(net, split, how["tensors"])(point)
        size = int(hessian.included(net, how["tensors"]).sum())
        start = lanczos.directions(index + 1, size, how["seed"])[index].to(point)
        nearer = [found[_key(how, number)].vector for number in range(index)]
        before = torch.stack(nearer) if nearer else point.new_empty(0, size)
        found[key] = eigenpair(product, start, how, before)
        numbers = torch.tensor(found[key][1:], dtype=torch.float64)
        kept |= {key: found[key].vector, f"{key} numbers": numbers}
        memory.save(kept)
    return found


def _key(how: Mapping, index: int) -> str:
    return json.dumps([*(how[name] for name in SEARCH), index])


def _pair(kept: Mapping[str, Tensor], key: str, like: Tensor) -> Pair:
    """A pair that was kept."""
    value, residual, products, converged = kept[f"{key} numbers"].tolist()
    return Pair(kept[key].to(like), value, residual, int(products), bool(converged))


def _told(pair: Pair) -> dict:
    """What an artifact says of an eigenvector."""
    numbers = pair._asdict()
    numbers.pop("vector")
    return {"eigenvalue": numbers.pop("value")} | numbers
