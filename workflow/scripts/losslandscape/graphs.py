"""Graphs over one number: a step on a line, an epoch, a weight or a radius."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import ScalarFormatter
from numpy import ndarray

from losslandscape import draw, placing, ranks, style, wording

SPREAD = 0, 0.25, 0.5, 0.75, 1  # quantiles
OUTSIDE = 0.005  # the share of weights beyond a histogram that goes without saying


def band(
    ax: Axes,
    ts: ndarray,
    measures: Mapping[str, ndarray],
    words: wording.Words = wording.CLASSIFICATION,
) -> None:
    """Draw how losses and accuracies of lines spread, each measure (lines, points).

    Of training the extremes, the middle half and the median; of test the median. What
    is not finite counts as worst.
    """
    right = draw.sides(ax, ts, words)
    draw.missing(ax, ts, sum(measures[name] for name in style.NAMES))
    worst = 100.0 if words == wording.CLASSIFICATION else style.FAR
    losses = [_worst(measures[name], style.FAR) for name in style.LOSSES]
    errors = [_worst(measures[name], worst) for name in style.ERRORS]
    _spread(ax, ts, losses, style.LOSS)
    shown = [draw.seen(error, words) for error in errors]
    _spread(right, ts, shown, style.ACCURACY)
    names = "middle half", f"all {len(losses[0])} directions"
    for name, look in zip(names, (style.MIDDLE, style.EXTREMES), strict=True):
        ax.fill_between([], [], facecolor="black", label=name, **look)


def norms(ax: Axes, histories: Sequence[Mapping], names: Sequence[str]) -> None:
    """Draw the norm of all weights by epoch, a curve a run (Li et al., Fig. 2b).

    Thin lines stand at the last epochs before the rate falls to half or less.
    """
    runs = zip(histories, told(names), cycle(style.RUNS), strict=False)
    for history, name, colour in runs:
        look = {"color": colour, "label": name} | style.CURVE
        ax.plot(history["epoch"], history["weight_norm"], **look)
    ax.set_ylabel(r"Weight norm ‖$\theta$‖$_2$")
    _epochs(ax, histories)


def training(
    ax: Axes,
    histories: Sequence[Mapping],
    names: Sequence[str],
    words: wording.Words = wording.CLASSIFICATION,
) -> None:
    """Draw errors by epoch, a colour a run: solid of training, dashed of test.

    Thin lines stand at the last epochs before the rate falls to half or less.
    """
    runs = zip(histories, told(names), cycle(style.RUNS), strict=False)
    for history, name, colour in runs:
        for line, error in zip(style.SPLITS, style.ERRORS, strict=True):
            look = {"color": colour, "linestyle": line} | style.CURVE
            ax.plot(history["epoch"], history[error], **look)
        ax.plot([], [], color=colour, label=name, **style.CURVE)
    notes = "; ".join(filter(None, [words.unit, "test dashed"]))
    ax.set_ylabel(f"{words.measure.capitalize()} ({notes})")
    is_usual = words == wording.CLASSIFICATION
    if is_usual:
        ax.set_ylim(0, 100)
    _epochs(ax, histories)
    if is_usual:
        ax.set_yticks(range(0, 101, 20))


def histograms(
    ax: Axes, weights: Sequence[ndarray], names: Sequence[str], limit: float, bins: int
) -> None:
    """Draw how the weights (n,) of runs are distributed (Li et al., Fig. 2c).

    Counts are of bins from -limit to limit; if more than 0.5 % lie beyond, it says so.
    """
    runs = zip(weights, told(names), cycle(style.HEAPS), strict=False)
    for values, name, colour in runs:
        counts, edges = np.histogram(values, bins, (-limit, limit))
        beyond = 1 - counts.sum() / len(values)
        note = f" ({100 * beyond:.2g}% beyond)" if beyond > OUTSIDE else ""
        ax.stairs(counts, edges, color=colour, label=name + note, **style.HEAP)
    ax.set(xlim=(-limit, limit), xlabel="Weight", ylabel="Number of weights")
    ax.set_ylim(0, None)
    draw.ticks(ax.xaxis)
    draw.ticks(ax.yaxis)
    powers = ScalarFormatter(useMathText=True)
    powers.set_powerlimits((-2, 3))
    ax.yaxis.set_major_formatter(powers)
    _legend(ax)


def scatter(
    ax: Axes, values: ndarray, errors: ndarray, names: Sequence[str], bounds: ndarray
) -> None:
    """Draw test errors against values of runs, with names and Spearman's correlation.

    Where `bounds` is set a value is a lower bound, and its point hollow. Errors of more
    than one power of ten are on a logarithmic axis.
    """
    is_known = np.isfinite(values) & np.isfinite(errors)
    for hollow, look in zip((False, True), style.POINTS, strict=True):
        shown = is_known & (bounds == hollow)
        if shown.any():
            ax.plot(values[shown], errors[shown], **look)
    ax.margins(*style.MARGINS)
    ax.set_ylabel(style.NAMES["test_error"])
    if _is_wide(errors[is_known]):
        ax.set_yscale("log")
        draw.decades(ax.yaxis)
    shown = np.flatnonzero(is_known)
    _name(ax, values[shown], errors[shown], [names[number] for number in shown])
    found = ranks.correlation(values, errors)
    ax.text(s=_words(found), transform=ax.transAxes, **style.CORNER)


def told(names: Sequence[str]) -> list[str]:
    """Names without what they all say: parts between commas."""
    parts = [name.split(", ") for name in names]
    common = set.intersection(*map(set, parts)) if len(names) > 1 else set()
    short = [[part for part in each if part not in common] for each in parts]
    return [", ".join(each) or name for each, name in zip(short, names, strict=True)]


def _worst(values: ndarray, worst: float) -> ndarray:
    return np.where(np.isfinite(values), values, worst).clip(max=worst)


def _spread(
    ax: Axes, ts: ndarray, splits: tuple[ndarray, ndarray], colour: str
) -> None:
    """Draw the spread of training, and the medians of training and test."""
    train, test = splits
    low, first, median, third, high = np.quantile(train, SPREAD, axis=0)
    ax.fill_between(ts, low, high, facecolor=colour, **style.EXTREMES)
    ax.fill_between(ts, first, third, facecolor=colour, **style.MIDDLE)
    ax.plot(ts, median, "-", color=colour, **style.CURVE)
    ax.plot(ts, np.median(test, axis=0), "--", color=colour, **style.CURVE)


def _drops(history: Mapping[str, ndarray]) -> ndarray:
    """The last epochs before the learning rate falls to half or less."""
    rates = history["lr"]
    return history["epoch"][:-1][rates[1:] <= rates[:-1] / 2]


def _epochs(ax: Axes, histories: Sequence[Mapping]) -> None:
    """The axis of epochs, drops of the learning rates, and the names of the curves."""
    drops = np.unique(np.concatenate([_drops(history) for history in histories]))
    ax.vlines(drops, 0, 1, transform=ax.get_xaxis_transform(), **style.DROP)
    last = max(history["epoch"][-1] for history in histories)
    ax.set(xlim=(0, last), xlabel="Epoch")
    draw.ticks(ax.xaxis)
    draw.ticks(ax.yaxis)
    _legend(ax)


def _is_wide(values: ndarray) -> bool:
    """Whether values are of more than one power of ten."""
    return bool(len(values) and values.min() > 0 and values.max() > 10 * values.min())


def _legend(ax: Axes) -> None:
    """Name curves in the upper right corner, with room above them."""
    room = ax.bbox.width / ax.figure.dpi - style.NAMED
    letters = int(room / style.LETTER * style.TEXT / style.SMALL)
    handles, names = ax.get_legend_handles_labels()
    written = [fill(name, letters) for name in names]
    key = ax.legend(handles, written, **style.INSIDE)
    share = key.get_window_extent().height / ax.bbox.height + style.CLEAR
    low, high = ax.get_ylim()
    ax.set_ylim(low, low + (high - low) / (1 - min(share, 0.7)))


def _name(ax: Axes, xs: ndarray, ys: ndarray, names: Sequence[str]) -> None:
    """Write names beside points, with a line to those that are not next to them."""
    point = ax.figure.dpi / 72  # pixels
    ax.autoscale_view()
    points = np.stack([xs, ys], axis=1)
    drawn = [
        ax.annotate(name, at, (0, 0), arrowprops=dict(style.LEADER), **style.NAME)
        for name, at in zip(names, points, strict=True)
    ]
    widths = np.array([text.get_window_extent().width for text in drawn])
    sizes = np.stack([widths, np.full(len(widths), style.SMALL * point)], axis=1)
    measured = ax.transData.transform(points), sizes, ax.bbox.get_points()
    ways, rings = placing.offsets(*(each / point for each in measured), style.GAPS)
    for text, way, ring in zip(drawn, ways, rings, strict=True):
        text.set_position(way)
        text.arrow_patch.set_visible(ring > 0)


def _words(found: Mapping[str, float | int | None]) -> str:
    """Spearman's correlation in words."""
    if found["rho"] is None:
        return f"$n$ = {found['n']}"
    low = found["p"] < 0.001
    p = "$p$ < 0.001" if low else f"$p$ = {found['p']:.2g}"
    rho = f"{found['rho']:.2f}".replace("-", "−")
    return rf"Spearman's $\rho$ = {rho} ($n$ = {found['n']}, {p})"
