"""Landscapes on paper: as high as the losses, seen from far to near, and named."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.text import Text

import seen
from losslandscape import relief, style, terrain

XS, YS = np.linspace(-1, 1, 9), np.linspace(-2, 2, 13)
X, Y = np.meshgrid(XS, YS)


def surface(ax: Axes, losses: np.ndarray, **look: float) -> tuple:
    """The mesh of a surface and its points (row y, column x): (mesh, across, up)."""
    terrain.surface(ax, XS, YS, losses, relief.Look(**look))
    (mesh,) = seen.found(ax, QuadMesh)
    across, up = np.moveaxis(np.array(mesh.get_coordinates())[::-1], 2, 0)
    return mesh, across, up


def lift(up: np.ndarray) -> np.ndarray:
    """Heights on paper above the floor, 1 for the roof, by the drawn floor itself."""
    elevation, azimuth = style.VIEW
    away = -np.cos(azimuth) * X - np.sin(azimuth) * Y / 2
    return (up - np.sin(elevation) * away) / (np.cos(elevation) * style.RELIEF)


def test_a_surface_stands_as_high_as_the_logarithm_of_its_clamped_loss(ax):
    losses = np.exp(4 * X + Y)

    _, _, up = surface(ax, losses, clamp=10.0, log=True)

    expected = np.log(np.minimum(losses, 10) + 0.1) - np.log(0.1)
    assert np.allclose(lift(up), expected / (np.log(10.1) - np.log(0.1)))


def test_a_surface_without_clamp_and_logarithm_stands_as_high_as_its_loss(ax):
    losses = 2 + X + 0.3 * Y

    _, _, up = surface(ax, losses)

    assert np.allclose(lift(up), losses / losses.max())


def test_a_surface_draws_unknown_losses_as_a_grey_plateau_and_counts_them(ax):
    losses = 1 + X**2
    losses[3:5, 2] = np.inf, np.nan

    mesh, _, up = surface(ax, losses, clamp=10.0)

    painted = np.asarray(mesh.get_array()).reshape(*losses.shape, 4)[::-1, :, :3]
    assert np.allclose(lift(up)[3:5, 2], 1)
    assert ((np.ptp(painted, axis=2) < 1e-9) == ~np.isfinite(losses)).all()
    assert "2 of 117 not finite" in seen.written(ax)


def test_a_surface_is_drawn_from_far_to_near(ax):
    mesh, _, _ = surface(ax, np.ones_like(X), clamp=10.0)

    heights = np.array(mesh.get_coordinates())[..., 1]

    assert (np.diff(heights, axis=0) < 0).all()
    assert (np.diff(heights, axis=1) < 0).all()


def test_a_surface_of_more_points_counts_what_was_measured(ax):
    losses = 1 + X**2
    losses[4, 4] = np.inf

    terrain.surface(ax, XS, YS, losses, relief.Look(clamp=10.0, points=40))

    assert seen.found(ax, QuadMesh)[0].get_coordinates().shape == (40, 40, 2)
    assert "1 of 117 not finite" in seen.written(ax)


@pytest.mark.parametrize(("highest", "name"), [(8.0, "10"), (12.0, "≥10")])
def test_the_scale_says_whether_losses_were_clamped(ax, highest, name):
    surface(ax, highest * X**2, clamp=10.0, log=True)

    assert seen.written(ax) == ["0", "0.1", "0.3", "1", "3", name]


def test_the_scale_of_a_small_surface_leaves_names_out_that_would_meet(ax):
    ax.set_position((0.3, 0.3, 0.3, 0.25))

    surface(ax, 12 * X**2, clamp=10.0, log=True)

    ax.figure.canvas.draw()
    boxes = sorted(Text.get_window_extent(text).y0 for text in ax.texts)
    assert seen.written(ax)[0] == "0"
    assert seen.written(ax)[-1] == "≥10"
    assert len(boxes) < 6
    assert np.diff(boxes).min() > style.SMALL / 72 * ax.figure.dpi * 0.8


def test_axes_that_have_names_are_written_along_the_near_edges(ax):
    surface(ax, X**2 + Y**2)
    before = len(ax.texts)

    terrain.named(ax, ["gradient", "random"])

    along = dict(zip(("gradient", "random"), ax.texts[before:], strict=True))
    for name, at in (("gradient", (0, -1)), ("random", (1, 0))):
        assert along[name].get_text() == name
        assert np.allclose(along[name].xy, relief.seen(*at, 0))
    # Each along its edge, from left to right.
    for name, ends in (
        ("gradient", ((-1, -1), (1, -1))),
        ("random", ((1, -1), (1, 1))),
    ):
        start, end = (np.array(relief.seen(*corner, 0)) for corner in ends)
        slope = np.tan(np.deg2rad(along[name].get_rotation()))
        assert slope == pytest.approx((end - start)[1] / (end - start)[0])
        assert end[0] > start[0]
