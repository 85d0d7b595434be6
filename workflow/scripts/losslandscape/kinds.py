"""Kinds of panels: from what a panel holds and its entry's options to a picture."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from matplotlib.axes import Axes

from losslandscape import draw, relief, style

Bar = Callable[[Axes], None]  # draws a colour bar into axes of its own
Kind = Callable[[Axes, Mapping, Mapping], Bar | None]


def contours(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """The level sets of a measure."""
    measure = _measure(options)
    (held,) = panel["files"]["surface"]
    levels = style.LINE_LEVELS[measure]
    draw.contours(ax, held["x"], held["y"], held[measure], levels)


def filled(ax: Axes, panel: Mapping, options: Mapping) -> Bar:
    """The bands between levels of a measure, with a colour bar."""
    measure = _measure(options)
    (held,) = panel["files"]["surface"]
    levels = style.BAND_LEVELS[measure]
    bands = draw.filled(ax, held["x"], held["y"], held[measure], levels)
    return partial(draw.bar, mappable=bands, name=style.NAMES[measure])


def surfaces(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """A measure as a landscape; options `clamp`, `log` and `points`."""
    look = {name: options[name] for name in relief.Look._fields if name in options}
    (held,) = panel["files"]["surface"]
    losses = held[_measure(options)]
    draw.surface(ax, held["x"], held["y"], losses, relief.Look(**look))


def lines(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """Losses and accuracies on a line."""
    (held,) = panel["files"]["line"]
    draw.lines(ax, held["t"], *(held[measure] for measure in style.NAMES))


def _measure(options: Mapping) -> str:
    return options.get("measure", "train_loss")


def _rows(panel: Mapping, options: Mapping) -> tuple[float, float]:
    ys = panel["files"]["surface"][0]["y"]
    return ys[0], ys[-1]


def _same(panel: Mapping, options: Mapping) -> None:
    """One axis for all panels of a kind."""


KINDS: dict[str, Kind] = {
    "contours": contours,
    "filled": filled,
    "surfaces": surfaces,
    "lines": lines,
}

# What the vertical axis of a panel depends on. Equal ones are written once in an entry;
# kinds that are not here have axes of their own.
VERTICAL: dict[str, Callable[[Mapping, Mapping], Any]] = {
    "contours": _rows,
    "filled": _rows,
    "surfaces": _same,
    "lines": _same,
}
