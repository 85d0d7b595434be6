"""The principal components of the way a run took (Li et al., section 7.2)."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from losslandscape import complexes, store
from losslandscape.store import Named

COLUMNS = 2**16  # weights at a time in the Gram matrix: 160 MB for 301 epochs

# A way whose second variance is a smaller share of its first is a straight line, but
# for the rounding of float32.
STRAIGHT = 1e-12


class Components(NamedTuple):
    """Unit directions (2, …) by tensor, their shares of the variance (2,), coordinates.

    Coordinates (k, 2) are about the last point. There may be more than two.
    """

    directions: dict[str, ndarray]
    explained: ndarray
    coordinates: ndarray


def way(path: str | Path) -> dict[str, ndarray]:
    """The tensors of a file of weights on a run's way, each (k, its shape)."""
    vectors, found, start = store.load(path)["weights"], {}, 0
    for name, shape, *is_complex in json.loads(store.attributes(path)["tensors"]):
        stop = start + math.prod(shape) * (2 if is_complex else 1)
        part = vectors[:, start:stop]
        found[name] = complexes.shaped(part, shape, bool(is_complex))
        start = stop
    return found


def principal(points: Named, number: int = 2) -> Components:
    """The first principal components of points, two or more, centred by their mean.

    Each tensor is (k, shape). By the Gram matrix (k, k) in float64, so that the answer
    is one and the same; the first point has no negative coordinate. Raises ValueError
    for points that do not span a plane, or as many dimensions.
    """
    count = len(next(iter(points.values())))
    if count < 3:
        raise ValueError(f"a plane needs three points; {count} were kept")
    if count <= number:
        raise ValueError(f"{number} components need more points; {count} were kept")
    with np.errstate(invalid="ignore"):
        gram = sum(part @ part.T for rows in points.values() for part in _centred(rows))
    if not np.isfinite(gram).all():
        raise ValueError("the weights that were kept are not finite")
    variance, along = (found[..., : -number - 1 : -1] for found in np.linalg.eigh(gram))
    if variance[1] <= STRAIGHT * variance[0]:
        raise ValueError("the weights that were kept lie on a line or are one point")
    if variance[-1] <= STRAIGHT * variance[0]:
        raise ValueError(f"the weights that were kept do not span {number} dimensions")
    coordinates = (along - along[-1]) * np.sqrt(variance)
    sign = np.where(coordinates[0] < 0, -1.0, 1.0)
    mix = (sign * along / np.sqrt(variance)).T
    directions = {
        name: complexes.shaped(
            np.hstack([mix @ part for part in _centred(rows)]),
            rows.shape[1:],
            np.iscomplexobj(rows),
        ).astype(rows.dtype)
        for name, rows in points.items()
    }
    return Components(directions, variance / np.trace(gram), sign * coordinates)


def _centred(rows: ndarray) -> Iterator[ndarray]:
    """A tensor (k, …) as (k, columns) in float64 less its mean, some after others."""
    flat = complexes.real(rows).reshape(len(rows), -1)
    for start in range(0, flat.shape[1], COLUMNS):
        part = flat[:, start : start + COLUMNS].astype(float)
        yield part - part.mean(0)
