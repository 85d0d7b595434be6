"""Pictures of roads between solutions: what is measured along them, and how long."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter
from numpy import ndarray

from losslandscape import draw, joined, legends

Profile = Mapping[str, ndarray]  # t and the measures, all (points,)


class Shown(NamedTuple):
    """What a picture of profiles shows."""

    measure: str
    log: bool = False
    votes: bool = False  # of nets along the last road, as levels
    scaled: bool = False  # the test loss with a temperature of each net, too


def profiles(
    ax: Axes, held: Sequence[Profile], names: Sequence[str], shown: Shown
) -> None:
    """Draw a measure along roads (Garipov et al., Figs. 2, 6 and 8).

    Circles are the solutions and bends that a road passes through. What is not finite
    is left out, hatched and counted. ValueError for votes where there were none.
    """
    measures = [shown.measure] + ["scaled_test_loss"] * shown.scaled
    _require(measures, held)
    rows = [(each["t"], each[measure]) for each in held for measure in measures]
    known = np.concatenate([values[np.isfinite(values)] for _, values in rows])
    for profile, name, look in zip(held, names, _looks(names), strict=True):
        _road(ax, profile, shown, look | {"label": name})
    if shown.scaled:
        ax.plot([], [], **joined.SCALED_NAME)
    if shown.votes:
        _ensembles(ax, held[-1], _looks(names)[-1]["color"])
    ends = [each["t"][end] for each in held for end in (0, -1)]
    ax.set(xlim=(min(ends), max(ends)), xlabel="$t$")
    ax.set_ylabel(joined.NAMES[shown.measure])
    draw.ticks(ax.xaxis, joined.STEPS)
    draw.ticks(ax.yaxis, joined.STEPS)
    if shown.log:
        _powers(ax, known)
    _missing(ax, rows)
    legends.inside(ax)


def widths(ax: Axes, held: Sequence[Profile], names: Sequence[str]) -> None:
    """Draw worst losses on curves and at their ends by width (Garipov et al., Fig. 7).

    On the right the length of a curve over the `distance` of its ends, by width: its
    name.
    """
    order = np.argsort([float(name) for name in names])
    ks = np.array([float(names[number]) for number in order])
    roads = [held[number] for number in order]
    losses = {
        "curve": np.array([road["train_loss"].max() for road in roads]),
        "ends": np.array([road["train_loss"][[0, -1]].max() for road in roads]),
    }
    ratios = np.array([road["length"][-1] / road["distance"] for road in roads])
    right = ax.twinx()
    for name, worst in losses.items():
        _dots(ax, ks, worst, name)
    _dots(right, ks, ratios, "ratio")
    ax.plot([], [], **joined.WORST_SIZE, **joined.WORST["ratio"])
    ax.set(yscale="log", xlabel="Width $K$", ylabel=joined.NAMES["train_loss"])
    colour = joined.WORST["ratio"]["color"]
    right.set_ylabel("Length / distance of the ends", color=colour)
    right.tick_params("y", colors=colour)
    beside = joined.BESIDE * (np.ptp(ks) or 1)
    ax.set_xlim(ks[0] - beside, ks[-1] + beside)
    ax.set_xticks(ks, [f"{k:g}" for k in ks])
    draw.decades(ax.yaxis)
    draw.ticks(right.yaxis, joined.STEPS)
    draw.missing(ax, ks, np.stack([*losses.values(), ratios]))
    legends.inside(ax)


def _require(measures: Sequence[str], held: Sequence[Profile]) -> None:
    for name in measures:
        if any(name not in profile for profile in held):
            raise ValueError(
                f"no {name} was measured: nets vote where each example has one class"
            )


def _looks(names: Sequence[str]) -> list[dict]:
    """A look for each road: that of its kind if it is the first so named."""
    others, free = cycle(joined.OTHERS), dict(joined.ROADS)
    kinds = [next((kind for kind in free if kind in n.casefold()), "") for n in names]
    return [free.pop(kind, None) or next(others) for kind in kinds]


def _road(ax: Axes, profile: Profile, shown: Shown, look: Mapping) -> None:
    """Draw a measure along one road, with circles where it passes through solutions."""
    ts, values = profile["t"], _finite(profile[shown.measure])
    ax.plot(ts, values, **look)
    if shown.scaled:
        scaled = _finite(profile["scaled_test_loss"])
        ax.plot(ts, scaled, color=look["color"], **joined.SCALED)
    stops = profile["marks"]
    at = np.interp(stops, ts, values)
    ax.plot(stops, at, color=look["color"], **joined.STOP)


def _ensembles(ax: Axes, profile: Profile, colour: str) -> None:
    """Draw errors of the ensemble along a road as levels."""
    for measure, look in joined.ENSEMBLES.items():
        name = look["label"].format(profile["voters"])
        named = joined.LEVEL | look | {"label": name}
        ax.axhline(float(profile[measure]), color=colour, **named)


def _powers(ax: Axes, values: ndarray) -> None:
    """Make the vertical axis logarithmic; where there are noughts, down to nought."""
    positive = values[values > 0]
    if not positive.size:
        return
    least, most = positive.min(), positive.max()
    if positive.size == values.size:
        ax.set_yscale("log")
    else:
        least = 10 ** np.floor(np.log10(least))
        room = joined.NOUGHT * np.log10(most / least)
        ax.set_yscale("symlog", linthresh=least, linscale=room)
        ax.set_ylim(-least / 2, most * 1.3)
    low, high = ax.get_ylim()
    digits = next(digits for reach, digits in joined.DIGITS if most >= reach * least)
    powers = 10.0 ** np.arange(np.floor(np.log10(least)), np.log10(high))
    for chosen, is_minor in ((range(1, 10), True), (digits, False)):
        at = np.append(0.0, np.outer(powers, chosen))
        ax.set_yticks(at[(at >= low) & (at <= high)], minor=is_minor)
    ax.yaxis.set_major_formatter(lambda value, _: draw.number(value))
    ax.yaxis.set_minor_formatter(NullFormatter())


def _missing(ax: Axes, rows: Sequence[tuple[ndarray, ndarray]]) -> None:
    """Hatch where curves (t, values) are not finite, and count in the widest gap."""
    lost = [~np.isfinite(values) for _, values in rows]
    for (ts, _), gaps in zip(rows, lost, strict=True):
        draw.hatch(ax, ts, gaps)
    worst = max(range(len(rows)), key=lambda row: lost[row].mean())
    if lost[worst].any():
        whole = np.concatenate(lost)
        note = f"{np.count_nonzero(whole)} of {whole.size} not finite"
        draw.tell(ax, rows[worst][0], lost[worst], note)


def _dots(ax: Axes, xs: ndarray, values: ndarray, name: str) -> None:
    ax.plot(xs, _finite(values), **joined.WORST_SIZE, **joined.WORST[name])


def _finite(values: ndarray) -> ndarray:
    return np.where(np.isfinite(values), values, np.nan)
