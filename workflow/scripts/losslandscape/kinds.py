"""Kinds of panels: from what a panel holds and its entry's options to a picture."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from losslandscape import (
    draw,
    graphs,
    joined,
    layers,
    maps,
    paths,
    phrases,
    relief,
    routes,
    scaling,
    snapshots,
    spectra,
    style,
    terrain,
    valleys,
    wording,
)

Bar = Callable[[Axes], None]  # draws a colour bar into axes of its own
Kind = Callable[[Axes, Mapping, Mapping], Bar | None]


def contours(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """The level sets of a measure."""
    measure = _measure(options)
    (held,) = panel["files"]["surface"]
    levels = draw.levels(held[measure], style.LINE_LEVELS[measure], _words(panel))
    draw.contours(ax, held["x"], held["y"], held[measure], levels)


def filled(ax: Axes, panel: Mapping, options: Mapping) -> Bar:
    """The bands between levels of a measure, with a colour bar."""
    measure = _measure(options)
    (held,) = panel["files"]["surface"]
    words = _words(panel)
    levels = draw.levels(held[measure], style.BAND_LEVELS[measure], words)
    bands = draw.filled(ax, held["x"], held["y"], held[measure], levels)
    name = phrases.renamed(style.NAMES, words)[measure]
    return partial(draw.bar, mappable=bands, name=name)


def surfaces(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """A measure as a landscape; options `clamp`, `log` and `points`."""
    (held,) = panel["files"]["surface"]
    losses = held[_measure(options)]
    look = _chosen(relief.Look, options)
    terrain.surface(ax, held["x"], held["y"], losses, look)


def slices(ax: Axes, panel: Mapping, options: Mapping) -> Bar:
    """The bands of a measure on one layer of a volume, with a colour bar."""
    (volume,), measure = panel["files"]["volume"], _measure(options)
    bands = layers.layer(ax, volume, measure, panel["layer"])
    return partial(draw.bar, mappable=bands, name=style.NAMES[measure])


def volumes(ax: Axes, panel: Mapping, options: Mapping) -> Bar:
    """Layers of a volume above each other, with a colour bar; option `count`."""
    (volume,), measure = panel["files"]["volume"], _measure(options)
    bands = layers.stack(ax, volume, measure, options["count"])
    return partial(draw.bar, mappable=bands, name=style.NAMES[measure])


def lines(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """Losses and accuracies on a line, or how they spread over several."""
    if "repeats" in panel["files"]:
        (held,) = panel["files"]["repeats"]
        graphs.band(ax, held["t"], held, _words(panel))
    else:
        (held,) = panel["files"]["line"]
        draw.lines(ax, held["t"], held, _words(panel))


def norms(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """The norm of all weights by epoch."""
    graphs.norms(ax, panel["files"]["history"], panel["names"])


def training(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """Errors of training and test by epoch."""
    histories = panel["files"]["history"]
    graphs.training(ax, histories, panel["names"], _words(panel))


def histograms(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """How weights are distributed; options `range` and `bins`."""
    held, limit = panel["files"]["weights"], options["range"]
    graphs.histograms(ax, held, panel["names"], limit, options["bins"])


def rescalings(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """Losses on a line by the scale of the weights; option `normalised`."""
    (held,) = panel["files"]["rescaling"]
    which = "normalised" if options["normalised"] else "plain"
    scaling.rescalings(ax, held, which)
    if "words" in panel:
        draw.ranged(ax)


def sharpness(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """How sharp the loss is by the scale of the weights."""
    (held,) = panel["files"]["rescaling"]
    scaling.sharpness(ax, held)


def scatter(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """A column `x` of a table against the test error."""
    (table,) = panel["files"]["table"]
    column = options["x"]
    is_bound = np.zeros(len(table["label"]), bool)
    if column == "radius" and "cut" in table:
        is_bound = np.asarray(table["cut"]) == "True"
    graphs.scatter(ax, table[column], table["test_error"], table["label"], is_bound)
    ax.set_ylabel(phrases.renamed(style.NAMES, _words(panel))["test_error"])
    note = " (hollow: a lower bound)" if is_bound.any() else ""
    ax.set_xlabel(column.replace("_", " ").capitalize() + note)


def eigenvalues(ax: Axes, panel: Mapping, options: Mapping) -> Bar:
    """Ends of the Hessian over a plane, with a colour bar; option `value`."""
    (held,) = panel["files"]["curvature"]
    cells = maps.eigenvalues(ax, held, options["value"])
    return partial(maps.bar, cells=cells)


def spectrum(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """How dense the Hessian's eigenvalues are at the centre."""
    (held,) = panel["files"]["spectrum"]
    spectra.spectrum(ax, held)


