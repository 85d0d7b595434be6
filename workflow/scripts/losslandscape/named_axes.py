"""Axes by name that span a line, a plane or a volume, each of a kind of its own.

`random`, `run` (to another solution) and `principal` (of the run's own way) need
tensors alone. A `gradient` and an `eigenvector` are measured from a net (`slopes`);
here they get their lengths. All is done tensor by tensor, as in `directions`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy import ndarray

from losslandscape import directions, norms, study
from losslandscape.store import Named

# The least eigenvalue of the axes' cosines, 1 − cos of two, that is rounding alone.
FLAT = 1e-10


def span(
    start: directions.Start, count: int, choice: Mapping, leads: directions.Leads
) -> dict[str, ndarray]:
    """The directions (count, …) that a config chooses, by name or by a kind for all.

    As `directions.span`. Raises ValueError for axes that do not span as many
    dimensions.
    """
    ((kind, axes),) = choice.items()
    if kind not in ("axes", "orthogonal"):
        return directions.span(start, count, choice, leads)
    origin, ends, vectors = start.weights, iter(leads.targets), _each(leads.measured)
    found = [_axis(axis, start, ends, leads.way, vectors) for axis in axes]
    made = {name: np.concatenate([part[name] for part in found]) for name in origin}
    _require_span(made, axes)
    if kind == "orthogonal":
        made = orthogonal(made, ["run" in axis for axis in axes])
    return {name: part.astype(origin[name].dtype) for name, part in made.items()}


def scaled(vector: Named, origin: Named, how: str) -> dict[str, ndarray]:
    """A vector (1, …) with the length that a config chooses.

    `unit`: one. `whole`: that of the weights that it moves, all together; `layer` and
    `filter`: layer by layer or filter by filter, which turns it. `none`: as it is.
    """
    if how in ("layer", "filter"):
        return {
            name: directions.normalised(part, origin[name], how)
            for name, part in vector.items()
        }
    length = _length(vector)
    if how == "none" or not 0 < length < math.inf:
        return dict(vector)
    moved = {name: origin[name][None] for name, part in vector.items() if part.any()}
    factor = (1.0 if how == "unit" else _length(moved)) / length
    return {name: part * factor for name, part in vector.items()}


def orthogonal(axes: Named, is_fixed: Sequence[bool]) -> dict[str, ndarray]:
    """Axes (k, …) without their parts along those before (Gram-Schmidt), in float64.

    Each has its length again, but for those that are fixed, which lead from the span of
    those before to where they led.
    """
    turned = {name: part.astype(float) for name, part in axes.items()}
    lengths = np.sqrt(np.diag(norms.inner(axes, axes)))
    for index in range(1, len(lengths)):
        # Twice, since what is left may be small.
        for _ in range(2):
            before = {name: part[:index] for name, part in turned.items()}
            one = {name: part[index : index + 1] for name, part in turned.items()}
            squares = np.diag(norms.inner(before, before))
            shares = norms.inner(before, one)[:, 0] / squares
            for name, part in before.items():
                turned[name][index] -= np.tensordot(shares, part, 1)
        if not is_fixed[index]:
            one = {name: part[index : index + 1] for name, part in turned.items()}
            factor = lengths[index] / _length(one)
            for name in turned:
                turned[name][index] *= factor
    return turned


def told(choice: Mapping, span: Named, measured: Sequence[Mapping] = ()) -> dict:
    """What to tell of axes by name: each with its options, and the angles (k, k), in °.

    `measured` is what `slopes` tells of those that it measured. Nothing of directions
    of one kind.
    """
    ((_, axes),) = choice.items()
    if isinstance(axes, Mapping):
        return {}
    facts = iter(measured)
    gram = norms.inner(span, span)
    lengths = np.sqrt(np.diag(gram))
    cosines = np.clip(gram / np.outer(lengths, lengths), -1, 1)
    np.fill_diagonal(cosines, 1)
    return {
        "axes": [
            axis | (next(facts) if study.is_measured(axis) else {}) for axis in axes
        ],
        "angles": np.degrees(np.arccos(cosines)).tolist(),
    }


def _axis(
    axis: Mapping,
    start: directions.Start,
    ends: Iterator[Named],
    way: Named,
    vectors: Iterator[Named],
) -> dict[str, ndarray]:
    """One axis (1, …) from what comes next of places and of measured vectors."""
    ((kind, how),) = axis.items()
    origin, buffers, _ = start
    if kind == "random":
        return directions.drawn(start, 1, **how)
    if kind == "run":
        return directions.difference(origin, buffers, [next(ends)], "weights")
    if kind == "principal":
        index, ignore, of = (how[key] for key in ("index", "ignore", "of"))
        found = directions.principal(way, buffers, ignore, of, max(index + 1, 2))
        return {name: part[index : index + 1] for name, part in found.items()}
    return scaled(next(vectors), origin, how["normalise"])


def _each(measured: Named) -> Iterator[dict[str, ndarray]]:
    """Vectors (m, …) one by one, each (1, …)."""
    count = len(next(iter(measured.values()), []))
    for index in range(count):
        yield {name: part[index : index + 1] for name, part in measured.items()}


def _require_span(axes: Named, named: Sequence[Mapping]) -> None:
    gram = norms.inner(axes, axes)
    lengths = np.sqrt(np.diag(gram))
    for (kind, *_), length in zip(named, lengths, strict=True):
        if not 0 < length < math.inf:
            raise ValueError(
                f"an axis '{kind}' has length {length:g}: it spans nothing"
            )
    cosines = gram / np.outer(lengths, lengths)
    if np.linalg.eigvalsh(cosines)[0] <= FLAT:
        kinds = ", ".join(kind for axis in named for kind in axis)
        raise ValueError(f"the axes {kinds} span less than {len(named)} dimensions")


def _length(vector: Named) -> float:
    """The Euclidean length of a vector (1, …)."""
    return math.sqrt(norms.inner(vector, vector)[0, 0])
