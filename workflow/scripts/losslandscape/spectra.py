"""Pictures of the whole spectrum of the Hessian."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator
from numpy import ndarray

from losslandscape import density, draw, style


def spectrum(ax: Axes, measured: Mapping[str, ndarray]) -> None:
    """Draw how dense eigenvalues are, negative ones red, with both ends and the trace.

    Heights are shares of all eigenvalues by eigenvalue. The horizontal axis is linear
    about zero and logarithmic beyond; the smoothing is as wide everywhere on paper.
    """
    ends = np.array([measured["lambda_min"], measured["lambda_max"]], float)
    if not 0 < abs(ends).max() < np.inf:
        ax.patch.set(**style.UNKNOWN)
        ax.text(0.03, 0.03, "not finite", transform=ax.transAxes, **style.NOTE)
        return
    points, heights, one, unit = _density(measured, ends)
    floor = style.FAINT * one
    roof = heights.max() * (heights.max() / floor) ** style.HEADROOM
    heights = np.maximum(heights, floor)
    for side, colour in (points <= 0, style.NEGATIVE), (points >= 0, style.POSITIVE):
        ax.fill_between(points[side], floor, heights[side], facecolor=colour)
    ax.plot(points, heights, color=style.LOSS, **style.CURVE)
    ax.vlines(ends, 0, style.REACH, transform=ax.get_xaxis_transform(), **style.END)
    ax.set(yscale="log", ylim=(floor, roof), ylabel="Density", xlabel="Eigenvalue")
    _asinh(ax, points, unit)
    ax.text(0.97, 0.96, _words(measured), transform=ax.transAxes, **style.WORDS)


def _density(
    measured: Mapping[str, ndarray], marked: ndarray
) -> tuple[ndarray, ndarray, float, float]:
    """Eigenvalues (p,), their density (p,), that of a lone one at the far end, a unit.

    The axis holds the marked ends (2,) and all nodes. The smoothing is Gaussian in the
    inverse hyperbolic sine of eigenvalues in units of the smaller end, or of some share
    of the larger.
    """
    nodes, weights = measured["nodes"], measured["weights"]
    held = np.concatenate([marked, nodes.ravel(), [0]])
    ends, reach = np.array([held.min(), held.max()]), abs(held).max()
    unit = np.clip(abs(ends).min(), *(reach * share for share in style.LINEAR))
    window = np.arcsinh(ends / unit)
    window += style.MARGIN * np.ptp(window) * np.array([-1, 1])
    places = np.linspace(*window, style.PLACES)
    width = style.SMOOTHING * np.ptp(window)
    shares = density.smoothed(np.arcsinh(nodes / unit), weights, places, width)
    points = unit * np.sinh(places)
    one = 1 / (measured["dimension"] * width * np.sqrt(2 * np.pi) * reach)
    return points, shares / np.hypot(points, unit), one, unit


def _asinh(ax: Axes, points: ndarray, unit: float) -> None:
    """Make the horizontal axis linear about zero and logarithmic beyond."""
    ax.set_xscale("asinh", linear_width=unit)
    ax.set_xlim(points[0], points[-1])
    ax.xaxis.set_major_locator(FixedLocator(_powers(unit, abs(points).max())))
    ax.xaxis.set_major_formatter(lambda x, _: draw.number(x))


def _powers(unit: float, reach: float) -> list[float]:
    """Zero and, on both sides, powers of ten that are apart from it and one another."""
    lowest, highest = np.ceil(np.log10(3 * unit)), np.floor(np.log10(reach))
    powers = 10 ** np.arange(lowest, highest + 1)
    return [*-powers, 0, *powers]


def _words(measured: Mapping[str, ndarray]) -> str:
    trace = _estimate(measured["trace"], measured["trace_error"])
    ends = [
        f"{style.MAP_NAMES[end]} = {draw.number(measured[end])}"
        for end in ("lambda_max", "lambda_min")
    ]
    doubt = [] if measured["converged"] else ["not converged"]
    return "\n".join([f"trace = {trace}", *ends, *doubt])


def _estimate(value: float, error: float) -> str:
    """A value with its standard error, to two digits of the error."""
    if not error > 0:
        return draw.number(value)
    power = int(np.floor(np.log10(max(abs(value), error))))
    power = power if abs(power) > 3 else 0
    value, error = value / 10.0**power, error / 10.0**power
    digits = max(0, 1 - int(np.floor(np.log10(error))))
    words = f"{value:.{digits}f} ± {error:.{digits}f}".replace("-", "−")
    return f"({words})·10$^{{{power}}}$" if power else words