def way(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """Ways of training over a plane; options `units` and `stretch`."""
    (surface,), held = panel["files"]["surface"], panel["files"]
    names = [*panel["names"], *panel["guests"]]
    ways = list(zip(names, [*held["path"], *held.get("visit", [])], strict=True))
    levels = draw.levels(surface["train_loss"], style.WAY_LEVELS, _words(panel))
    colours = [style.WAYS[k % len(style.WAYS)] for k in panel["colours"]]
    look = _chosen(paths.Look, options)._replace(levels=levels, colours=colours)
    look = look._replace(axes=panel.get("axes", ()))
    paths.way(ax, surface, ways, look)


def iterates(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """Losses of the net and of the plane by epoch, and the distance between."""
    (path,) = panel["files"]["path"]
    paths.iterates(ax, path)


def profiles(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """A `measure` along roads; options `log`, `votes` and `scaled`."""
    shown = _chosen(routes.Shown, options)
    routes.profiles(ax, panel["files"]["profile"], panel["names"], shown)
    ax.set_ylabel(phrases.renamed(joined.NAMES, _words(panel))[shown.measure])


def widths(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """Worst losses and lengths of curves by the width of the net."""
    routes.widths(ax, panel["files"]["profile"], panel["names"])


def planes(ax: Axes, panel: Mapping, options: Mapping) -> Bar:
    """A `measure` over a plane of three; options `start` and `cap`."""
    (surface,), (directions,) = (
        panel["files"][role] for role in ("surface", "directions")
    )
    look = _chosen(valleys.Look, options)._replace(curve=panel.get("curve"))
    words = _words(panel)
    if words != wording.CLASSIFICATION:
        look = valleys.fitted(look, surface[look.measure])
    bands = valleys.plane(ax, surface, directions, look)
    name = phrases.renamed(joined.NAMES, words)[look.measure]
    return partial(valleys.bar, bands=bands, name=name)


def cycles(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """A column of a run whose rate is cyclical; option `value`."""
    (history,) = panel["files"]["past"]
    snapshots.cycles(ax, history, options["value"])
    if options["value"] == "test_error":
        ax.set_ylabel(phrases.renamed(style.NAMES, _words(panel))["test_error"])


def budgets(ax: Axes, panel: Mapping, options: Mapping) -> None:
    """Accuracies of ensembles and their nets by budget, and the level of one net."""
    files = panel["files"]
    (one,) = files.get("single", [None])
    snapshots.budgets(ax, files["ensemble"], panel["names"], one)


def _chosen(look: type, options: Mapping) -> Any:
    """A look with the options that it knows."""
    return look(**{name: options[name] for name in look._fields if name in options})


def _words(panel: Mapping) -> wording.Words:
    return panel.get("words", wording.CLASSIFICATION)


def _measure(options: Mapping) -> str:
    return options.get("measure", "train_loss")


def _rows(panel: Mapping, options: Mapping) -> tuple[float, float]:
    files = panel["files"]
    ys = files.get("surface", files.get("volume"))[0]["y"]
    return ys[0], ys[-1]


def _cells(panel: Mapping, options: Mapping) -> tuple[float, ...]:
    return tuple(panel["files"]["curvature"][0]["y"])


def _range(panel: Mapping, options: Mapping) -> int | None:
    """One axis for all losses of classes; of other tasks each has its own."""
    return id(panel) if "words" in panel else None


def _same(panel: Mapping, options: Mapping) -> None:
    """One axis for all panels of a kind."""


KINDS: dict[str, Kind] = {
    "contours": contours,
    "filled": filled,
    "surfaces": surfaces,
    "slices": slices,
    "volumes": volumes,
    "lines": lines,
    "norms": norms,
    "training": training,
    "histograms": histograms,
    "rescalings": rescalings,
    "sharpness": sharpness,
    "scatter": scatter,
    "maps": eigenvalues,
    "densities": spectrum,
    "paths": way,
    "iterates": iterates,
    "profiles": profiles,
    "widths": widths,
    "planes": planes,
    "cycles": cycles,
    "budgets": budgets,
}

# How axes that were chosen by name are written, x first; `paths` writes its own.
NAMING: dict[str, Callable[[Axes, Sequence[str]], None]] = {
    **dict.fromkeys(("contours", "filled", "slices", "lines", "maps"), draw.named),
    "surfaces": terrain.named,
    "volumes": layers.named,
}

# What the vertical axis of a panel depends on. Equal ones are written once in an entry;
# kinds that are not here have axes of their own.
VERTICAL: dict[str, Callable[[Mapping, Mapping], Any]] = {
    "contours": _rows,
    "filled": _rows,
    "surfaces": _same,
    "slices": _rows,
    "lines": _range,
    "rescalings": _range,
    "maps": _cells,
}
