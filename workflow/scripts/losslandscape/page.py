"""Figures made of rows of panels: laid out in inches, captioned as in the paper."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import ascii_lowercase
from textwrap import fill
from typing import NamedTuple

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure

from losslandscape import draw, relief, style

Box = tuple[float, float, float, float]  # left, bottom, width, height in inches


class Grid(NamedTuple):
    """The columns that all rows of a figure share, in inches."""

    left: float
    panel: float
    gap: float
    columns: int
    width: float


def figure(rows: Sequence[Mapping]) -> Figure:
    """A figure of rows {kind, options, panels}; a panel is {label, test_error, arrays}.

    `arrays` holds x, y and measures (rows y, columns x), or t and measures on a line.
    Options: `measure` (which to draw), and of surfaces `clamp`, `log` and `points`.
    """
    grid = _grid(rows)
    letters = _letters()
    captions = [_captions(row, letters, grid) for row in rows]
    heights = [_height(*each, grid) for each in zip(rows, captions, strict=True)]
    top = sum(heights) + style.ROWS * (len(rows) - 1) + style.BOTTOM
    with matplotlib.style.context(["default", style.RC]):
        picture = Figure((grid.width, top))
        for row, texts, height in zip(rows, captions, heights, strict=True):
            _draw(picture, row, texts, _boxes(row, grid, top))
            top -= height + style.ROWS
    return picture


def save(picture: Figure, *paths: str | Path, caption: str = "") -> None:
    """Write a figure as PDF or PNG, by its ending, with its caption in the metadata.

    Neither has a date, so that the same figure is the same bytes again.
    """
    metadata = {
        ".pdf": {"CreationDate": None, "Subject": caption},
        ".png": {"Software": None, "Description": caption},
    }
    with matplotlib.style.context(["default", style.RC]):
        for path in paths:
            picture.savefig(path, metadata=metadata[Path(path).suffix])


def contours(ax: Axes, arrays: Mapping, options: Mapping) -> None:
    """The level sets of a measure."""
    measure = _measure(options)
    levels = style.LINE_LEVELS[measure]
    draw.contours(ax, arrays["x"], arrays["y"], arrays[measure], levels)


def filled(ax: Axes, arrays: Mapping, options: Mapping) -> ScalarMappable:
    """The bands between levels of a measure, and what their colour bar needs."""
    measure = _measure(options)
    levels = style.BAND_LEVELS[measure]
    return draw.filled(ax, arrays["x"], arrays["y"], arrays[measure], levels)


def surfaces(ax: Axes, arrays: Mapping, options: Mapping) -> None:
    """A measure as a landscape."""
    look = {name: options[name] for name in relief.Look._fields if name in options}
    losses = arrays[_measure(options)]
    draw.surface(ax, arrays["x"], arrays["y"], losses, relief.Look(**look))


def lines(ax: Axes, arrays: Mapping, options: Mapping) -> None:
    """Losses and accuracies on a line."""
    draw.lines(ax, arrays["t"], *(arrays[measure] for measure in style.NAMES))


KINDS = {
    "contours": contours,
    "filled": filled,
    "surfaces": surfaces,
    "lines": lines,
}


def _measure(options: Mapping) -> str:
    return options.get("measure", "train_loss")


def _grid(rows: Sequence[Mapping]) -> Grid:
    frames = [style.FRAMES[row["kind"]] for row in rows]
    left = max(frame.left for frame in frames)
    right = max(frame.right for frame in frames)
    gap = max(map(_gap, rows))
    columns = max(len(row["panels"]) for row in rows)
    around = left + gap * (columns - 1) + right
    panel = min(style.PANEL, (style.WIDTH - around) / columns)
    return Grid(left, panel, gap, columns, around + panel * columns)


def _gap(row: Mapping) -> float:
    frame = style.FRAMES[row["kind"]]
    return frame.gap if _alike(row) else frame.gap + frame.left


def _alike(row: Mapping) -> bool:
    """Whether one vertical axis serves a row: its panels have the same y, or none."""
    axes = [panel["arrays"].get("y", [0.0]) for panel in row["panels"]]
    return len({(axis[0], axis[-1]) for axis in axes}) == 1


def _letters() -> Iterator[str]:
    """The letters a, b, … z, aa, ab, …"""
    yield from ascii_lowercase
    yield from (a + b for a in ascii_lowercase for b in ascii_lowercase)


def _captions(row: Mapping, letters: Iterator[str], grid: Grid) -> list[str]:
    room = int((grid.panel + grid.gap) / style.LETTER)
    return [fill(_caption(panel, next(letters)), room) for panel in row["panels"]]


def _caption(panel: Mapping, letter: str) -> str:
    error = panel.get("test_error")
    return f"({letter}) {panel['label']}" + ("" if error is None else f", {error:.2f}%")


def _height(row: Mapping, captions: Sequence[str], grid: Grid) -> float:
    """The height of a row down to the foot of its longest caption."""
    frame = style.FRAMES[row["kind"]]
    words = style.LINE * max(caption.count("\n") for caption in captions)
    return frame.top + frame.ratio * grid.panel + frame.bottom + words


def _boxes(row: Mapping, grid: Grid, top: float) -> list[Box]:
    """Where the axes of a row stand; a row with fewer panels is centred."""
    frame = style.FRAMES[row["kind"]]
    height = frame.ratio * grid.panel
    step = grid.panel + grid.gap
    panels = len(row["panels"])
    start = grid.left + step * (grid.columns - panels) / 2
    bottom = top - frame.top - height
    return [(start + step * n, bottom, grid.panel, height) for n in range(panels)]


def _draw(picture: Figure, row: Mapping, captions: list[str], boxes: list[Box]) -> None:
    """Draw the panels of a row, their captions, and what they have in common."""
    kind, options = row["kind"], row.get("options", {})
    panels = [_axes(picture, box) for box in boxes]
    for ax, panel, caption in zip(panels, row["panels"], captions, strict=True):
        shown = KINDS[kind](ax, panel["arrays"], options)
        below = style.FRAMES[kind].bottom + style.LINE * caption.count("\n")
        ax.annotate(caption, (0.5, 0), (0, -72 * below), **style.CAPTION)
    if _alike(row):
        _write_once(panels)
    if panels[0].get_legend_handles_labels()[0]:
        panels[0].legend(**style.KEY)
    if shown:
        left, bottom, width, height = boxes[-1]
        beside = left + width + style.BAR, bottom, style.BAR, height
        draw.bar(_axes(picture, beside), shown, style.NAMES[_measure(options)])


def _write_once(panels: list[Axes]) -> None:
    """Leave the left axis of a row to its first panel, the right one to its last."""
    for ax in panels:
        for side in ax.get_shared_x_axes().get_siblings(ax):
            left = side.yaxis.get_ticks_position() == "left"
            if ax is not panels[0 if left else -1]:
                side.tick_params("y", labelleft=False, labelright=False)
                side.set_ylabel("")


def _axes(picture: Figure, box: Box) -> Axes:
    width, height = picture.get_size_inches()
    left, bottom, across, up = box
    return picture.add_axes(
        (left / width, bottom / height, across / width, up / height)
    )
