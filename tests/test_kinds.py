"""Kinds: the arrays of a panel go where its options say."""

import numpy as np
import pytest
from matplotlib.axes import Axes

import drawn
from losslandscape import frames, kinds, page, style


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


def ways(*panels: tuple[list[float], int]) -> list[Axes]:
    """Panels of a way each, with its rates and the number of its colour."""
    way = {"x": np.array([1.0, 0.0]), "y": np.zeros(2), "explained": np.ones(2)}
    plane = {axis: np.linspace(-1, 2, 4) for axis in "xy"}
    plane["train_loss"] = np.add.outer(plane["y"] ** 2, plane["x"] ** 2)
    shown = [
        {"label": "", "names": ["SGD"], "guests": [], "test_errors": []}
        | {"colours": [colour]}
        | {"files": {"surface": [plane], "path": [way | {"lr": np.array(rates)}]}}
        for rates, colour in panels
    ]
    options = {"units": "direction", "stretch": False}
    entry = {"kind": "paths", "options": options, "title": "", "panels": shown}
    return page.figure([[entry]]).axes


def test_a_legend_has_what_only_a_later_panel_has():
    first, _ = ways(([0.1, 0.1], 0), ([0.1, 0.01], 0))

    told = [text.get_text() for text in first.get_legend().get_texts()]
    assert told == ["start", "solution", "learning rate drops"]


def test_a_way_has_the_colour_of_its_run():
    found = ways(([0.1, 0.1], 0), ([0.1, 0.1], 2), ([0.1, 0.1], len(style.WAYS) + 1))

    lines = [
        line.get_color()
        for ax in found
        for line in ax.lines
        if line.get_zorder() == style.WAY["zorder"]
    ]
    assert lines == [style.WAYS[0], style.WAYS[2], style.WAYS[1]]
