"""A loss as a lit landscape on paper; rows of an array are y."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.markers import TICKLEFT
from matplotlib.ticker import MaxNLocator
from numpy import ndarray

from losslandscape import draw, relief, style

Rise = Callable[[ndarray], ndarray]  # losses to heights


def surface(
    ax: Axes, xs: ndarray, ys: ndarray, losses: ndarray, look: relief.Look
) -> None:
    """Draw a loss as a lit landscape over its level sets (Li et al., Fig. 1).

    The floor is loss 0, and there is no perspective. What is not finite is grey.
    """
    roof = relief.roof(losses, look)
    rise = partial(relief.heights, clamp=roof, log=look.log)
    ticks = style.LOG_TICKS if look.log else MaxNLocator(4).tick_values(0, roof)
    ticks = np.append(ticks[ticks < 0.9 * roof], roof)
    x, y = np.meshgrid(relief.base(xs), relief.base(ys))
    floor = relief.seen(x, y, np.zeros(x.shape))
    colours = style.HEIGHTS(rise(ticks))
    known = np.ma.masked_invalid(losses)
    ax.contour(*floor, known, ticks, colors=colours, **style.FLOOR)
    _stage(ax, rise(losses))
    _scale(ax, ticks, rise(ticks), beyond=not (losses <= roof).all())
    draw.count(ax, losses)
    if look.points:
        xs, ys, losses = relief.finer(xs, ys, losses, look.points)
    _land(ax, xs, ys, losses, rise)


def named(ax: Axes, names: Sequence[str]) -> None:
    """Write what x and y are called below the near edges of the floor; a z is not."""
    near, right, far = (np.array(relief.seen(*at, 0)) for at in style.NEAR)
    for name, start, end in zip(names, (near, right), (right, far), strict=False):
        turn = np.rad2deg(np.arctan2(*(end - start)[::-1]))
        ax.annotate(name, (start + end) / 2, rotation=turn, **style.EDGE_NAME)


def _land(ax: Axes, xs: ndarray, ys: ndarray, losses: ndarray, rise: Rise) -> None:
    x, y, height = relief.base(xs), relief.base(ys), rise(losses)
    colours = style.HEIGHTS(height)
    colours[~np.isfinite(losses), :3] = style.UNKNOWN_HEIGHT
    colours[..., :3] *= relief.light(x, y, height)[..., None]
    across, up = relief.seen(*np.meshgrid(x, y), height)
    # The farthest row is drawn first, so that nearer ones hide it.
    picture = across[::-1], up[::-1], colours[::-1].clip(max=1)
    ax.pcolormesh(*picture, shading="gouraud", rasterized=True, zorder=2)


def _stage(ax: Axes, height: ndarray) -> None:
    """Draw the edges of the floor, and posts up to the near corners of a landscape."""
    x, y = np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]])
    floor, roof = np.array(relief.seen(x, y, 0)), np.array(relief.seen(x, y, 1))
    corners = relief.seen(x[:3], y[:3], height[[0, 0, -1], [0, -1, -1]])
    ax.plot(*floor, **style.BOX)
    ax.plot(*np.stack([floor[:, :3], corners], axis=1), **style.BOX)
    ax.set(xlim=(floor[0].min(), floor[0].max()), ylim=(floor[1].min(), roof[1].max()))
    ax.set_aspect("equal")
    ax.set_axis_off()


def _scale(ax: Axes, ticks: ndarray, heights: ndarray, beyond: bool) -> None:
    """Draw the height axis of a landscape, in units of loss, at its left corner."""
    across, up = relief.seen(-1, -1, heights)
    ax.plot(np.full(len(up), across), up, marker=TICKLEFT, **style.SCALE)
    names = [f"{tick:.3g}" for tick in ticks]
    names[-1] = f"≥{names[-1]}" if beyond else names[-1]
    ax.apply_aspect()
    places = ax.transData.transform(np.stack([np.full(len(up), across), up], axis=1))
    for number in _apart(places[:, 1], style.TICK_ROOM * ax.figure.dpi):
        ax.annotate(names[number], (across, up[number]), **style.TICK)


def _apart(places: ndarray, room: float) -> list[int]:
    """The ends of some increasing places (n,), and of the others those with room."""
    kept, last = [0], len(places) - 1
    for number in range(1, last):
        below, above = places[number] - places[kept[-1]], places[last] - places[number]
        if min(below, above) >= room:
            kept.append(number)
    return [*kept, last]
