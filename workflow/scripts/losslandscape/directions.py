"""Directions in weight space: random, to other solutions, or along a run's own way.

Li et al., section 4: d_ij ← d_ij / ‖d_ij‖ · ‖θ_ij‖ for filter j of layer i. Tensors of
two or more dimensions are normalised, a filter being a slice along the first axis (a
neuron, in a fully connected layer); biases and batch-norm tensors are set to zero
(`ignore: biasbn`) or, as in the official code, to a copy of the weights (`nothing`).

Of other tensors the shape decides in the same way (docs/filters.md):

    embedding, attention, recurrent     a word's vector, a channel of a query, key or
                                        value, a gate of a hidden unit
    transposed convolution              an input channel, the first axis it has
    complex                             a slice with the norm of its moduli
    gains of norms, scalars, biases     none: of one dimension or less, left in place
    frozen parameters                   none: left in place, whatever is ignored

Section 7: for the way of a run, its two principal components; and, for contrast, the
direction to its initial point with a random one.

All is done tensor by tensor, by their names: no net is needed. Those of several
directions are (count, shape of the tensor).
"""

import hashlib
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from losslandscape import complexes, components, norms
from losslandscape.store import Named

# The official code's guard against filters that are drawn as zero.
TINY = 1e-10

# The square of a triangle's height, as a share of its side's, that is rounding alone.
FLAT = 1e-10


class Start(NamedTuple):
    """Where directions begin: a run's tensors by name, and which are not learnt.

    `buffers` names tensors that are no parameters, `frozen` parameters that stay.
    """

    weights: Named
    buffers: Set[str]
    frozen: Set[str] = frozenset()


class Leads(NamedTuple):
    """What directions come from beside chance: other solutions, and the run's own way.

    `way` is (k, …); `measured` (m, …) are vectors that a net decides (`named_axes`).
    """

    targets: Sequence[Named]
    way: Named
    measured: Named


def span(start: Start, count: int, choice: Mapping, leads: Leads) -> dict[str, ndarray]:
    """The directions (count, …) that a config chooses, of one kind for all."""
    ((kind, options),) = choice.items()
    origin, buffers, _ = start
    if kind == "difference":
        return difference(origin, buffers, leads.targets, options["of"])
    if kind == "triangle":
        return triangle(origin, buffers, leads.targets)
    if kind == "principal":
        found = principal(leads.way, buffers, **options)
    elif kind == "initial":
        found = initial(start, leads.way, options)
    else:
        return drawn(start, count, **options)
    return {name: part[:count] for name, part in found.items()}


def drawn(start: Start, count: int, seed: int, **how: str) -> dict[str, ndarray]:
    """Random directions; see `random` for how they are normalised.

    Frozen parameters stay where they are.
    """
    draws = {
        name: _draws(seed, name, (count, *weight.shape), weight.dtype)
        for name, weight in start.weights.items()
    }
    found = random(start.weights, start.buffers, draws, **how)
    return {
        name: np.zeros_like(part) if name in start.frozen else part
        for name, part in found.items()
    }


def random(
    origin: Named,
    buffers: Set[str],
    draws: Named,
    normalise: str,
    ignore: str,
    of: str,
) -> dict[str, ndarray]:
    """Gaussian draws as directions, normalised against the origin."""
    directions = {
        name: normalised(draw, origin[name], normalise)
        if origin[name].ndim > 1
        else np.full_like(draw, origin[name] * (ignore == "nothing"))
        for name, draw in draws.items()
    }
    return _of(of, buffers, directions)


def difference(
    origin: Named, buffers: Set[str], targets: Sequence[Named], of: str
) -> dict[str, ndarray]:
    """The directions that lead from the origin to other solutions."""
    directions = {
        name: np.stack([target[name] - weight for target in targets])
        for name, weight in origin.items()
    }
    return _of(of, buffers, directions)


def triangle(
    origin: Named, buffers: Set[str], targets: Sequence[Named]
) -> dict[str, ndarray]:
    """The two directions of the plane through the origin and two more places.

    The first leads to the first place; the second is orthogonal to it, and leads from
    the line through both to the second place (Garipov et al., section 3.2). Statistics
    of batch norm count for nothing. Raises ValueError for places on one line.
    """
    base, height = (difference(origin, buffers, [each], "weights") for each in targets)
    square = norms.inner(base, base)[0, 0]
    share = norms.inner(base, height)[0, 0] / (square or 1.0)
    upright = {name: height[name] - share * base[name] for name in base}
    side, rise = (norms.inner(part, part)[0, 0] for part in (height, upright))
    if not square or rise <= FLAT * side:
        raise ValueError("three places on one line, or less, span no plane")
    return {
        name: np.concatenate([base[name], upright[name]]).astype(part.dtype)
        for name, part in origin.items()
    }


