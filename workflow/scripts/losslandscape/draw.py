"""Pictures of losses as functions of axes and arrays; rows of an array are y."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.contour import QuadContourSet
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter
from numpy import ndarray

from losslandscape import levelled, style, wording


def contours(
    ax: Axes,
    xs: ndarray,
    ys: ndarray,
    losses: ndarray,
    levels: ndarray = style.LI_LEVELS,
) -> None:
    """Draw level sets, some with their level, and mark the centre (Li et al., Fig. 5).

    Lines are straight between measured points: nothing is smoothed.

    >>> from matplotlib.figure import Figure
    >>> xs, ys = np.linspace(-1, 1, 5), np.linspace(-2, 2, 9)
    >>> figure = Figure()
    >>> contours(figure.gca(), xs, ys, np.add.outer(ys**2, xs**2))
    >>> figure.gca().get_xlim() == (-1, 1)
    True
    """
    known = finite(ax, xs, ys, losses)
    drawn = ax.contour(xs, ys, known, levels, cmap=style.LINES, **style.CONTOUR)
    _window(ax, xs, ys)
    levelled.label(ax, drawn)


def filled(
    ax: Axes,
    xs: ndarray,
    ys: ndarray,
    losses: ndarray,
    levels: ndarray = style.LOG_LEVELS,
) -> ScalarMappable:
    """Fill the bands between levels, a colour each, and two more for below and above.

    Returns what a colour bar needs.
    """
    known = finite(ax, xs, ys, losses)
    drawn = bands(ax, xs, ys, known, levels)
    _window(ax, xs, ys)
    return drawn


def bands(
    ax: Axes, xs: ndarray, ys: ndarray, losses: ndarray, levels: ndarray, **look
) -> QuadContourSet:
    """Draw bands between levels, and what is below and above; see `filled`."""
    norm = BoundaryNorm(levels, style.BANDS.N, extend="both")
    look |= {"norm": norm, "cmap": style.BANDS, "extend": "both"}
    drawn = ax.contourf(xs, ys, losses, levels, **look)
    ax.contour(xs, ys, losses, levels, **style.EDGE)
    return drawn


def lines(
    ax: Axes,
    ts: ndarray,
    measures: Mapping[str, ndarray],
    words: wording.Words = wording.CLASSIFICATION,
) -> None:
    """Draw loss (left, blue) and accuracy (right, red) on a line (Li et al., Fig. 3).

    `measures` are train_loss, train_error, test_loss and test_error, each (points,).
    Training is solid, test is dashed; errors are percentages, of which 100 lack to the
    accuracy, or what else the task measures, which is drawn itself. Where a loss is not
    finite, the accuracy of such outputs means nothing and is not drawn.
    """
    right = sides(ax, ts, words)
    whole = np.zeros(len(ts))
    for dash, split in zip(style.SPLITS, ("train", "test"), strict=True):
        loss, error = (measures[f"{split}_{name}"] for name in ("loss", "error"))
        known = np.where(np.isfinite(loss), seen(error, words), np.nan)
        ax.plot(ts, loss, dash, color=style.LOSS, **style.CURVE)
        right.plot(ts, known, dash, color=style.ACCURACY, **style.CURVE)
        whole = whole + loss + error
    missing(ax, ts, whole)


def seen(errors: ndarray, words: wording.Words) -> ndarray:
    """What is drawn of errors: the accuracy, or what else a task measures, as it is."""
    return 100 - errors if words == wording.CLASSIFICATION else errors


def sides(ax: Axes, ts: ndarray, words: wording.Words = wording.CLASSIFICATION) -> Axes:
    """Give axes loss on the left and accuracy on the right; returns the right ones.

    Training and test get their names in the legend. Tasks without an accuracy have
    their measure on the right, and ranges as their values ask for.
    """
    right = ax.twinx()
    for dash, name in style.SPLITS.items():
        ax.plot([], [], dash, color=style.GREY, label=name, **style.CURVE)
    if words == wording.CLASSIFICATION:
        side(ax, "Loss", style.LOSS, style.LOSS_RANGE)
        side(right, "Accuracy (%)", style.ACCURACY, style.ACCURACY_RANGE)
    else:
        for each, name, colour in (
            (ax, "Loss", style.LOSS),
            (right, words.told, style.ACCURACY),
        ):
            each.set_ylabel(name, color=colour)
            each.tick_params("y", colors=colour)
            ranged(each)
    ax.set_xlim(ts[0], ts[-1])
    ticks(ax.xaxis)
    return right


def ranged(ax: Axes) -> None:
    """Let the vertical axis have the range that its values ask for."""
    ax.autoscale(axis="y")
    ticks(ax.yaxis)


def levels(values: ndarray, usual: ndarray, words: wording.Words) -> ndarray:
    """The usual levels of a measure; of other tasks round ones, as values ask for."""
    if words == wording.CLASSIFICATION:
        return usual
    known = values[np.isfinite(values)]
    low, high = known.min(initial=np.inf), known.max(initial=-np.inf)
    if not low < high:
        return np.array([0.0, 1.0]) if not known.size else low + np.array([0.0, 1.0])
    if low > 0 and high > style.MANY * low:
        chosen = LogLocator(subs=(1, 2, 5)).tick_values(low, high)
    else:
        chosen = MaxNLocator(len(usual)).tick_values(low, high)
    return np.unique(chosen)


def bar(ax: Axes, mappable: ScalarMappable, name: str) -> None:
    """Draw the colour bar of a picture into axes of its own."""
    ax.figure.colorbar(mappable, cax=ax, format="{x:g}", label=name)


def finite(ax: Axes, xs: ndarray, ys: ndarray, losses: ndarray) -> np.ma.MaskedArray:
    """The finite losses; where there are none the paper is hatched."""
    known = np.ma.masked_invalid(losses)
    if known.mask.any():
        paper(ax, xs, ys, known)
    count(ax, losses)
    return known


def paper(ax: Axes, xs: ndarray, ys: ndarray, known: np.ma.MaskedArray) -> None:
    """Hatch all but what is known of a grid."""
    ax.patch.set(**style.UNKNOWN)
    white = np.ma.array(np.zeros(known.shape), mask=known.mask)
    ax.contourf(xs, ys, white, [-1, 1], colors="white")


def named(ax: Axes, names: Sequence[str]) -> None:
    """Write what axes are called, x first; of a line there is one name."""
    for axis, name in zip((ax.xaxis, ax.yaxis), names, strict=False):
        axis.set_label_text(name)


def side(ax: Axes, name: str, colour: str, limits: tuple[float, float]) -> None:
    """Give the vertical axis a name, a colour and limits, with six ticks."""
    ax.set_ylim(limits)
    ax.set_yticks(np.linspace(*limits, 6))
    ax.set_ylabel(name, color=colour)
    ax.tick_params("y", colors=colour)


def missing(ax: Axes, ts: ndarray, losses: ndarray) -> None:
    """Hatch where losses (…, points) on a line are not finite, and count them there."""
    unknown = ~np.isfinite(losses)
    lost = unknown.reshape(-1, len(ts)).any(axis=0)
    hatch(ax, ts, lost)
    if lost.any():
        tell(ax, ts, lost, f"{np.count_nonzero(unknown)} of {losses.size} not finite")


def tell(ax: Axes, ts: ndarray, lost: ndarray, note: str) -> None:
    """Write a note upright in the middle of the widest gap on a line."""
    points = np.flatnonzero(lost)
    widest = max(np.split(points, np.flatnonzero(np.diff(points) > 1) + 1), key=len)
    middle = ts[widest[[0, -1]]].mean()
    place = np.interp(middle, ts[[0, -1]], [0, 1]).clip(*style.UPRIGHT_RANGE)
    ax.text(place, 0.5, note, transform=ax.transAxes, **style.UPRIGHT)


def hatch(ax: Axes, ts: ndarray, unknown: ndarray) -> None:
    """Hatch what is nearest to the points of a line that are not known."""
    edges = np.concatenate([ts[:1], (ts[1:] + ts[:-1]) / 2, ts[-1:]])
    for point in np.flatnonzero(unknown):
        ax.axvspan(edges[point], edges[point + 1], **style.UNKNOWN)


def count(ax: Axes, losses: ndarray) -> None:
    """Write how many losses are not finite, if any."""
    unknown = np.count_nonzero(~np.isfinite(losses))
    if unknown:
        note = f"{unknown} of {losses.size} not finite"
        ax.text(0.03, 0.03, note, transform=ax.transAxes, **style.NOTE)


def number(value: float) -> str:
    """A number of three digits, with a power of ten where it is long."""
    text, _, power = f"{value:.3g}".partition("e")
    text = text.replace("-", "−")
    if not power:
        return text
    power = f"10$^{{{int(power)}}}$"
    return text[:-1] + power if text in ("1", "−1") else f"{text}·{power}"


def _window(ax: Axes, xs: ndarray, ys: ndarray) -> None:
    """Show the grid and nothing else, its centre marked."""
    ax.set(xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]))
    ticks(ax.xaxis)
    ticks(ax.yaxis)
    ax.plot(0, 0, **style.CENTRE)


def ticks(axis: Axis, most: int = 4) -> None:
    """Write a few round numbers on an axis, with at most so many steps between."""
    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
    axis.set_major_formatter("{x:g}")


def decades(axis: Axis) -> None:
    """Write powers of ten on a logarithmic axis; if few, 2 and 5 times them too."""
    low, high = axis.get_view_interval()
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 100 * low else (1,)))
    axis.set_major_formatter(lambda value, _: number(value))
    axis.set_minor_formatter(NullFormatter())
