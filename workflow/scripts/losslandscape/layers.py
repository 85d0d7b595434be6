"""Pictures of a measure over a volume: layers of some z; arrays are (z, y, x)."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from numpy import ndarray

from losslandscape import draw, relief, style, terrain


def chosen(zs: ndarray, count: int) -> list[int]:
    """The numbers of so many layers of those that were measured, evenly spread."""
    spread = np.linspace(0, len(zs) - 1, min(count, len(zs)))
    return np.unique(spread.round().astype(int)).tolist()


def layer(
    ax: Axes, volume: Mapping[str, ndarray], measure: str, number: int
) -> ScalarMappable:
    """Fill the bands of one layer, with its centre marked if it is that of the volume.

    Returns what a colour bar needs.
    """
    xs, ys, losses = volume["x"], volume["y"], volume[measure][number]
    known = draw.finite(ax, xs, ys, losses)
    bands = draw.bands(ax, xs, ys, known, style.BAND_LEVELS[measure])
    ax.set(xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]))
    draw.ticks(ax.xaxis)
    draw.ticks(ax.yaxis)
    if _is_central(volume["z"][number]):
        ax.plot(0, 0, **style.CENTRE)
    return bands


def stack(
    ax: Axes, volume: Mapping[str, ndarray], measure: str, count: int
) -> ScalarMappable:
    """Draw layers one above the other, as seen from the side, with their z.

    There is no perspective. Returns what a colour bar needs.
    """
    x, y = (relief.base(volume[name]) for name in ("x", "y"))
    levels = style.BAND_LEVELS[measure]
    zs = volume["z"]
    heights = style.STACK * (relief.base(zs) + 1) / 2
    for order, number in enumerate(chosen(zs, count)):
        across, up = relief.seen(*np.meshgrid(x, y), heights[number])
        known = np.ma.masked_invalid(volume[measure][number])
        look = style.LAYER | {"zorder": 1 + order}
        bands = draw.bands(ax, across, up, known, levels, **look)
        _pane(ax, heights[number], f"{zs[number]:g}".replace("-", "−"), 1 + order)
        if _is_central(zs[number]):
            middle = (
                np.interp(0, volume[name], relief.base(volume[name])) for name in "xy"
            )
            at = relief.seen(*middle, heights[number])
            ax.plot(*at, **style.CENTRE | {"zorder": 1.5 + order})
    ax.set_aspect("equal")
    ax.set_axis_off()
    draw.count(ax, volume[measure])
    return bands


def named(ax: Axes, names: Sequence[str]) -> None:
    """Write what x and y are called below the lowest layer, z beside all of them."""
    terrain.named(ax, names[:2])
    ax.annotate(names[2], (0, 0.5), xycoords="axes fraction", **style.UPWARDS)


def _pane(ax: Axes, height: float, name: str, order: float) -> None:
    """The edge of a layer, and its z at the left corner."""
    x, y = np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]])
    across, up = relief.seen(x, y, height)
    ax.plot(across, up, zorder=order + 0.3, **style.PANE)
    left = across.argmin()
    ax.annotate(name, (across[left], up[left]), **style.TICK)


def _is_central(z: float) -> bool:
    return abs(z) < 1e-9