def place(target: Named, origin: Named) -> dict[str, ndarray]:
    """Where a direction leads: a solution, or of a curve's bends (bends, …) the middle.

    Bends have an axis more than the origin.
    """
    return {
        name: part[len(part) // 2] if part.ndim > origin[name].ndim else part
        for name, part in target.items()
    }


def initial(start: Start, way: Named, options: Mapping) -> dict[str, ndarray]:
    """The direction to a run's initial point, and a random one (Figure 8).

    What is ignored, biases and batch norm, the random one alone leaves in place, so
    that the initial point is at x = 1. Raises ValueError when it is the origin.
    """
    first = {name: part[0] for name, part in way.items()}
    back = difference(start.weights, start.buffers, [first], options["of"])
    if not any(part.any() for part in back.values()):
        raise ValueError("the initial weights of the run are its last ones")
    aside = drawn(start, 1, **options)
    return {name: np.concatenate([part, aside[name]]) for name, part in back.items()}


def principal(
    way: Named, buffers: Set[str], ignore: str, of: str, number: int = 2
) -> dict[str, ndarray]:
    """The first principal components of a run's way (k, …), from its last point.

    Each is as long as the way's largest coordinate on it, so that a grid from −1.2 to
    1.2 holds the way; a coordinate times this length is a Euclidean one.
    """
    moved = {
        name: part
        for name, part in way.items()
        if (part.ndim > 2 or ignore == "nothing")
        and (of == "states" or name not in buffers)
    }
    found = components.principal(moved, number)
    reach = np.abs(found.coordinates).max(0)
    return {
        name: _each(reach.astype(part.dtype), found.directions[name])
        if name in moved
        else np.zeros_like(part[:number])
        for name, part in way.items()
    }


def normalised(draws: ndarray, weight: ndarray, how: str) -> ndarray:
    """Draws (count, …) of a tensor, scaled to the norms of the weights they move.

    >>> weight = np.array([[3.0, 4.0], [0.0, 2.0]])  # filters of norm 5 and 2
    >>> draw = np.array([[[1.0, 0.0], [0.0, 7.0]]])
    >>> normalised(draw, weight, "filter").round(6).tolist()
    [[[5.0, 0.0], [0.0, 2.0]]]
    """
    if how == "none":
        return draws
    if how == "weight":
        return draws * weight
    if how == "layer":
        lengths = np.linalg.norm(draws.reshape(len(draws), -1), axis=1)
        return _each(np.linalg.norm(weight) / (lengths + TINY), draws)
    return _each(norms.of_filters(weight) / (norms.of_filters(draws, 2) + TINY), draws)


def _draws(seed: int, name: str, shape: Sequence[int], kind: np.dtype) -> ndarray:
    """Standard normal numbers of a type, of a complex one both parts."""
    if kind.kind != "c":
        return _numbers(seed, name, shape).astype(kind)
    pairs = _numbers(seed, name, (*shape, 2)).astype(kind.type(0).real.dtype)
    return complexes.shaped(pairs, shape[1:], True)


def _numbers(seed: int, name: str, shape: Sequence[int]) -> ndarray:
    """Standard normal numbers of float32, which a tensor's name and a seed decide.

    The first of several draws (count, …) are those of fewer.
    """
    digest = hashlib.sha256(f"{seed} {name}".encode()).digest()
    generator = np.random.default_rng(int.from_bytes(digest[:16], "big"))
    return generator.standard_normal(shape, np.float32)


def _each(factors: ndarray, tensor: ndarray) -> ndarray:
    """A tensor with each of its first axes' entries times a factor of its own."""
    return tensor * factors.reshape(*factors.shape, *[1] * (tensor.ndim - factors.ndim))


def _of(of: str, buffers: Set[str], directions: Named) -> dict[str, ndarray]:
    """The directions, moving batch-norm statistics only if they are of states."""
    return {
        name: np.zeros_like(part) if of == "weights" and name in buffers else part
        for name, part in directions.items()
    }
