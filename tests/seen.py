"""Axes to draw into, and what is to be seen on them."""

from collections.abc import Iterator

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from losslandscape import style


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
