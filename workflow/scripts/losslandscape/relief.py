"""A loss as a landscape: how high it stands, how light falls on it, how it is seen.

Heights are shares of the way from loss 0 to the highest loss drawn. The base is the
square from -1 to 1, whatever the units of its axes.
"""

from typing import NamedTuple

import numpy as np
from numpy import ndarray

from losslandscape import style


class Look(NamedTuple):
    """How a loss becomes a landscape."""

    clamp: float | None = None  # the highest loss drawn
    log: bool = False  # whether ln(loss + 0.1) is drawn
    points: int | None = None  # each axis drawn with so many points, if not as measured


def raised(losses: ndarray, clamp: float, log: bool) -> ndarray:
    """Losses clamped, then ln(loss + 0.1) if asked (Li et al., h52vtp.py).

    What is not finite stands as high as the clamp.
    """
    clamped = np.where(np.isfinite(losses), losses, clamp).clip(max=clamp)
    return np.log(clamped + 0.1) if log else clamped


def roof(losses: ndarray, look: Look) -> float:
    """The highest loss drawn: the clamp, or the highest finite loss (at least 0.1)."""
    highest = losses[np.isfinite(losses)].max(initial=0.1)
    return float(highest if look.clamp is None else look.clamp)


def heights(losses: ndarray, clamp: float, log: bool) -> ndarray:
    """Raised losses, 0 for a loss of 0 and 1 for the clamp."""
    floor, top = raised(np.array([0.0, clamp]), clamp, log)
    return (raised(losses, clamp, log) - floor) / (top - floor)


def finer(
    xs: ndarray, ys: ndarray, losses: ndarray, points: int
) -> tuple[ndarray, ndarray, ndarray]:
    """A square grid of points through the measured one: (xs, ys, losses).

    Monotone cubics of ln(loss + 0.1) (Fritsch and Butland, 1984): no hill or valley
    appears that was not measured. What is nearest to a loss that is not finite is not.
    """
    columns, rows = (np.linspace(axis[0], axis[-1], points) for axis in (xs, ys))
    logs = raised(losses, roof(losses, Look()), log=True)
    logs = _between(ys, _between(xs, logs, columns).T, rows).T
    known = np.isfinite(losses)[np.ix_(_nearest(ys, rows), _nearest(xs, columns))]
    return columns, rows, np.where(known, np.exp(logs) - 0.1, np.nan)


def base(axis: ndarray) -> ndarray:
    """An axis stretched to run from -1 to 1."""
    return 2 * (axis - axis[0]) / np.ptp(axis) - 1


def light(x: ndarray, y: ndarray, height: ndarray) -> ndarray:
    """The light on a grid over the base, 1 where it is level (Lambert's cosine law)."""
    slope_y, slope_x = np.gradient(style.RELIEF * height, y, x)
    normals = np.stack([-slope_x, -slope_y, np.ones_like(height)])
    elevation, azimuth = style.LAMP
    level = np.cos(elevation)
    lamp = level * np.cos(azimuth), level * np.sin(azimuth), np.sin(elevation)
    direct = np.tensordot(lamp, normals, 1) / np.linalg.norm(normals, axis=0)
    return style.AMBIENT + (1 - style.AMBIENT) * direct.clip(min=0) / lamp[2]


def seen(x: ndarray, y: ndarray, height: ndarray) -> tuple[ndarray, ndarray]:
    """Where points over the base appear on paper, without perspective: (across, up)."""
    elevation, azimuth = style.VIEW
    across = np.cos(azimuth) * y - np.sin(azimuth) * x
    away = -np.cos(azimuth) * x - np.sin(azimuth) * y
    return across, np.sin(elevation) * away + np.cos(elevation) * style.RELIEF * height


def _between(axis: ndarray, values: ndarray, points: ndarray) -> ndarray:
    """Cubics through values (rows, along the axis) at points of the axis."""
    tangents = _tangents(np.diff(axis), np.diff(values) / np.diff(axis))
    cell = np.searchsorted(axis[1:-1], points, side="right")
    width = np.diff(axis)[cell]
    u = (points - axis[cell]) / width
    steps = tangents[:, cell] * u * (1 - u) ** 2 - tangents[:, cell + 1] * u**2 * (
        1 - u
    )
    rise = np.diff(values)[:, cell] * u**2 * (3 - 2 * u)
    return values[:, cell] + rise + steps * width


def _tangents(widths: ndarray, slopes: ndarray) -> ndarray:
    """Weighted harmonic means of the slopes on both sides, 0 where these turn."""
    left, right = slopes[:, :-1], slopes[:, 1:]
    before, after = widths[:-1] + 2 * widths[1:], 2 * widths[:-1] + widths[1:]
    means = np.zeros_like(left)
    both = (before + after) * left * right
    np.divide(both, before * right + after * left, out=means, where=left * right > 0)
    return np.hstack([slopes[:, :1], means, slopes[:, -1:]])


def _nearest(axis: ndarray, points: ndarray) -> ndarray:
    return np.abs(points[:, None] - axis).argmin(axis=1)
