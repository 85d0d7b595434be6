"""Layers of volumes: which are drawn, where, and in which colours."""

import numpy as np
import pytest

import drawn
import seen
from losslandscape import draw, layers, page, style

VOLUME = drawn.volume()["files"]["volume"][0]


@pytest.mark.parametrize(
    ("measured", "count", "shown"),
    [(9, 5, [0, 2, 4, 6, 8]), (9, 3, [0, 4, 8]), (3, 5, [0, 1, 2]), (7, 2, [0, 6])],
)
def test_layers_are_evenly_spread_over_those_that_were_measured(measured, count, shown):
    assert layers.chosen(np.arange(measured), count) == shown


@pytest.mark.parametrize("layer", [0, 2])
def test_a_layer_is_the_plane_of_its_z_with_the_centre_in_the_middle_one(ax, layer):
    bands = layers.layer(ax, VOLUME, "train_loss", layer)

    other = seen.square()
    losses = VOLUME["train_loss"][layer]
    levels = style.BAND_LEVELS["train_loss"]
    expected = draw.filled(other, VOLUME["x"], VOLUME["y"], losses, levels)
    assert bands.levels.tolist() == expected.levels.tolist()
    for ours, theirs in zip(bands.get_paths(), expected.get_paths(), strict=True):
        assert np.array_equal(ours.vertices, theirs.vertices)
    assert (ax.get_xlim(), ax.get_ylim()) == (other.get_xlim(), other.get_ylim())
    assert len(ax.lines) == (layer == 2)


def test_layers_are_stacked_by_their_z_and_named(ax):
    layers.stack(ax, VOLUME, "train_loss", 3)

    names = [text.get_text() for text in ax.texts]
    places = [text.xy for text in ax.texts]
    assert names == ["−0.5", "0", "0.5"]
    assert len({across for across, _ in places}) == 1
    heights = np.diff([up for _, up in places])
    assert heights[0] == pytest.approx(heights[1])
    assert heights[0] > 0


def test_axes_that_have_names_are_written_beside_the_layers(ax):
    layers.stack(ax, VOLUME, "train_loss", 3)
    heights = [text.xy[1] for text in ax.texts]

    layers.named(ax, ["gradient", "random", "to sgd"])

    x, y, z = ax.texts[-3:]
    assert [text.get_text() for text in (x, y, z)] == ["gradient", "random", "to sgd"]
    assert x.xy[1] < heights[0]
    assert x.xy[0] < y.xy[0]
    assert z.get_rotation() == 90


def test_what_is_not_finite_in_a_volume_is_counted(ax):
    broken = VOLUME | {"train_loss": VOLUME["train_loss"].copy()}
    broken["train_loss"][0, 0, :2] = np.nan, np.inf

    layers.stack(ax, broken, "train_loss", 3)

    assert "2 of 125 not finite" in seen.written(ax)


def test_slices_share_one_scale_of_colours():
    shown = [drawn.volume(layer=layer) for layer in range(3)]

    *panels, bar = page.figure([drawn.row("slices", *shown)]).axes

    assert len(panels) == 3
    assert bar.get_ylabel() == "Training loss"
