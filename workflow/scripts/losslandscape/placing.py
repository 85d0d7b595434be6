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
CROSSING = 20.0  # what a line through a name or a point costs, in units of area
ALONG = np.linspace(0, 1, 13)[:, None]  # where a line is looked at


def offsets(
    points: ndarray, sizes: ndarray, window: ndarray, gaps: ndarray
) -> tuple[ndarray, ndarray]:
    """From each point (n, 2) to the middle of its name (n, 2), and at which gap (n,).

    `sizes` (n, 2) are of the names, `gaps` how far a name may be from its point, the
    nearest first, which is the size of points too. From farther ones a line leads back.
    """
    rings, sides = np.divmod(np.arange(len(gaps) * len(COMPASS)), len(COMPASS))
    ways = COMPASS[sides] * (gaps[rings, None] + sizes[:, None] / 2)
    boxes = _boxes(points[:, None] + ways, sizes[:, None])
    lines = ALONG * (ways * (rings > 0)[:, None])[:, :, None] + points[:, None, None]
    marks = _boxes(points, np.full_like(points, gaps[0]))
    fixed = FARTHER * rings + 0.01 * sides + OUTSIDE * _beyond(boxes, window)
    everyone = np.arange(len(points))
    others = everyone[:, None] != everyone
    fixed = fixed + _overlap(boxes[:, :, None], marks).sum(axis=2)
    through = _through(lines[:, :, None], marks) & others[:, None]
    fixed = fixed + CROSSING * through.sum(axis=2)
    chosen = fixed.argmin(axis=1)
    for name in np.tile(everyone, SWEEPS):
        rest = everyone[others[name]], chosen[others[name]]
        met = _overlap(boxes[name, :, None], boxes[rest]).sum(axis=1)
        crossed = _through(lines[name, :, None], boxes[rest]).sum(axis=1)
        crossed = crossed + _through(lines[rest], boxes[name, :, None]).sum(axis=1)
        chosen[name] = (fixed[name] + met + CROSSING * crossed).argmin()
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


def _through(lines: ndarray, boxes: ndarray) -> ndarray:
    """Whether lines, as points (…, k, 2) on them, pass through boxes."""
    low, high = boxes[..., None, 0, :], boxes[..., None, 1, :]
    return ((lines > low) & (lines < high)).all(axis=-1).any(axis=-1)
