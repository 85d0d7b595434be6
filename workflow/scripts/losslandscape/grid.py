"""The points of a grid: its axes, the cells of each shard, the cells two grids share.

Cells are numbered row by row: cell = row · columns + column, row = y, column = x.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy import ndarray

# Coordinates closer than this are the same point, computed by two roundings.
TOLERANCE = 1e-9


def axis(span: Mapping) -> ndarray:
    """The coordinates of an axis, evenly spaced, ends included (float64)."""
    return np.linspace(span["from"], span["to"], span["points"])


def axes(spans: Mapping) -> list[ndarray]:
    """The x axis, and the y axis of a plane."""
    return [axis(spans[name]) for name in ("x", "y") if name in spans]


def points(axes: Sequence[ndarray]) -> ndarray:
    """The coordinates (cells, axes) of every cell."""
    mesh = np.meshgrid(*axes, indexing="xy")
    return np.stack([coordinates.ravel() for coordinates in mesh], axis=1)


def shard(cells: ndarray, item: str) -> ndarray:
    """The cells of one shard, such as "2-of-7": every seventh, for even work."""
    index, count = map(int, item.split("-of-"))
    return cells[index - 1 :: count]


def shared(fine: Sequence[ndarray], coarse: Sequence[ndarray]) -> tuple:
    """The cells of two grids that are the same points: (cells of fine, of coarse).

    Each grid is its (x, y) axes; coordinates may differ by rounding alone.
    """
    (x, coarse_x), (y, coarse_y) = map(_common, fine, coarse)
    return (
        np.add.outer(y * len(fine[0]), x).ravel(),
        np.add.outer(coarse_y * len(coarse[0]), coarse_x).ravel(),
    )


def assembled(
    axes: Sequence[ndarray], shards: Sequence[Mapping], coarse: Sequence[Mapping] = ()
) -> dict[str, ndarray]:
    """The measures (rows y, columns x) over a whole grid, from those of its shards.

    A shard holds its `cells` and a value of each measure for each cell; a coarse grid
    that is refined gives the values of the cells it shares. Raises ValueError when a
    cell has no value, or two.
    """
    x, y = axes
    parts = [*shards, *(_taken_over(axes, grid) for grid in coarse)]
    filled = np.concatenate([part["cells"] for part in parts])
    if not np.array_equal(np.sort(filled), np.arange(len(x) * len(y))):
        raise ValueError(
            f"{len(filled)} values do not cover the {len(x)}×{len(y)} cells once each"
        )
    order = np.argsort(filled)
    return {
        name: np.concatenate([part[name] for part in parts])[order].reshape(
            len(y), len(x)
        )
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
    cells, taken = shared(axes, (coarse["x"], coarse["y"]))
    values = {name: coarse[name] for name in coarse if name not in ("x", "y")}
    return {"cells": cells} | {name: v.ravel()[taken] for name, v in values.items()}


def _common(fine: ndarray, coarse: ndarray) -> tuple[ndarray, ndarray]:
    close = np.abs(fine[:, None] - coarse[None, :]) < TOLERANCE
    return np.nonzero(close)
