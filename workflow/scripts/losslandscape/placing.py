"""Where names stand beside points, off each other, off points and inside a window.

Boxes are their lower left and upper right corners in the last two axes, (…, 2, 2).
"""

import numpy as np
from numpy import ndarray

# The sides of a point, the better ones first.
COMPASS = np.array(
    [
        *([1, 0], [-1, 0], [1, 0.5], [1, -0.5], [-1, 0.5], [-1, -0.5]),
        *([0, 1], [0, -1], [0.8, 1], [-0.8, 1], [0.8, -1], [-0.8, -1]),
    ]
)
SWEEPS = 5
OUTSIDE = 10.0  # how much worse it is to leave the window than to meet another name
FARTHER = 0.3  # what the next gap costs, in units of area


def offsets(
    points: ndarray, sizes: ndarray, window: ndarray, gaps: ndarray
) -> tuple[ndarray, ndarray]:
    """From each point (n, 2) to the middle of its name (n, 2), and at which gap (n,).

    `sizes` (n, 2) are of the names, `gaps` how far a name may be from its point, the
    nearest first: it takes half of this as the point's own size.
    """
    rings, sides = np.divmod(np.arange(len(gaps) * len(COMPASS)), len(COMPASS))
    ways = COMPASS[sides] * (gaps[rings, None] + sizes[:, None] / 2)
    boxes = _boxes(points[:, None] + ways, sizes[:, None])
    marks = _boxes(points, np.full_like(points, gaps[0]))
    fixed = FARTHER * rings + 0.01 * sides + OUTSIDE * _beyond(boxes, window)
    fixed = fixed + _overlap(boxes[:, :, None], marks).sum(axis=2)
    chosen = fixed.argmin(axis=1)
    everyone = np.arange(len(points))
    for _ in range(SWEEPS):
        for name in everyone:
            others = boxes[everyone, chosen][everyone != name]
            met = _overlap(boxes[name][:, None], others).sum(axis=1)
            chosen[name] = (fixed[name] + met).argmin()
    return ways[everyone, chosen], rings[chosen]


def _boxes(middles: ndarray, sizes: ndarray) -> ndarray:
    return np.stack([middles - sizes / 2, middles + sizes / 2], axis=-2)


def _overlap(boxes: ndarray, others: ndarray) -> ndarray:
    """The area that boxes and others have in common."""
    low = np.maximum(boxes[..., 0, :], others[..., 0, :])
    high = np.minimum(boxes[..., 1, :], others[..., 1, :])
    return (high - low).clip(min=0).prod(axis=-1)


def _beyond(boxes: ndarray, window: ndarray) -> ndarray:
    """The area of boxes outside a window."""
    whole = (boxes[..., 1, :] - boxes[..., 0, :]).prod(axis=-1)
    return whole - _overlap(boxes, window)
