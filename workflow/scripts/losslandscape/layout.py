"""Where the panels of a figure stand: columns that all rows share, in inches."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from losslandscape import frames, style


class Part(NamedTuple):
    """The panels of one kind in a row, side by side."""

    frame: frames.Frame
    panels: int
    is_shared: bool  # one vertical axis serves them all


class Grid(NamedTuple):
    """Columns of panels, all of the same width."""

    lefts: ndarray  # the left edge of each column
    panel: float
    width: float
    room: float  # for a caption

    def row(self, panels: int) -> ndarray:
        """The left edges of a row of panels, centred if fewer than the columns."""
        columns = np.arange(len(self.lefts))
        middle = (len(columns) - panels) / 2
        return np.interp(np.arange(panels) + middle, columns, self.lefts)


def grid(rows: Sequence[Sequence[Part]]) -> Grid:
    """Columns for rows of parts, each panel as wide as page and axes' words allow."""
    columns = max(map(_count, rows))
    full = [row for row in rows if _count(row) == columns]
    left = max(row[0].frame.left for row in full)
    right = max(row[-1].frame.right + row[-1].frame.bar for row in full)
    gaps = _widest(rows, columns)
    around = left + gaps.sum() + right
    panel = min(style.PANEL, (style.WIDTH - around) / columns)
    steps = np.concatenate([[0.0], np.cumsum(panel + gaps)])
    return Grid(
        lefts=left + steps,
        panel=panel,
        width=around + panel * columns,
        room=panel + min([*gaps, 2 * left, 2 * right]),
    )


def _count(row: Sequence[Part]) -> int:
    return sum(part.panels for part in row)


def _widest(rows: Sequence[Sequence[Part]], columns: int) -> ndarray:
    """The gaps between columns (columns - 1,) that leave every row the room it needs.

    A row with one panel less stands half a column in, over the middle of two gaps.
    """
    widest = np.zeros(columns - 1)
    for row in rows:
        middle = (columns - _count(row)) / 2
        for number, gap in enumerate(_gaps(row)):
            for edge in np.floor, np.ceil:
                column = int(edge(number + middle))
                widest[column] = max(widest[column], gap)
    return widest


def _gaps(row: Sequence[Part]) -> list[float]:
    """The room between each two panels of a row."""
    inner = [[_inner(part)] * (part.panels - 1) for part in row]
    between = [
        one.frame.right + one.frame.bar + other.frame.left
        for one, other in pairwise(row)
    ]
    gaps = list(inner[0])
    for gap, more in zip(between, inner[1:], strict=True):
        gaps += [gap, *more]
    return gaps


def _inner(part: Part) -> float:
    frame = part.frame
    room = frame.gap if part.is_shared else max(frame.gap, frame.right) + frame.left
    return room + frame.bar if frame.bars else room
