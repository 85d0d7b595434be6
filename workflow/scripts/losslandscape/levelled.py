"""Levels written on the lines of a contour plot, as on a map."""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.transforms import Bbox
from numpy import ndarray
from numpy.typing import ArrayLike

from losslandscape import style


def label(
    ax: Axes,
    drawn: QuadContourSet,
    clear: ArrayLike = (),
    steep: float = style.LABEL_STEEP,
) -> None:
    """Write levels on lines where they run flat and straight, far from each other.

    Points (k, 2) that are to stay clear are not written on, nor are lines that are
    steeper (rad).
    """
    inches = ax.transData - ax.figure.dpi_scale_trans
    window = ax.bbox.transformed(ax.figure.dpi_scale_trans.inverted())
    taken = window.min + style.NOTE_ROOM
    clear = inches.transform(np.reshape(clear, (-1, 2)))
    for level, line in _longest(drawn):
        places, slopes = _spots(inches.transform(line), window)
        flat = abs(slopes) < steep
        places, slopes = places[flat], slopes[flat]
        room = np.hypot(*(places[:, None] - taken).T).min(axis=0)
        near = np.hypot(*(places[:, None] - clear).T).min(axis=0, initial=np.inf)
        room = np.minimum(room, near * style.LABEL_ROOM / style.LABEL_SPAN)
        room = room.clip(max=2 * style.LABEL_ROOM)
        if room.max(initial=0) >= style.LABEL_ROOM:
            best = (room - 0.1 * abs(slopes)).argmax()
            taken = np.vstack([taken, places[best]])
            x, y = inches.inverted().transform(places[best])
            turn = (np.rad2deg(slopes[best]) + 60) % 180 - 60  # never downwards
            ax.text(x, y, f"{level:g}", rotation=turn, **style.LABEL)


def _longest(drawn: QuadContourSet) -> Iterator[tuple[float, ndarray]]:
    """The three longest lines of each level, as (level, points)."""
    for level, pieces in zip(drawn.levels, drawn.allsegs, strict=True):
        for line in sorted(pieces, key=len)[:-4:-1]:
            if len(line) > 1:
                yield level, line


def _spots(line: ndarray, window: Bbox) -> tuple[ndarray, ndarray]:
    """Where a label fits a line (n, 2) in inches: places (m, 2) and slopes (m,)."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], steps.cumsum()])
    half = style.LABEL_SPAN / 2
    middles = np.arange(half, along[-1] - half, half / 3)
    low, high = np.sort([line[:-1], line[1:]], axis=0)
    seen = ((low < window.max) & (high > window.min)).all(axis=1)
    middles = middles[seen[np.searchsorted(along, middles) - 1]]
    before, places, after = (
        np.stack([np.interp(middles + shift, along, part) for part in line.T], axis=1)
        for shift in (-half, 0, half)
    )
    chords = (after - before) * np.where(after < before, -1, 1)[:, :1]
    slopes = np.arctan2(chords[:, 1], chords[:, 0])
    straight = np.hypot(*chords.T) > style.LABEL_STRAIGHT * style.LABEL_SPAN
    inside = ((places > window.min + half) & (places < window.max - half)).all(axis=1)
    fits = straight & inside
    return places[fits], slopes[fits]
