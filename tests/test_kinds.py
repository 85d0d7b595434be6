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


def test_a_plane_has_the_measure_and_the_cap_that_are_asked_for():
    (row_of_one,) = [
        drawn.row("planes", drawn.triangle(), measure="test_error", cap=31)
    ]

    _, bar = page.figure([row_of_one]).axes

    assert bar.get_ylabel() == "Test error (%)"
    assert bar.get_yticklabels()[0].get_text() == ">31"


@pytest.mark.parametrize("roles", [{"ensemble"}, {"ensemble", "single"}])
def test_the_level_of_one_net_is_drawn_if_a_panel_has_one(roles):
    spending = drawn.spending()
    spending["files"] = {role: spending["files"][role] for role in roles}

    (ax,) = page.figure([drawn.row("budgets", spending)]).axes

    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert ("one net, 1$B$" in names) == ("single" in roles)


def test_profiles_are_drawn_as_their_options_say():
    options = {"measure": "test_error", "log": True, "votes": True}

    (ax,) = page.figure([drawn.row("profiles", drawn.roads(), **options)]).axes

    assert (ax.get_yscale(), ax.get_ylabel()) == ("log", "Test error (%)")
    assert "ensemble of 50" in ax.get_legend_handles_labels()[1]


def test_every_kind_has_its_frame():
    assert kinds.KINDS.keys() == frames.FRAMES.keys()
