"""A claim's interval, beside what is claimed and what the paper has, in SVG."""

from collections.abc import Mapping
from html import escape

import numpy as np

from losslandscape import verdicts

WIDTH, HEIGHT, EDGE = 340, 58, 14  # in the picture's own units
AXIS, MIDDLE, TOP = 44, 31, 6  # heights of the axis, the interval and the picture's top


class Scale:
    """From numbers to horizontal places; what is beyond an end lies on it."""

    def __init__(self, low: float, high: float) -> None:
        """Fit the numbers from low to high, with a margin."""
        margin = 0.1 * (high - low) or 1.0
        self.ends = low - margin, high + margin

    def __call__(self, value: float) -> float:
        """Where a number lies."""
        inside = np.clip(value, *self.ends)
        return round(float(np.interp(inside, self.ends, (EDGE, WIDTH - EDGE))), 1)


def picture(rule: Mapping, mark: float | None, row: Mapping) -> str:
    """The picture; nothing for a claim without a finite value."""
    if row["value"] is None or not np.isfinite(row["value"]):
        return ""
    bounds = verdicts.limits(rule)
    known = [
        number
        for number in (row["value"], row["low"], row["high"], mark, *bounds)
        if number is not None and np.isfinite(number)
    ]
    scale = Scale(min(known), max(known))
    drawn = _asked(scale, bounds) + _mark(scale, mark) + _interval(scale, row)
    words = escape(_described(rule, mark, row))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{words}">'
        f"{drawn}</svg>"
    )


def number(value: float) -> str:
    """A number as the page writes it."""
    return f"{value:.3g}".replace("-", "−")


def around(row: Mapping) -> str:
    """The interval of a row in brackets, if it has one."""
    if row["low"] is None:
        return ""
    return f" [{number(row['low'])}, {number(row['high'])}]"


def _asked(scale: Scale, bounds: tuple[float, float]) -> str:
    """Where the claim would hold, tinted, and its bounds, dashed and with numbers."""
    left, right = map(scale, bounds)
    drawn = (
        f'<rect class="asked" x="{left}" y="{TOP}" width="{right - left:.1f}" '
        f'height="{AXIS - TOP}"/>'
        f'<path class="axis" d="M{EDGE} {AXIS}H{WIDTH - EDGE}"/>'
    )
    for bound in filter(np.isfinite, bounds):
        x = scale(bound)
        drawn += f'<path class="bound" d="M{x} {TOP}V{AXIS}"/>'
        drawn += f'<text x="{x}" y="{HEIGHT - 2}" text-anchor="middle">'
        drawn += f"{number(bound)}</text>"
    return drawn


def _mark(scale: Scale, mark: float | None) -> str:
    """The paper's number, a diamond that is not filled."""
    if mark is None:
        return ""
    return f'<path class="mark" d="M{scale(mark)} {TOP + 1}l5 6-5 6-5-6z"/>'


def _interval(scale: Scale, row: Mapping) -> str:
    dot = f'<circle class="value" cx="{scale(row["value"])}" cy="{MIDDLE}" r="4.5"/>'
    if row["low"] is None:
        return dot
    left, right = scale(row["low"]), scale(row["high"])
    ends = f"M{left} {MIDDLE - 6}v12M{left} {MIDDLE}H{right}M{right} {MIDDLE - 6}v12"
    return f'<path class="interval" d="{ends}"/>{dot}'


def _described(rule: Mapping, mark: float | None, row: Mapping) -> str:
    paper = "" if mark is None else f"; in the paper {number(mark)}"
    measured = f"Measured {number(row['value'])}{around(row)}"
    return f"{measured}; claimed {verdicts.bound(rule)}{paper}"
