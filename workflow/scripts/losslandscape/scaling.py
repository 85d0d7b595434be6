"""Graphs of what the scale of the weights does to the loss, and what it does not."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from matplotlib.axes import Axes
from numpy import ndarray

from losslandscape import draw, style

QUARTER = 0.25  # of a line's range: how far from the centre a rise is measured


def rescalings(ax: Axes, measured: Mapping[str, ndarray], kind: str) -> None:
    """Draw losses on a line, of one function, its weights times each factor.

    `measured` is what `rescaling.h5` holds; the lines are its `plain` or `normalised`
    ones. Marks take turns along the line, so that of equal curves each is seen; how far
    curves, and the outputs at their centres, differ at most is written below.
    """
    ts, factors = measured["t"], measured["factors"]
    losses = measured[f"{kind}_train_loss"]
    count = len(factors)
    shades = style.LINES(np.linspace(0, 1, count))
    for turn, (factor, curve) in enumerate(zip(factors, losses, strict=True)):
        ax.plot(ts, curve, color=shades[turn], **style.CURVE)
        look = {"color": shades[turn], "marker": style.SHAPES[turn]} | style.BEADS
        name = f"$c$ = {fraction(factor)}"
        ax.plot(ts[turn::count], curve[turn::count], label=name, **look)
    known = losses[:, np.isfinite(losses).all(axis=0)]
    apart = np.ptp(known, axis=0).max(initial=0.0)
    draw.side(ax, "Training loss", "black", style.LOSS_RANGE)
    ax.set_xlim(ts[0], ts[-1])
    outputs = draw.number(np.max(measured["difference"]))
    ax.set_xlabel(f"Curves differ by ≤ {draw.number(apart)}, outputs by {outputs}")
    draw.ticks(ax.xaxis)
    draw.missing(ax, ts, losses)


def sharpness(ax: Axes, measured: Mapping[str, ndarray]) -> None:
    """Draw by factor the largest eigenvalue and how far losses rise from the centre.

    `measured` is what `rescaling.h5` holds; all are relative to the factor nearest 1.
    Eigenvalues whose search did not converge are hollow, and not joined.
    """
    factors, ts = measured["factors"], measured["t"]
    found, is_sure = measured["lambda_max"], measured["converged"].astype(bool)
    one = abs(np.log(factors)).argmin()
    curves = {
        r"$\lambda_{\max}$": found,
        "rise, one direction": rises(ts, measured["plain_train_loss"]),
        "rise, normalised": rises(ts, measured["normalised_train_loss"]),
    }
    for (name, values), look in zip(curves.items(), style.SHARPNESS, strict=True):
        is_known = np.isfinite(values) & (values > 0)
        known = np.where(is_known, values, np.nan) / values[one]
        joined = np.where(is_sure, known, np.nan) if values is found else known
        ax.plot(factors, joined, label=name, **look)
    if not is_sure.all():
        unsure = style.SHARPNESS[0] | style.UNSURE
        ax.plot(factors[~is_sure], found[~is_sure] / found[one], **unsure)
    at = f"rise at $t$ = ±{ts[_beside(ts)].max():.2g}"
    ax.set(xscale="log", yscale="log", xlabel=f"Weights times $c$; {at}")
    ax.set_ylabel(f"Relative to $c$ = {fraction(factors[one])}")
    ax.set_xticks(factors, map(fraction, factors))
    ax.set_xticks([], minor=True)
    draw.decades(ax.yaxis)


def rises(ts: ndarray, losses: ndarray) -> ndarray:
    """How far losses (curves, points) rise from the centre: (curves,).

    The mean of both sides, at the points nearest to a quarter of the line's range.
    """
    centre = abs(ts).argmin()
    with np.errstate(invalid="ignore"):
        return losses[:, _beside(ts)].mean(axis=1) - losses[:, centre]


def fraction(factor: float) -> str:
    """A factor as a simple fraction, if it is one."""
    simple = Fraction(factor).limit_denominator(16)
    return str(simple) if abs(simple - factor) < 1e-9 * factor else f"{factor:g}"


def _beside(ts: ndarray) -> ndarray:
    """The points of a line nearest to minus and plus a quarter of its range."""
    reach = QUARTER * np.ptp(ts)
    return abs(ts - [[-reach], [reach]]).argmin(axis=1)
