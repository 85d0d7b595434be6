"""Axes to draw into, and what is to be seen on them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from losslandscape import page, style


def square() -> Axes:
    """Axes two inches square."""
    picture = Figure((3, 3), dpi=100)
    FigureCanvasAgg(picture)
    return picture.add_axes((0.2, 0.2, 2 / 3, 2 / 3))


def styled() -> Iterator[Axes]:
    """Axes of two by 1.6 inches, in the look of the figures."""
    with matplotlib.style.context(["default", style.RC]):
        picture = Figure((3, 3))
        FigureCanvasAgg(picture)
        yield picture.add_axes((0.2, 0.2, 2 / 3, 1.6 / 3))


def stays_on_the_page(picture: Figure) -> bool:
    """Whether all that is drawn of a figure is within its page."""
    with matplotlib.style.context(["default", style.RC]):
        picture.canvas.draw()
        drawn = picture.get_tightbbox()
    width, height = picture.get_size_inches()
    is_inside = drawn.x1 <= width and drawn.y1 <= height
    return is_inside and min(drawn.x0, drawn.y0) >= 0


def is_repeatable(draw: Callable[[], Figure], folder: Path) -> bool:
    """Whether a figure that is drawn twice is the same PNG and PDF, to the byte."""
    names = ("a.png", "a.pdf"), ("b.png", "b.pdf")
    for pair in names:
        page.save(draw(), *(folder / name for name in pair))
    both = zip(*names, strict=True)
    return all((folder / a).read_bytes() == (folder / b).read_bytes() for a, b in both)


def found(ax: Axes, kind: type) -> list:
    """What axes hold of a kind."""
    return [artist for artist in ax.get_children() if isinstance(artist, kind)]


def written(ax: Axes) -> list[str]:
    """The lines of text inside of axes."""
    return [line for text in ax.texts for line in text.get_text().split("\n")]


def pixels(ax: Axes, x: float, y: float) -> np.ndarray:
    """The colours (169, RGBA) about a point of the data, each in 0 … 1."""
    ax.figure.canvas.draw()
    column, row = ax.transData.transform((x, y)).astype(int)
    picture = np.asarray(ax.figure.canvas.buffer_rgba())[::-1] / 255
    return picture[row - 6 : row + 7, column - 6 : column + 7].reshape(-1, 4)
