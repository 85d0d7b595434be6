"""Norms of weights and of directions by filters, and the angle between directions."""

import math
from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from losslandscape import complexes
from losslandscape.store import Named


def of_filters(tensor: ndarray, lead: int = 1) -> ndarray:
    """The Frobenius norm of each filter, (filters,); of a vector, its own, (1,).

    Of complex numbers it is that of their moduli.
    Of several directions' tensor (count, …), with `lead` 2, (count, filters).

    >>> of_filters(np.array([[3.0, 4.0], [6.0, 8.0]])).tolist()
    [5.0, 10.0]
    >>> of_filters(np.array([3.0, 4.0])).tolist()
    [5.0]
    """
    has_filters = tensor.ndim > lead
    first = tensor.shape[:lead] if has_filters else (*tensor.shape[: lead - 1], 1)
    return np.linalg.norm(tensor.reshape(*first, -1), axis=-1)


def table(origin: Named, directions: Named) -> list[dict]:
    """The norm of every filter: of the weights, then of each direction.

    One row for a filter; a bias or batch-norm tensor is one row of its own.
    """
    rows = []
    for name, weight in origin.items():
        columns = [of_filters(weight), *of_filters(directions[name], 2)]
        for index, values in enumerate(np.transpose(columns).tolist()):
            moved = {f"direction{k}_norm": v for k, v in enumerate(values[1:])}
            rows.append(
                {"tensor": name, "filter": index, "weight_norm": values[0]} | moved
            )
    return rows


def inner(left: Named, right: Named) -> ndarray:
    """The inner products (k, m) of k vectors and m others, in float64."""
    pairs = ((_rows(part).astype(float), _rows(right[k])) for k, part in left.items())
    return sum(a @ b.T for a, b in pairs)


def _rows(tensor: ndarray) -> ndarray:
    return complexes.real(tensor).reshape(len(tensor), -1)


def places(origin: Named, directions: Named, targets: Sequence[Named]) -> dict:
    """Where places are in the plane of directions, and how far from each other.

    The origin is the first of the `places`, in multiples of the directions; `distances`
    are Euclidean, in the tensors that the directions move. Nothing is told without
    targets, or of directions that move nothing.
    """
    moved = [name for name, part in directions.items() if part.any()]
    if not moved or not targets:
        return {}
    span = {name: directions[name] for name in moved}
    all_places = {
        name: _rows(np.stack([part[name] for part in (origin, *targets)])).astype(float)
        for name in moved
    }
    ways = {name: part - part[:1] for name, part in all_places.items()}
    # Least squares: directions to two runs may lie on one line.
    found = np.linalg.lstsq(inner(span, span), inner(span, ways))[0].T
    gram = inner(ways, ways)
    squares = np.diag(gram)[:, None] + np.diag(gram) - 2 * gram
    distances = np.sqrt(squares.clip(min=0))
    return {"places": found.tolist(), "distances": distances.tolist()}


def summary(directions: Named) -> dict:
    """Which tensors the directions leave alone, their norms, and the angle between.

    The angle, in degrees, is None for a single direction.
    """
    gram = inner(directions, directions)
    lengths = np.sqrt(np.diag(gram))
    summed: dict = {
        "zeroed": [name for name, part in directions.items() if not part.any()],
        "norms": lengths.tolist(),
        "angle": None,
    }
    if len(gram) == 2:
        cosine = np.clip(gram[0, 1] / lengths.prod(), -1, 1)
        summed["angle"] = math.degrees(math.acos(cosine))
    return summed
