"""The region around the centre of a line or a plane where the loss is below a level.

The centre is where the coordinates are 0. Losses lie on an evenly spaced grid (rows y,
columns x) and are linear between its points, bilinear on a plane. A loss that is not
finite stands above every level.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray
from scipy import ndimage

from losslandscape import grid

ABOVE = 1e300  # stands for what is not finite where infinity cannot be interpolated
STEPS = 1000  # steps, at least, in which areas resolve an axis


class Basin(NamedTuple):
    """The region around the centre of a plane where the loss is below a level."""

    radius: float  # of the circle of the same area, in units of the coordinates
    cut: bool  # whether it reaches an edge of the window, which makes it larger
    area: float  # share of the window below the level, in this region or another
    regions: int  # separate regions below the level


class Interval(NamedTuple):
    """The part of a line around its centre where the loss is below a level."""

    left: float  # its reach on either side, in units of the coordinate
    right: float
    cut: bool  # whether it reaches an end of the line, which makes it longer


def centre(axes: Sequence[ndarray], losses: ndarray) -> float:
    """The loss where the coordinates (x[, y]) are 0; nan if that is off the grid."""
    for axis in axes:
        near = np.where(abs(axis) < grid.TOLERANCE, 0, axis)
        losses = np.apply_along_axis(
            lambda row, at: np.interp(0, at, row, np.nan, np.nan), -1, losses, near
        )
    return float(losses)


def on_plane(x: ndarray, y: ndarray, losses: ndarray, level: float) -> Basin:
    """The region around the centre of a plane where the loss is below a level.

    Where the centre is not below the level the radius is 0; where its loss is nan, so
    is the radius. Areas resolve a thousandth of each axis.
    """
    to_rows, to_columns = _between(len(y)), _between(len(x))
    rows, columns = to_rows @ y, to_columns @ x
    heights = to_rows @ np.where(np.isfinite(losses), losses, ABOVE) @ to_columns.T
    labels, regions = ndimage.label(heights < level)
    here = labels[abs(rows).argmin(), abs(columns).argmin()]
    mine = (labels == here) & (labels > 0)
    is_known = not np.isnan(centre([x, y], losses))
    return Basin(
        radius=float(np.sqrt(_area(mine, rows, columns) / np.pi))
        if is_known
        else np.nan,
        cut=bool(is_known and (mine[[0, -1]].any() or mine[:, [0, -1]].any())),
        area=float(_area(labels > 0, rows, columns) / np.ptp(rows) / np.ptp(columns)),
        regions=regions,
    )


def on_line(t: ndarray, losses: ndarray, level: float) -> Interval:
    """The part of a line around its centre where the loss is below a level.

    Where the centre is not below the level it is 0 long; where its loss is nan, so are
    both sides.
    """
    start = centre([t], losses)
    if np.isnan(start):
        return Interval(np.nan, np.nan, False)
    left, is_left_cut = _reach(-t[::-1], losses[::-1], start, level)
    right, is_right_cut = _reach(t, losses, start, level)
    return Interval(left, right, is_left_cut or is_right_cut)


def _between(points: int) -> ndarray:
    """What interpolates values at grid points to a finer axis: (fine, points)."""
    parts = -(-STEPS // (points - 1))
    fine = np.arange(parts * (points - 1) + 1) / parts
    return np.array([np.interp(fine, range(points), one) for one in np.eye(points)]).T


def _area(mask: ndarray, rows: ndarray, columns: ndarray) -> float:
    return float(np.trapezoid(np.trapezoid(mask.astype(float), columns), rows))


def _reach(t: ndarray, losses: ndarray, start: float, level: float) -> tuple:
    """How far right of 0 the loss stays below a level, and whether up to the end."""
    is_ahead = t > 0
    distances = np.append(0, t[is_ahead])
    heights = np.append(start, losses[is_ahead])
    heights = np.where(np.isfinite(heights), heights, np.inf)
    above = np.flatnonzero(heights >= level)
    if not above.size:
        return float(distances[-1]), True
    last = slice(max(above[0] - 1, 0), above[0] + 1)
    return float(np.interp(level, heights[last], distances[last])), False
