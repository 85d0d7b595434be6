"""How flat the loss of a line or a plane is, and how rough.

Losses lie on an evenly spaced grid, rows y, columns x.
"""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray
from scipy import ndimage, spatial

from losslandscape import basins, grid

# What float32 leaves of a second difference of equal losses, relative to the loss.
ROUNDING = 4 * np.finfo(np.float32).eps


def convexity(losses: ndarray) -> float:
    """The share of inner grid points where the loss on the line or plane is convex."""
    return share(convex(losses))


def convex(losses: ndarray) -> ndarray:
    """Whether the loss on the line or plane is convex at each inner grid point.

    There the Hessian of second differences over the neighbours (in a plane all eight)
    is positive semi-definite, but for rounding; with a neighbour that is not finite it
    is not.

    >>> t = np.linspace(-1, 1, 5)
    >>> bowl = np.add.outer(t**2, t**2)
    >>> bool(convex(bowl).all()), bool(convex(-bowl).any())
    (True, False)
    """
    inner = losses[(slice(1, -1),) * losses.ndim]
    with np.errstate(invalid="ignore", over="ignore"):
        bent = np.diff(losses, 2) if losses.ndim == 1 else _lowest_curvature(losses)
        is_convex = bent >= -ROUNDING * abs(inner)
    return is_convex & np.isfinite(bent)


def solidity(losses: ndarray, level: float) -> float:
    """The share of the convex hull of the points below a level that is below it too.

    1 for a convex region, or none; 0 for several regions. Points that touch at a corner
    are of one region.
    """
    is_below = losses < level
    _, regions = ndimage.label(is_below, structure=np.ones((3, 3)))
    if regions > 1:
        return 0.0
    points = np.argwhere(is_below)
    if len(points) < 3 or np.linalg.matrix_rank(points - points[0]) < 2:
        return 1.0
    # Where all of the hull's edges have a point on their inner side.
    edges = spatial.ConvexHull(points).equations
    everywhere = np.argwhere(np.ones_like(is_below))
    within = (everywhere @ edges[:, :-1].T + edges[:, -1] < grid.TOLERANCE).all(axis=1)
    return len(points) / np.count_nonzero(within)


def minima(losses: ndarray) -> int:
    """How many inner grid points lie lower than each of their neighbours."""
    heights = np.where(np.isfinite(losses), losses, np.inf)
    around = np.ones((3,) * losses.ndim, dtype=bool)
    around[(1,) * losses.ndim] = False
    # Beyond an edge its own points are mirrored, which are no higher than themselves.
    lowest = ndimage.minimum_filter(heights, footprint=around, mode="reflect")
    return int(np.count_nonzero(heights < lowest))


def sharpness(axes: Sequence[ndarray], losses: ndarray, disc: float) -> float:
    """100 (highest loss − centre) / (1 + centre) over the grid points within a radius.

    Keskar et al. (2017), Metric 2.1, with a disc of the plane in place of the box. It
    is infinite or nan if a loss there is, and nan if the grid has no point there but
    the centre.
    """
    start = basins.centre(axes, losses)
    distances = np.linalg.norm(grid.points(axes), axis=1)
    is_within = distances < disc + grid.TOLERANCE
    if not (is_within & (distances > grid.TOLERANCE)).any():
        return np.nan
    highest = losses.ravel()[is_within].max(initial=start)
    with np.errstate(invalid="ignore"):
        return float(100 * (highest - start) / (1 + start))


def share(flags: ndarray) -> float:
    """The share of flags that are set; nan of none."""
    return float(flags.mean()) if flags.size else np.nan


def _lowest_curvature(losses: ndarray) -> ndarray:
    """The lower eigenvalue of the 2×2 second differences, in units of grid steps.

    Its sign is that of the Hessian's: dividing row and column of a matrix by the same
    step keeps the signs of its eigenvalues (Sylvester's law of inertia).
    """
    across, along = losses[1:-1], losses[:, 1:-1]
    xx = np.diff(across, 2)
    yy = np.diff(along, 2, axis=0)
    xy = (losses[2:, 2:] - losses[2:, :-2] - losses[:-2, 2:] + losses[:-2, :-2]) / 4
    return (xx + yy) / 2 - np.hypot((xx - yy) / 2, xy)
