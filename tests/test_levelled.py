"""Levels on contour lines: the right ones, along the lines, apart from each other."""

from itertools import combinations

import numpy as np
import pytest

from losslandscape import draw, levelled, style

XS, YS = np.linspace(-1, 1, 9), np.linspace(-2, 2, 13)
X, Y = np.meshgrid(XS, YS)


def test_labels_stand_on_the_level_they_name(ax):
    draw.contours(ax, XS, YS, 5 + X + 1.5 * Y)

    assert len(ax.texts) > 5
    for text in ax.texts:
        x, y = text.get_position()
        assert 5 + x + 1.5 * y == pytest.approx(float(text.get_text()))


def test_labels_lie_along_their_lines(ax):
    draw.contours(ax, XS, YS, 5 + X + 2 * Y)

    slope = -0.5 * np.ptp(XS) / np.ptp(YS)
    assert ax.texts
    for text in ax.texts:
        assert np.tan(np.deg2rad(text.get_rotation())) == pytest.approx(slope)


def test_labels_keep_their_distance_and_stay_inside(ax):
    chaos = 4 + 3 * np.sin(9 * X) * np.cos(5 * Y) + Y

    draw.contours(ax, XS, YS, chaos)

    places = [
        2 * ax.transAxes.inverted().transform(ax.transData.transform(t.get_position()))
        for t in ax.texts
    ]
    assert len(places) > 5
    assert np.min(places) > style.LABEL_SPAN / 2
    assert np.max(places) < 2 - style.LABEL_SPAN / 2
    gaps = [np.hypot(*(one - other)) for one, other in combinations(places, 2)]
    assert min(gaps) >= style.LABEL_ROOM - 1e-9


def test_steep_lines_are_labelled_where_that_is_asked_for(ax):
    upright = ax.contour(XS, YS, 5 + X, style.LI_LEVELS)

    levelled.label(ax, upright)
    none = len(ax.texts)
    levelled.label(ax, upright, steep=np.pi)

    assert none == 0
    assert len(ax.texts) > 3
    assert {text.get_rotation() for text in ax.texts} == {90}


def test_labels_of_lines_that_lead_far_out_of_the_window_are_soon_found(ax):
    ax.set(xlim=(0, 1e-4), ylim=(0, 1e-4))
    lines = ax.contour(XS, YS, 0.6 + 5000 * (X - Y), [0.6, 0.7, 0.8])

    levelled.label(ax, lines)

    assert {text.get_text() for text in ax.texts} == {"0.6", "0.7", "0.8"}


def test_labels_keep_clear_of_points(ax):
    lines = ax.contour(XS, YS, 5 + X + 1.5 * Y, style.LI_LEVELS)
    clear = np.stack([np.linspace(-1, 1, 50), np.zeros(50)], axis=1)

    levelled.label(ax, lines, clear)

    heights = [abs(text.get_position()[1]) / 2 for text in ax.texts]
    assert len(heights) > 3
    assert min(heights) >= style.LABEL_SPAN - 1e-9
