"""Figures made of rows of panels: laid out in inches, captioned as in the paper."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import ascii_lowercase
from textwrap import fill, wrap

import matplotlib.style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from losslandscape import frames, kinds, layout, phrases, style, wording

Place = tuple[float, float, float, float]  # left, bottom, width, height in inches


def figure(rows: Sequence[Sequence[Mapping]]) -> Figure:
    """A figure of rows of entries {kind, options, title, panels}, side by side.

    A panel is {label, names, test_errors, files}; `files` are the arrays of each role,
    a list. What an entry's options are depends on its kind, see `kinds`.
    """
    grid = layout.grid([[_part(entry) for entry in row] for row in rows])
    letters = _letters()
    captions = [_captions(row, letters, grid) for row in rows]
    above = [_above(row, grid) for row in rows]
    below = [_below(*each) for each in zip(rows, captions, strict=True)]
    top = sum(above + below) + style.ROWS * (len(rows) - 1) + style.BOTTOM
    with matplotlib.style.context(["default", style.RC]):
        picture = Figure((grid.width, top))
        for row, texts, up, down in zip(rows, captions, above, below, strict=True):
            _draw(picture, row, texts, grid, top - up)
            top -= up + down + style.ROWS
    return picture


def save(
    picture: Figure, *paths: str | Path, caption: str = "", recipe: str = ""
) -> None:
    """Write a figure as PDF or PNG, by its ending.

    Caption and recipe are in the metadata, as a PDF's subject and keywords, a PNG's
    description and recipe. No date is, so that the same figure is the same bytes again.
    """
    metadata = {
        ".pdf": {"CreationDate": None, "Subject": caption, "Keywords": recipe},
        ".png": {"Software": None, "Description": caption, "Recipe": recipe},
    }
    with matplotlib.style.context(["default", style.RC]):
        for path in paths:
            picture.savefig(path, metadata=metadata[Path(path).suffix])


def _part(entry: Mapping) -> layout.Part:
    frame = frames.of(entry)
    return layout.Part(frame, len(entry["panels"]), _is_shared(entry))


def _is_shared(entry: Mapping) -> bool:
    """Whether one vertical axis serves all panels of an entry."""
    kind, panels = entry["kind"], entry["panels"]
    if kind not in kinds.VERTICAL:
        return False
    axis = kinds.VERTICAL[kind]
    return len({axis(panel, entry["options"]) for panel in panels}) == 1


def _letters() -> Iterator[str]:
    """The letters a, b, … z, aa, ab, …"""
    yield from ascii_lowercase
    yield from (a + b for a in ascii_lowercase for b in ascii_lowercase)


def _captions(
    row: Sequence[Mapping], letters: Iterator[str], grid: layout.Grid
) -> list[str]:
    room = int(grid.room / style.LETTER)
    panels = (panel for entry in row for panel in entry["panels"])
    return [_lines(_caption(panel, next(letters)), room) for panel in panels]


def _lines(caption: str, room: int) -> str:
    """A caption in lines of so many letters, broken after commas if they let it."""
    parts = (part.replace(" ", "\xa0") for part in caption.split(", "))
    lines = wrap(", ".join(parts), room, break_long_words=False)
    if max(map(len, lines), default=0) > room:
        return fill(caption, room)
    return "\n".join(lines).replace("\xa0", " ")


def _caption(panel: Mapping, letter: str) -> str:
    words = panel.get("words", wording.CLASSIFICATION)
    errors = [phrases.value(error, words) for error in panel["test_errors"]]
    words = ", ".join(filter(None, [panel["label"], *errors]))
    return f"({letter}) {words}" if words else ""


def _above(row: Sequence[Mapping], grid: layout.Grid) -> float:
    """The height of a row from the foot of its axes to its top."""
    shapes = [frames.of(entry) for entry in row]
    title = style.TITLE if any(entry.get("title") for entry in row) else 0.0
    return max(frame.ratio * grid.panel + frame.top for frame in shapes) + title


def _below(row: Sequence[Mapping], captions: Sequence[str]) -> float:
    """The height of a row from the foot of its axes to that of its longest caption."""
    bottom = max(frames.of(entry).bottom for entry in row)
    lines = [caption.count("\n") if caption else -1 for caption in captions]
    return bottom + style.LINE * max(lines)


def _draw(
    picture: Figure,
    row: Sequence[Mapping],
    captions: Sequence[str],
    grid: layout.Grid,
    foot: float,
) -> None:
    """Draw the entries of a row, their captions and titles; axes stand on a foot."""
    lefts = iter(grid.row(len(captions)))
    texts = iter(captions)
    bottom = _below(row, ["one line"])
    for entry in row:
        height = frames.of(entry).ratio * grid.panel
        count = len(entry["panels"])
        places = [(next(lefts), foot, grid.panel, height) for _ in range(count)]
        panels = [_axes(picture, *place) for place in places]
        _fill(panels, entry)
        for ax, text in zip(panels, texts, strict=False):
            drop = bottom + style.LINE * text.count("\n")
            ax.annotate(text, (0.5, 0), (0, -72 * drop), **style.CAPTION)
        if entry.get("title"):
            _title(picture, entry["title"], places, foot + _above(row, grid))


def _fill(panels: Sequence[Axes], entry: Mapping) -> None:
    """Draw the panels of an entry, and what they have in common."""
    kind = kinds.KINDS[entry["kind"]]
    pairs = zip(panels, entry["panels"], strict=True)
    bars = [kind(ax, panel, entry["options"]) for ax, panel in pairs]
    naming = kinds.NAMING.get(entry["kind"])
    for ax, panel in zip(panels, entry["panels"], strict=True):
        if naming and panel.get("axes"):
            naming(ax, panel["axes"])
    if _is_shared(entry):
        _write_once(panels)
    _key(panels)
    told = list(zip(panels, bars, strict=True))
    for ax, bar in told if frames.of(entry).bars else told[-1:]:
        if bar:
            bar(_beside(ax))


def _key(panels: Sequence[Axes]) -> None:
    """Name the curves of panels above them, if none does so yet in the figure."""
    picture = panels[0].figure
    found = dict[str, Artist]()  # of all: one may have what the first has not
    for ax in panels:
        for handle, name in zip(*ax.get_legend_handles_labels(), strict=True):
            found.setdefault(name, handle)
    names, handles = list(found), list(found.values())
    legends = filter(None, (ax.get_legend() for ax in picture.axes))
    told = [[text.get_text() for text in legend.get_texts()] for legend in legends]
    if not names or names in told or panels[0].get_legend():
        return
    key = panels[0].legend(handles, names, ncols=len(names), **style.KEY)
    if key.get_window_extent().x1 > picture.bbox.x1:
        key.remove()
        panels[-1].legend(handles, names, ncols=len(names), **style.KEY_RIGHT)


def _beside(ax: Axes) -> Axes:
    """Narrow axes to the right of others."""
    picture = ax.figure
    width, height = picture.get_size_inches()
    place = ax.get_position()
    left = place.x1 * width + style.BAR
    return _axes(picture, left, place.y0 * height, style.BAR, place.height * height)


def _title(picture: Figure, title: str, places: Sequence[Place], top: float) -> None:
    """Write a title over panels, centred, below a height."""
    width, height = picture.get_size_inches()
    middle = (places[0][0] + places[-1][0] + places[-1][2]) / 2
    at = middle / width, (top - style.TITLE_DROP) / height
    picture.text(*at, title, ha="center", va="baseline")


def _write_once(panels: Sequence[Axes]) -> None:
    """Leave the left axis of an entry to its first panel, the right one to its last."""
    for ax in panels:
        for side in ax.get_shared_x_axes().get_siblings(ax):
            left = side.yaxis.get_ticks_position() == "left"
            if ax is not panels[0 if left else -1]:
                side.tick_params("y", labelleft=False, labelright=False)
                side.set_ylabel("")


def _axes(picture: Figure, *place: float) -> Axes:
    width, height = picture.get_size_inches()
    left, bottom, across, up = place
    return picture.add_axes(
        (left / width, bottom / height, across / width, up / height)
    )
