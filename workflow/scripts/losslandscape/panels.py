"""What a figure draws: rows of entries, their panels with labels, errors and files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from losslandscape import layers, phrases, study

# What an entry says beside how it is drawn.
NAMES = {
    *("plane", "runs", "panels", "table", "label", "title", "directions"),
    *("curves", "pairs", "ensembles", "single", "guests"),
}
ONE = {"widths", "budgets"}  # kinds of which an entry is one panel
COLUMNS = 5  # panels of one entry side by side


def rows(
    figure: Sequence[Mapping | Sequence[Mapping]],
    panels: Sequence[Mapping],
    loaded: Sequence,
) -> list[list[dict]]:
    """The rows that `page.figure` takes, from a figure's rows in the config.

    `panels` are {label, names, roles} of all entries in order, with the shape of the
    `curve` in a plane, the names of its `axes` and the `colours` of ways, if there are;
    `loaded` is what the files of all these roles hold. A panel's test errors, in %, are
    those at the end of training. Panels that do not fit one row go on in the next.
    """
    files = iter(loaded)
    whole = (_panel(panel, files) for panel in panels)
    drawn: list[list[dict]] = []
    for row in figure:
        entries = [_entry(kind, entry, whole) for kind, entry in study.parts(row)]
        drawn += _wrapped(entries) if len(entries) == 1 else [entries]
    return drawn


def _panel(panel: Mapping, files: Iterator) -> dict:
    held: dict[str, list[Any]] = {}
    for role in panel["roles"]:
        held.setdefault(role, []).append(next(files))
    is_grouped = len(panel["names"]) > 1
    errors = [float(past["test_error"][-1]) for past in held.get("history", [])]
    return {
        "label": panel["label"],
        "names": panel["names"],
        "curve": panel.get("curve"),
        "axes": panel.get("axes", []),
        "guests": panel.get("guests", []),
        "colours": panel.get("colours", [0]),
        **({"words": phrases.shown(panel)} if "task" in panel else {}),
        "test_errors": [] if is_grouped else errors,
        "files": held,
    }


def _entry(kind: str, entry: Mapping, panels: Iterator[dict]) -> dict:
    mine = [next(panels) for _ in range(_count(kind, entry))]
    if "directions" in entry and kind != "lines":
        mine = [drawn for panel in mine for drawn in _draws(panel)]
    if kind == "slices":
        mine = [cut for panel in mine for cut in _slices(panel, entry["count"])]
    return {
        "kind": kind,
        "title": entry.get("title", ""),
        "options": {key: entry[key] for key in entry.keys() - NAMES},
        "panels": mine,
    }


def _count(kind: str, entry: Mapping) -> int:
    """How many panels an entry has."""
    if kind in ONE:
        return 1
    shown = [len(entry.get(name, [])) for name in ("runs", "pairs", "panels")]
    return sum(shown) or 1


def _draws(panel: Mapping) -> list[dict]:
    """A panel for each of the planes that were drawn of one run."""
    (repeats,) = panel["files"]["repeats"]
    grid = {axis: repeats[axis] for axis in ("x", "y")}
    measures = {name: values for name, values in repeats.items() if values.ndim == 3}
    return [
        dict(panel)
        | {
            "label": f"seed {seed}",
            "test_errors": [],
            "files": {
                "surface": [grid | {name: v[draw] for name, v in measures.items()}]
            },
        }
        for draw, seed in enumerate(np.atleast_1d(repeats["seeds"]))
    ]


def _slices(panel: Mapping, count: int) -> list[dict]:
    """A panel for each of some layers of a volume; the first names the net."""
    (volume,) = panel["files"]["volume"]
    shown = layers.chosen(volume["z"], count)
    before = f"{panel['axes'][2]}: " if panel["axes"] else "$z$ = "
    values = [f"{volume['z'][layer]:g}".replace("-", "−") for layer in shown]
    heights = [before + value for value in values]
    first = {"label": f"{panel['label']}, {heights[0]}"}
    rest = [{"label": height, "test_errors": []} for height in heights[1:]]
    return [
        dict(panel) | named | {"layer": layer}
        for named, layer in zip([first, *rest], shown, strict=True)
    ]


def _wrapped(entries: Sequence[dict]) -> list[list[dict]]:
    """An entry of many panels as rows of few, the title over the first."""
    (entry,) = entries
    panels = entry["panels"]
    pieces = [panels[k : k + COLUMNS] for k in range(0, len(panels), COLUMNS)]
    return [
        [entry | {"panels": piece, "title": "" if number else entry["title"]}]
        for number, piece in enumerate(pieces)
    ]
