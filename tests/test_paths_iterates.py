"""Losses by epoch beside those of the plane, and the distance between."""

import numpy as np
from matplotlib.axes import Axes

import seen
from losslandscape import paths, style
from ways import EPOCHS, path


def curves(ax: Axes) -> dict:
    return {line.get_label(): line for line in ax.lines if len(line.get_xdata()) == 6}


def test_the_loss_of_the_net_is_solid_and_that_of_the_plane_dashed(ax):
    paths.iterates(ax, path())

    net, plane = curves(ax)["loss of the net"], curves(ax)["of the plane under it"]
    assert np.array_equal(net.get_xydata(), np.c_[EPOCHS, path()["train_loss"]])
    assert np.array_equal(plane.get_ydata(), path()["plane_train_loss"])
    assert net.get_linestyle() == "-"
    assert plane.get_linestyle() == "--"
    assert net.get_color() == plane.get_color()
    assert ax.get_yscale() == "log"


def test_the_distance_is_on_the_right_from_zero(ax):
    paths.iterates(ax, path())

    _, right = ax.figure.axes
    (distance,) = right.lines
    assert np.array_equal(distance.get_ydata(), path()["distance"])
    assert right.get_ylim()[0] == 0
    assert right.get_yscale() == "linear"
    assert right.yaxis.get_ticks_position() == "right"
    assert distance.get_color() != curves(ax)["loss of the net"].get_color()


def test_the_legend_has_all_three_curves(ax):
    paths.iterates(ax, path())

    handles, names = ax.get_legend_handles_labels()
    assert names == ["loss of the net", "of the plane under it", "distance (right)"]
    assert handles[2].get_color() == style.AWAY


def test_drops_of_the_rate_are_lines_over_the_epochs(ax):
    paths.iterates(ax, path())

    thin = [line for line in ax.lines if line.get_color() == style.DROP["color"]]
    assert [line.get_xdata()[0] for line in thin] == [4, 8]


def test_losses_of_the_plane_that_are_not_finite_are_hatched_and_counted(ax):
    losses = path()["plane_train_loss"]
    losses[1] = np.inf

    paths.iterates(ax, path(plane_train_loss=losses))

    assert seen.written(ax) == ["1 of 6 not finite"]
    (span,) = ax.patches
    assert span.get_hatch()
    assert span.get_extents().transformed(ax.transData.inverted()).x0 == 1
