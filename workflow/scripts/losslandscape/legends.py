"""Where the names of curves stand in axes."""

from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.transforms import Bbox, BboxTransformTo

from losslandscape import style


def inside(ax: Axes) -> None:
    """Name curves where that hides nothing; if it would everywhere, make room above.

    Nothing of axes that share the horizontal one is hidden either.
    """
    sides = ax.get_shared_x_axes().get_siblings(ax)
    for side in sides:
        side.autoscale_view()  # else places are those of old limits
    shown = [artist for side in sides for artist in (*side.lines, *side.patches)]
    paths = [each.get_transform().transform_path(each.get_path()) for each in shown]
    paths += [_outline(text.get_window_extent()) for text in ax.texts]
    names = ax.legend(**style.INSIDE)
    size = names.get_window_extent().size
    free = ax.bbox.padded(-style.KEY_PAD * ax.figure.dpi / 72)
    for clear, place in style.KEY_PLACES:
        foot = free.min + place * (free.size - size)
        box = Bbox.from_bounds(*foot, *size).padded(clear * ax.figure.dpi / 72)
        if not any(path.intersects_bbox(box, filled=False) for path in paths):
            names.set_loc(tuple(ax.transAxes.inverted().transform(foot)))
            return
    share = min(box.height / ax.bbox.height, 0.7)
    for side in sides:
        warp = side.yaxis.get_transform()
        low, high = warp.transform(side.get_ylim())
        top = low + (high - low) / (1 - share)
        side.set_ylim(warp.inverted().transform([low, top]))


def _outline(box: Bbox) -> Path:
    return Path.unit_rectangle().transformed(BboxTransformTo(box))
