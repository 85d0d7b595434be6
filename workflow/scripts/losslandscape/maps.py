"""Maps of both ends of the Hessian over a plane."""

from collections.abc import Mapping
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import AsinhNorm, LogNorm, Normalize
from matplotlib.figure import Figure
from numpy import ndarray

from losslandscape import draw, style


def eigenvalues(
    ax: Axes, measured: Mapping[str, ndarray], value: str
) -> ScalarMappable:
    """Draw the `ratio` |λ_min/λ_max|, `lambda_max` or `lambda_min`, a cell a point.

    Ratios go from 0 to 0.5 (Li et al., Fig. 7); limits of the others are powers of ten,
    the same for all maps of a figure. Cells that did not converge are crossed, those
    that are not finite are hatched. Returns what a colour bar needs.
    """
    xs, ys, values = measured["x"], measured["y"], _values(measured, value)
    known = np.isfinite(values)
    doubtful = known & ~measured["converged"].astype(bool)
    norm = _norm(ax.figure, value)
    _widen(norm, value, values[known])
    look = {"norm": norm, "cmap": style.MAPS[value], "gid": value} | style.CELLS
    shown = np.ma.array(values, mask=~known)
    cells = ax.pcolormesh(_edges(xs), _edges(ys), shown, **look)
    if not known.all():
        ax.patch.set(**style.UNKNOWN)
    _cross(ax, xs, ys, doubtful)
    ax.plot(0, 0, **style.CENTRE)
    draw.ticks(ax.xaxis)
    draw.ticks(ax.yaxis)
    _note(ax, {"converged": doubtful, "finite": ~known})
    return cells


def bar(ax: Axes, cells: ScalarMappable) -> None:
    """Draw the colour bar of maps into axes of its own."""
    value = cells.get_gid()
    ticks = np.arange(0, 0.6, 0.1) if value == "ratio" else _decades(cells.norm)
    look = {"label": style.MAP_NAMES[value], "format": lambda x, _: draw.number(x)}
    ax.figure.colorbar(cells, cax=ax, ticks=ticks, **look).minorticks_off()


def _values(measured: Mapping[str, ndarray], value: str) -> ndarray:
    """What a map shows; the ratio is not finite where λ_max is zero."""
    if value == "lambda_max":  # on a logarithmic scale
        return np.maximum(measured[value], style.LEAST / 2)
    if value == "lambda_min":
        return measured[value]
    with np.errstate(divide="ignore", invalid="ignore"):
        return abs(measured["lambda_min"] / measured["lambda_max"])


def _norm(picture: Figure, value: str) -> Normalize:
    """The scale of the maps of a value in a figure, a new one for the first of them."""
    drawn = [cells for ax in picture.axes for cells in ax.collections]
    scales = [cells.norm for cells in drawn if cells.get_gid() == value]
    return scales[0] if scales else NORMS[value]()


def _widen(norm: Normalize, value: str, values: ndarray) -> None:
    """Widen the limits of a scale to powers of ten about values (k,)."""
    if value == "ratio":
        return
    sizes = abs(values[abs(values) > style.LEAST])
    high = 10 ** np.ceil(np.log10(sizes.max(initial=2 * style.LEAST)))
    norm.vmax = max(high, norm.vmax or high)
    low = 10 ** np.floor(np.log10(sizes.min(initial=high / 10)))
    low = min(low, norm.vmin or low)
    norm.vmin = low if value == "lambda_max" else -norm.vmax


def _decades(norm: Normalize) -> list[float]:
    """Some powers of ten on a scale, and zero with their negatives if it is signed."""
    is_signed = norm.vmin < 0
    low, high = np.log10([10 * style.LEAST if is_signed else norm.vmin, norm.vmax])
    step = np.ceil((high - low + 1) / style.DECADES)
    powers = 10 ** np.arange(high, low - 0.5, -step)
    return sorted([*powers, 0, *-powers] if is_signed else powers)


NORMS = {
    "ratio": partial(Normalize, *style.RATIOS),
    "lambda_max": LogNorm,
    "lambda_min": partial(AsinhNorm, style.LEAST),
}


def _edges(axis: ndarray) -> ndarray:
    """Where the cells about the points of an axis end."""
    middles = (axis[1:] + axis[:-1]) / 2
    return np.array([2 * axis[0] - middles[0], *middles, 2 * axis[-1] - middles[-1]])


def _cross(ax: Axes, xs: ndarray, ys: ndarray, cells: ndarray) -> None:
    """Cross cells out (rows y), in a colour that is seen on any other."""
    half = style.CROSS / 2 * np.array([xs[1] - xs[0], ys[1] - ys[0]])
    rows, columns = np.nonzero(cells)
    middles = np.stack([xs[columns], ys[rows]], axis=1)
    strokes = [
        np.stack([middles - half * slope, middles + half * slope], axis=1)
        for slope in ([1, 1], [1, -1])
    ]
    for look in style.CROSSES:
        ax.add_collection(LineCollection(np.concatenate(strokes), **look), False)


def _note(ax: Axes, lacking: Mapping[str, ndarray]) -> None:
    """Write how many cells lack what they should be."""
    counts = {name: np.count_nonzero(cells) for name, cells in lacking.items()}
    words = [
        f"{counts[name]} of {cells.size} not {name}"
        for name, cells in lacking.items()
        if counts[name]
    ]
    if words:
        place = {"transform": ax.transAxes, "x": 0.03, "y": 0.03}
        ax.text(s="\n".join(words), **place, **style.NOTE)
