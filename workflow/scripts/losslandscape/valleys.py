"""Pictures of planes through three solutions: valleys, walls and the roads between."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.contour import QuadContourSet
from numpy import ndarray

from losslandscape import draw, joined, style

HIGH = 0.9  # the share of values below a cap that is chosen by them
STEP = np.exp(-5) / 5  # the step to the second level over the cap, of usual losses


class Look(NamedTuple):
    """What a picture of a plane shows, and how."""

    measure: str = "regularised_loss"
    curve: str | None = None  # the road whose bend is the third place
    start: float | None = None  # the exponent of the step to the second level
    cap: float | None = None  # the last level


def plane(
    ax: Axes,
    surface: Mapping[str, ndarray],
    directions: Mapping[str, Sequence],
    look: Look,
) -> QuadContourSet:
    """Draw bands of a measure over a plane (Garipov et al., Figs. 1, 4 and 5).

    Both axes are Euclidean lengths, each on a scale of its own: coordinates in units of
    the orthogonal directions times their norms. Of the places (3, 2) the first two are
    joined by the curve, if there is one, with the third as its bend. Returns what a
    colour bar needs.
    """
    norms = np.asarray(directions["norms"], float)
    xs, ys = surface["x"] * norms[0], surface["y"] * norms[1]
    known = draw.finite(ax, xs, ys, surface[look.measure])
    bands = levels(known, look)
    drawn = ax.contourf(xs, ys, known, bands, colors=joined.DEPTHS, extend="max")
    ax.contour(xs, ys, known, bands, **style.EDGE)
    _places(ax, np.asarray(directions["places"], float) * norms, look.curve)
    ax.set(xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]))
    draw.ticks(ax.xaxis)
    draw.ticks(ax.yaxis)
    return drawn


def fitted(look: Look, values: ndarray) -> Look:
    """A look whose levels, where it says none, are as far apart as losses are usually.

    For values of another scale: the cap is what nine tenths of them are below.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return look
    low, high = float(known.min()), float(np.quantile(known, HIGH))
    reach = (high - low) or abs(low) or 1.0
    cap = low + reach if look.cap is None else look.cap
    start = np.log(STEP * max(cap - low, reach * STEP))
    return look._replace(
        cap=cap, start=float(start if look.start is None else look.start)
    )


def levels(known: ndarray, look: Look) -> ndarray:
    """Levels (8,) from the least of a measure to the cap, ever further apart.

    The least + exp(a + γ k), k = 0 … 7, but that the first is the least itself, as in
    the authors' plot script. Raises ValueError if the cap is below the second level.
    """
    start, cap = joined.PLANES[look.measure]
    start = start if look.start is None else look.start
    cap = cap if look.cap is None else look.cap
    low = float(np.ma.filled(known.min(), 0.0))
    if cap <= low + np.exp(start):
        raise ValueError(f"a cap of {cap:g} is too low for {look.measure} from {low:g}")
    steps = np.exp(np.linspace(start, np.log(cap - low), joined.BANDS + 1))
    return np.array([low, *low + steps[1:-1], cap])


def bar(ax: Axes, bands: QuadContourSet, name: str) -> None:
    """Draw bands of equal height with their levels, and one for all above the cap."""
    edges = np.arange(joined.BANDS + 2.0)
    colours = ListedColormap(joined.DEPTHS)
    ax.pcolormesh([0.0, 1.0], edges, edges[:-1, None], cmap=colours)
    words = [*written(bands.levels), ""]
    words[-1] = f">{words[-2]}"
    height = ax.bbox.height / ax.figure.dpi / len(colours.colors)
    step = int(np.ceil(joined.WRITTEN / height))
    ax.set_yticks(edges[::-step], words[::-step])
    ax.set_xticks([])
    ax.yaxis.tick_right()
    ax.yaxis.set_label_position("right")
    ax.set_ylabel(name, labelpad=3)


def written(values: Sequence[float]) -> list[str]:
    """Numbers in two digits, in three if two of them would be the same."""
    for digits in (2, 3):
        words = [_brief(float(f"{value:.{digits}g}")) for value in values]
        if len(set(words)) == len(words):
            break
    return words


def _brief(value: float) -> str:
    """A number; below a thousandth, where it would need too much room, as 8e-4."""
    if not 0 < abs(value) < 1e-3:
        return f"{value:g}"
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def _places(ax: Axes, places: ndarray, curve: str | None) -> None:
    """Mark three places, and draw the roads and the segments, with lengths, between."""
    ends, bend = places[:2], places[2]
    for line in [ends] if curve else [ends, places[1:], places[[0, 2]]]:
        for look in (joined.SEGMENT_RIM, joined.SEGMENT):
            ax.plot(*line.T, **look)
        length = np.linalg.norm(line[1] - line[0])
        ax.text(*line.mean(axis=0), f"{length:.3g}", **style.LABEL)
    if curve:
        road = ROADS[curve](*ends, bend)
        ax.plot(*road.T, **joined.RIM)
        ax.plot(*road.T, color=joined.ROADS[curve]["color"], **joined.ROAD)
        ax.plot(*bend, **joined.BEND)
    ax.plot(*(ends if curve else places).T, **joined.OPTIMUM)


def _bezier(start: ndarray, end: ndarray, bend: ndarray) -> ndarray:
    """A quadratic Bezier curve (points, 2)."""
    t = np.linspace(0, 1, joined.DENSE)[:, None]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end


def _polychain(start: ndarray, end: ndarray, bend: ndarray) -> ndarray:
    return np.stack([start, bend, end])


ROADS = {"bezier": _bezier, "polychain": _polychain}
