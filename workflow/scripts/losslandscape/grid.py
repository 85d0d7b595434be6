"""The points of a grid: its axes, the cells of each shard, the cells two grids share.

Cells are numbered row by row: cell = row · columns + column, row = y, column = x; in a
volume layer by layer, layer = z.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy import ndarray

# Coordinates closer than this are the same point, computed by two roundings.
TOLERANCE = 1e-9

NAMES = "x", "y", "z"


def axis(span: Mapping) -> ndarray:
    """The coordinates of an axis, evenly spaced, ends included (float64)."""
    return np.linspace(span["from"], span["to"], span["points"])


def axes(spans: Mapping) -> list[ndarray]:
    """The x axis, the y axis of a plane, and the z axis of a volume."""
    return [axis(spans[name]) for name in NAMES if name in spans]


def named(axes: Sequence[ndarray]) -> dict[str, ndarray]:
    """The axes of a grid by their names."""
    return dict(zip(NAMES, axes, strict=False))


def shape(axes: Sequence[ndarray]) -> tuple[int, ...]:
    """The shape of an array over a grid: (rows, columns), (layers, rows, columns)."""
    return tuple(len(axis) for axis in reversed(axes))


def points(axes: Sequence[ndarray]) -> ndarray:
    """The coordinates (cells, axes) of every cell.

    >>> points([axis({"from": -1, "to": 1, "points": 3}), np.array([0.0, 5.0])])[:4]
    array([[-1.,  0.],
           [ 0.,  0.],
           [ 1.,  0.],
           [-1.,  5.]])
    """
    mesh = np.meshgrid(*reversed(axes), indexing="ij")
    return np.stack([coordinates.ravel() for coordinates in reversed(mesh)], axis=1)


def shard(cells: ndarray, item: str) -> ndarray:
    """The cells of one shard, such as "2-of-7": every seventh, for even work.

    >>> shard(np.arange(9), "2-of-4")
    array([1, 5])
    """
    index, count = map(int, item.split("-of-"))
    return cells[index - 1 :: count]


def shared(fine: Sequence[ndarray], coarse: Sequence[ndarray]) -> tuple:
    """The cells of two grids that are the same points: (cells of fine, of coarse).

    Each grid is its axes; coordinates may differ by rounding alone.
    """
    places = [_common(*pair) for pair in zip(fine, coarse, strict=True)]
    both = zip(zip(*places, strict=True), (fine, coarse), strict=True)
    return tuple(
        np.ravel_multi_index(np.ix_(*reversed(chosen)), shape(axes)).ravel()
        for chosen, axes in both
    )


def assembled(
    axes: Sequence[ndarray], shards: Sequence[Mapping], coarse: Sequence[Mapping] = ()
) -> dict[str, ndarray]:
    """The measures, of a `shape`, over a whole grid, from those of its shards.

    A shard holds its `cells` and a value of each measure for each cell; a coarse grid
    that is refined gives the values of the cells it shares. Raises ValueError when a
    cell has no value, or two.
    """
    parts = [*shards, *(_taken_over(axes, grid) for grid in coarse)]
    filled = np.concatenate([part["cells"] for part in parts])
    if not np.array_equal(np.sort(filled), np.arange(math.prod(shape(axes)))):
        sides = "×".join(str(len(axis)) for axis in axes)
        raise ValueError(
            f"{len(filled)} values do not cover the {sides} cells once each"
        )
    order = np.argsort(filled)
    return {
        name: np.concatenate([part[name] for part in parts])[order].reshape(shape(axes))
        for name in parts[0]
        if name != "cells"
    }


def fresh(axes: Sequence[ndarray], coarse: Sequence[Mapping] = ()) -> ndarray:
    """The cells that no coarse grid has measured already."""
    cells = np.arange(len(points(axes)))
    for grid in coarse:
        cells = np.setdiff1d(cells, _taken_over(axes, grid)["cells"])
    return cells


def _taken_over(axes: Sequence[ndarray], coarse: Mapping) -> dict[str, ndarray]:
    """A coarse grid's values as if they were a shard of the fine one."""
    names = [name for name in NAMES if name in coarse]
    cells, taken = shared(axes, [coarse[name] for name in names])
    values = {name: coarse[name] for name in coarse if name not in names}
    return {"cells": cells} | {name: v.ravel()[taken] for name, v in values.items()}


def _common(fine: ndarray, coarse: ndarray) -> tuple[ndarray, ndarray]:
    close = np.abs(fine[:, None] - coarse[None, :]) < TOLERANCE
    return np.nonzero(close)
