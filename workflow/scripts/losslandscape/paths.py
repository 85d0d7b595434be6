"""Pictures of the way of training: over a plane's level lines, and epoch by epoch."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from numpy import ndarray

from losslandscape import draw, levelled, style

Span = tuple[float, float]


class Look(NamedTuple):
    """How the way of training is shown over a plane."""

    units: str  # direction, or length
    stretch: bool  # whether the window fits the way, not the grid
    levels: ndarray = style.WAY_LEVELS
    colours: Sequence[str] = style.WAYS  # of the ways in their order
    axes: Sequence[str] = ()  # what they are called, else by the units


def way(
    ax: Axes,
    surface: Mapping[str, ndarray],
    ways: Sequence[tuple[str, Mapping[str, ndarray]]],
    look: Look,
) -> None:
    """Draw ways of training over the level lines of a plane (Li et al., Fig. 9).

    The first of the `ways`, each with its name, is that of the plane's own run. Kept
    epochs are dots in a colour for each way; those after which the learning rate
    dropped have rings. Coordinates are multiples of a `direction`, or Euclidean
    (`length`). The window is the grid, or fits the ways (`stretch`); where nothing was
    measured it is hatched.
    """
    _, own = ways[0]
    scale = own["norms"] if look.units == "length" else np.ones(2)
    xs, ys = surface["x"] * scale[0], surface["y"] * scale[1]
    roads = [np.stack([way["x"], way["y"]]) * scale[:, None] for _, way in ways]
    points = np.concatenate(roads, axis=1)
    grid = [(axis.min(), axis.max()) for axis in (xs, ys)]
    fitting = [_around(*each) for each in zip(points, grid, strict=True)]
    across, up = fitting if look.stretch else grid
    ax.set(xlim=across, ylim=up)
    known = draw.finite(ax, xs, ys, surface["train_loss"])
    if look.stretch:
        draw.paper(ax, xs, ys, known)
    lines = ax.contour(xs, ys, known, look.levels, **style.WAY_LINES)
    levelled.label(ax, lines, np.concatenate([*map(_dense, roads)]), steep=np.pi)
    for (_, way), road, colour in zip(ways, roads, cycle(look.colours)):
        _dots(ax, road, way["lr"], colour)
    ax.plot(0, 0, **style.SOLUTION)
    if len(ways) > 1:
        _name_ends(ax, [name for name, _ in ways], roads, look.colours)
    names = look.axes or style.AXES[look.units]
    axes = zip((ax.xaxis, ax.yaxis), names, own["explained"], strict=True)
    for axis, name, share in axes:
        _name(axis, name, share)


def iterates(ax: Axes, path: Mapping[str, ndarray]) -> None:
    """Draw by epoch the true training loss, the plane's, and the distance between.

    Losses (left) are solid for the net itself and dashed for the nearest point of the
    plane; the distance to that point (right) is Euclidean.
    """
    right, epochs = ax.twinx(), path["epoch"]
    for measure, look in style.ITERATES.items():
        side = right if measure == "distance" else ax
        side.plot(epochs, path[measure], **look)
        if side is right:  # in the legend of the left
            ax.plot([], [], **look)
        side.tick_params("y", which="both", colors=look["color"])
    unknown = path["train_loss"] + path["plane_train_loss"]
    draw.missing(ax, epochs, unknown)
    for epoch in epochs[_drops(path["lr"])]:
        ax.axvline(epoch, **style.DROP)
    ax.set(yscale="log", xlim=(epochs[0], epochs[-1]), xlabel="Epoch")
    right.set_ylim(0)
    draw.ticks(ax.xaxis)
    draw.decades(ax.yaxis)
    draw.ticks(right.yaxis)


def _around(along: ndarray, grid: Span) -> Span:
    """A span that fits coordinates (k,) and a margin, or the grid if they are one."""
    low, high = along.min(), along.max()
    margin = style.AROUND * (high - low)
    return (low - margin, high + margin) if margin else grid


def _dense(points: ndarray) -> ndarray:
    """Points (k, 2) on the straight lines that join some (2, n)."""
    parts = np.linspace(points[:, :-1], points[:, 1:], style.DENSE)
    return parts.transpose(0, 2, 1).reshape(-1, 2)


def _drops(rates: ndarray) -> ndarray:
    """The last kept epochs before the learning rate falls to half or less: indices."""
    return np.flatnonzero(rates[1:] <= rates[:-1] / 2)


def _dots(ax: Axes, points: ndarray, rates: ndarray, colour: str) -> None:
    """Draw a way (2, k) with its start and the drops of its rates (k,)."""
    ax.plot(*points, **style.HALO)
    ax.plot(*points, **style.WAY, color=colour)
    _mark(ax, points[:, :1], style.START | {"markeredgecolor": colour})
    _mark(ax, points[:, _drops(rates)], style.DROPS)


def _mark(ax: Axes, points: ndarray, look: Mapping) -> None:
    """Draw dots (2, k), in the legend once, and only where there are any."""
    is_named = look["label"] in ax.get_legend_handles_labels()[1]
    unnamed = {"label": None} if is_named or not points.size else {}
    ax.plot(*points, **look | unnamed)


def _name_ends(
    ax: Axes, names: Iterable[str], roads: Sequence[ndarray], colours: Sequence[str]
) -> None:
    """Write the names of ways (2, k) where they end, each in its colour."""
    middle = np.mean([ax.get_xlim(), ax.get_ylim()], axis=1)
    for name, road, colour in zip(names, roads, cycle(colours)):
        right, above = road[:, -1] >= middle
        # Towards the middle, where there is room.
        away = {"ha": "right" if right else "left", "va": "top" if above else "bottom"}
        shift = style.AWAY_FROM_END * np.where([right, above], -1, 1)
        ax.annotate(name, road[:, -1], shift, color=colour, **away, **style.NAME_OF_WAY)


def _name(axis: Axis, name: str, share: float) -> None:
    """Label an axis with its share of the variance, in powers of ten where small."""
    draw.ticks(axis)
    power = int(np.floor(np.log10(abs(axis.get_view_interval()).max())))
    if abs(power) > 1:
        axis.set_major_formatter(lambda at, _: _plain(at / 10.0**power))
        name += f" (10$^{{{power}}}$)"
    axis.set_label_text(f"{name}: {_percent(share)}")


def _percent(share: float) -> str:
    if share < 1e-4:
        return "<0.01 %"
    return f"{100 * share:.2f} %" if share >= 0.01 else f"{100 * share:.2g} %"


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", "−")
