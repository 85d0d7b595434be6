"""Kinds: the arrays of a panel go where its options say."""

import numpy as np
import pytest

import drawn
from losslandscape import frames, kinds, page


def test_several_directions_are_a_band():
    (several,) = drawn.line()["files"]["line"]
    stacked = {name: np.stack([values] * 3) for name, values in several.items()}
    repeats = stacked | {"t": several["t"]}

    ax, _ = page.figure(
        [drawn.row("lines", drawn.shown("VGG-9", repeats=[repeats]))]
    ).axes

    _, names = ax.get_legend_handles_labels()
    assert "all 3 directions" in names


@pytest.mark.parametrize(("normalised", "highest"), [(True, 1), (False, 4)])
def test_curves_of_rescaled_weights_are_those_that_are_asked_for(normalised, highest):
    (ax,) = page.figure(
        [drawn.row("rescalings", drawn.rescaled(), normalised=normalised)]
    ).axes

    assert max(curve.get_ydata().max() for curve in ax.lines) == highest


def test_a_radius_that_is_cut_off_is_a_lower_bound():
    (ax,) = page.figure([drawn.row("scatter", drawn.table(), x="radius")]).axes

    _, hollow = ax.lines
    assert hollow.get_xydata().tolist() == [[0.25, 5.8]]
    assert ax.get_xlabel() == "Radius (hollow: a lower bound)"


def test_the_measure_that_is_asked_for_is_drawn():
    level = drawn.panel()
    (surface,) = level["files"]["surface"]
    surface["test_loss"] = 2 + surface["train_loss"] * 0

    (ax,) = page.figure([drawn.row("contours", level, measure="test_loss")]).axes

    assert not sum(len(path.vertices) for path in ax.collections[0].get_paths())


def test_every_kind_has_its_frame():
    assert kinds.KINDS.keys() == frames.FRAMES.keys()
