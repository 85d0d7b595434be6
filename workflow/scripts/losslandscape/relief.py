"""A loss as a landscape: how high it stands, how light falls on it, how it is seen.

The base of a landscape is the square −1 … 1, whatever the units of its axes.
"""

import numpy as np
from numpy import ndarray
from scipy.interpolate import PchipInterpolator

from losslandscape import style


def heights(losses: ndarray, clamp: float | None, log: bool) -> ndarray:
    """How high each loss stands: clamped, then ln(loss + 0.1) (Li et al., h52vtp.py).

    What is not finite stands as high as the clamp, or as the highest finite loss.
    """
    roof = top(losses, clamp)
    clamped = np.where(np.isfinite(losses), losses, roof).clip(max=roof)
    return np.log(clamped + 0.1) if log else clamped


def top(losses: ndarray, clamp: float | None) -> float:
    """The loss of the highest point: the clamp, or the highest finite loss, or 0.1."""
    return losses[np.isfinite(losses)].max(initial=0.1) if clamp is None else clamp


def shares(losses: ndarray, roof: float, log: bool) -> ndarray:
    """The heights as shares of the way from loss 0 to the loss of the roof."""
    low, high = heights(np.array([0.0, roof]), roof, log)
    return (heights(losses, roof, log) - low) / (high - low)


def finer(
    xs: ndarray, ys: ndarray, losses: ndarray, points: int
) -> tuple[ndarray, ndarray, ndarray]:
    """A grid of points × points through the measured one: (xs, ys, losses).

    Shape-preserving cubics of ln(loss + 0.1): no hill or valley appears that was not
    measured. What is nearest to a loss that is not finite is not finite.
    """
    columns, rows = (np.linspace(axis[0], axis[-1], points) for axis in (xs, ys))
    logs = PchipInterpolator(xs, heights(losses, None, log=True), axis=1)(columns)
    logs = PchipInterpolator(ys, logs, axis=0)(rows)
    nearest = np.ix_(_nearest(ys, rows), _nearest(xs, columns))
    known = np.isfinite(losses)[nearest]
    return columns, rows, np.where(known, np.exp(logs) - 0.1, np.nan)


def base(axis: ndarray) -> ndarray:
    """An axis stretched to −1 … 1."""
    return 2 * (axis - axis[0]) / np.ptp(axis) - 1


def light(xs: ndarray, ys: ndarray, height: ndarray) -> ndarray:
    """How much light each point gets, 1 where the ground is level (Lambert's law)."""
    slope_y, slope_x = np.gradient(height, ys, xs)
    normals = np.stack([-slope_x, -slope_y, np.ones_like(height)])
    lamp = _direction(*style.LAMP)
    direct = np.tensordot(lamp, normals, 1) / np.linalg.norm(normals, axis=0)
    return style.AMBIENT + (1 - style.AMBIENT) * direct.clip(min=0) / lamp[2]


def seen(x: ndarray, y: ndarray, height: ndarray) -> tuple[ndarray, ndarray]:
    """Where points appear on paper, without perspective: (across, up)."""
    elevation, azimuth = style.VIEW
    across = np.cos(azimuth) * y - np.sin(azimuth) * x
    away = -np.cos(azimuth) * x - np.sin(azimuth) * y
    return across, np.sin(elevation) * away + np.cos(elevation) * height


def _direction(elevation: float, azimuth: float) -> ndarray:
    level = np.cos(elevation)
    return np.array(
        [level * np.cos(azimuth), level * np.sin(azimuth), np.sin(elevation)]
    )


def _nearest(axis: ndarray, points: ndarray) -> ndarray:
    return np.abs(points[:, None] - axis).argmin(axis=1)
