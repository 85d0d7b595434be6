"""Legends: names of curves hide nothing and are inside."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from losslandscape import legends


@pytest.fixture
def ax(styled_ax: Axes) -> Axes:
    """Axes in the look of the figures."""
    return styled_ax


def names_of(ax: Axes) -> Bbox:
    ax.figure.canvas.draw()
    return ax.get_legend().get_window_extent()


@pytest.mark.parametrize("corner", [(1, 1), (0, 1), (1, 0), (0, 0)])
def test_names_stand_in_the_corner_that_is_free(ax, corner):
    ends = [(0, 0), (1, 1)] if sum(corner) == 1 else [(0, 1), (1, 0)]
    ends.append((1 - corner[0], 1 - corner[1]))
    ax.plot(*np.transpose([ends[0], ends[2], ends[1]]), label="curve")

    legends.inside(ax)

    box, window = names_of(ax), ax.bbox
    middle = (box.get_points().mean(axis=0) - window.min) / window.size
    assert (middle.round() == corner).all()
    assert all(window.contains(*point) for point in box.get_points())


def test_names_stand_between_curves_where_no_corner_is_free(ax):
    t = np.linspace(0, 1, 50)
    ax.plot(t, 0.4 * t * (1 - t), label="low")
    ax.plot(t, np.exp(-((2.2 * t - 1.1) ** 8)), label="high")

    legends.inside(ax)

    box = names_of(ax)
    assert not any(
        line.get_transform()
        .transform_path(line.get_path())
        .intersects_bbox(box, filled=False)
        for line in ax.lines
    )
    assert ax.get_ylim()[1] < 1.1


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_names_have_room_above_where_curves_are_everywhere(ax, scale):
    right = ax.twinx()
    for side in (ax, right):
        side.plot(np.arange(100), np.tile([1.0, 9.0], 50), label="everywhere")
        side.set_yscale(scale)

    legends.inside(ax)

    box = names_of(ax)
    for side in (ax, right):
        assert side.transData.transform((0, 9))[1] < box.y0
    assert box.y1 < ax.bbox.y1
