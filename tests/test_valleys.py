"""Valleys: planes in Euclidean lengths, the authors' levels, roads where they run."""

from itertools import pairwise

import matplotlib.style
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba

import drawn
import seen
from losslandscape import joined, page, style, valleys

XS, YS = np.linspace(-0.5, 1.5, 21), np.linspace(-0.25, 1.25, 31)
X, Y = np.meshgrid(XS, YS)
DIRECTIONS = {"places": [[0, 0], [1, 0], [0.5, 1]], "norms": [80.0, 40.0]}


def surface(loss: np.ndarray = 0.1 + 4 * X**2 + 4 * Y**2) -> dict[str, np.ndarray]:
    return {"x": XS, "y": YS, "regularised_loss": loss, "test_error": 10 * loss + 5}


def draw(ax: Axes, loss: np.ndarray | None = None, **look: float | str):
    held = surface() if loss is None else surface(loss)
    return valleys.plane(ax, held, DIRECTIONS, valleys.Look(**look))


def marked(ax: Axes, marker: str) -> list[list[float]]:
    lines = [line for line in ax.lines if line.get_marker() == marker]
    return [point for line in lines for point in line.get_xydata().tolist()]


@pytest.mark.parametrize(
    ("low", "look", "labels"),
    [
        (0.065, {"start": -3.86}, "0.065 0.11 0.17 0.28 0.54 1.1 2.3 5"),
        (0.028, {"cap": 3.0}, "0.028 0.044 0.066 0.12 0.25 0.55 1.3 3"),
        (0.026, {"cap": 3.0}, "0.026 0.042 0.064 0.12 0.24 0.55 1.3 3"),
    ],
)
def test_levels_are_those_of_the_paper(low, look, labels):
    levels = valleys.levels(np.array([low, 50.0]), valleys.Look(**look))

    printed = np.array(labels.split(), float)
    assert np.allclose(levels, printed, rtol=0.03)
    assert (levels[0], levels[-1]) == (low, printed[-1])
    assert len(np.unique(levels)) == 8


def test_distances_from_the_least_grow_by_one_factor_from_the_start_to_the_cap():
    levels = valleys.levels(np.array([1.0, 2.0]), valleys.Look(start=-2.0, cap=9.0))

    steps = np.log(levels[1:] - 1)
    assert np.allclose(np.diff(steps), (np.log(8) + 2) / 7)
    assert steps[0] == pytest.approx(-2 + (np.log(8) + 2) / 7)


def test_a_cap_that_nothing_is_below_is_refused():
    with pytest.raises(ValueError, match="cap of 40 is too low for test_error from 50"):
        valleys.levels(np.array([50.0]), valleys.Look("test_error"))


@pytest.mark.parametrize(
    ("loss", "colour"), [(0.1001, joined.DEPTHS[0]), (5.2, joined.DEPTHS[-1])]
)
def test_the_least_is_dark_and_what_is_above_the_cap_has_its_own_colour(
    ax, loss, colour
):
    values = np.full(X.shape, loss)
    values[0, 0] = 0.1

    draw(ax, values)

    assert np.allclose(seen.pixels(ax, 100, 20), to_rgba(colour), atol=0.02)


@pytest.mark.parametrize("band", range(7))
def test_a_value_between_two_levels_has_the_colour_of_its_band(ax, band):
    levels = valleys.levels(np.array([0.1]), valleys.Look())
    values = np.full(X.shape, levels[band : band + 2].mean())
    values[0, 0] = 0.1

    draw(ax, values)

    assert np.allclose(seen.pixels(ax, 100, 20), joined.DEPTHS[band], atol=0.02)


def test_lower_is_darker():
    lightness = np.array(joined.DEPTHS)[:, :3] @ [0.2126, 0.7152, 0.0722]

    assert (np.diff(lightness) > 0.02).all()


def test_axes_are_euclidean(ax):
    draw(ax)

    assert (ax.get_xlim(), ax.get_ylim()) == ((-40, 120), (-10, 50))


def test_three_optima_are_circles_with_broken_segments_between_all(ax):
    draw(ax)

    assert marked(ax, "o") == [[0, 0], [80, 0], [40, 40]]
    assert not marked(ax, "D")
    broken = [line for line in ax.lines if line.is_dashed()]
    segments = {tuple(np.sort(line.get_xdata())) for line in broken}
    assert segments == {(0, 80), (40, 80), (0, 40)}


def test_segments_say_how_long_they_are(ax):
    draw(ax)

    told = sorted((text.get_position(), text.get_text()) for text in ax.texts)
    assert told == [((20, 20), "56.6"), ((40, 0), "80"), ((60, 20), "56.6")]


@pytest.mark.parametrize(
    ("curve", "middle", "length"),
    [("bezier", [40, 20], 91.8), ("polychain", [40, 40], 2 * 40 * 2**0.5)],
)
def test_a_curve_runs_from_end_to_end_by_its_bend(ax, curve, middle, length):
    draw(ax, curve=curve)

    rim, road = (line for line in ax.lines if len(line.get_xdata()) > 2)
    way = road.get_xydata()
    assert way[[0, -1]].tolist() == [[0, 0], [80, 0]]
    assert way[len(way) // 2].tolist() == middle
    assert np.hypot(*np.diff(way, axis=0).T).sum() == pytest.approx(length, rel=1e-3)
    assert (rim.get_xydata() == way).all()
    assert rim.get_color() == "white"
    assert rim.get_linewidth() > road.get_linewidth()
    assert (marked(ax, "o"), marked(ax, "D")) == ([[0, 0], [80, 0]], [[40, 40]])
    (segment,) = (line for line in ax.lines if line.is_dashed())
    assert segment.get_xydata().tolist() == [[0, 0], [80, 0]]


def test_the_road_is_seen_over_its_valley(ax):
    draw(ax, curve="polychain")

    seen_there = seen.pixels(ax, 20, 20)[:, :3]
    colour = to_rgba(joined.ROADS["polychain"]["color"])[:3]
    assert np.abs(seen_there - colour).max(axis=1).min() < 0.05
    assert seen_there.min(axis=1).max() > 0.8


def test_what_is_not_finite_is_hatched_and_counted(ax):
    loss = surface()["regularised_loss"].copy()
    loss[16:, :4] = np.nan

    draw(ax, loss)

    assert "60 of 651 not finite" in seen.written(ax)
    there = seen.pixels(ax, -30, 40)[:, :3]
    assert (np.ptp(there, axis=1) < 0.02).all()
    assert len(np.unique(there, axis=0)) > 1


def test_a_plane_of_nothing_is_hatched_all_over(ax):
    bands = draw(ax, np.full(X.shape, np.nan))

    valleys.bar(ax.figure.add_axes((0.9, 0.2, 0.02, 0.6)), bands, "Loss")

    assert "651 of 651 not finite" in seen.written(ax)
    ax.figure.canvas.draw()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0654, 0.1113, 2.32, 5.0], ["0.065", "0.11", "2.3", "5"]),
        ([24.04, 24.4, 31.2, 40.0], ["24", "24.4", "31.2", "40"]),
    ],
)
def test_levels_are_written_in_two_digits_or_three_where_two_are_the_same(
    values, expected
):
    assert valleys.written(values) == expected


def row() -> list[dict]:
    """Three planes whose measures start at different values."""

    def panel(low: float) -> dict:
        held = surface(low + X**2 + Y**2)
        return drawn.shown("ResNet-164", 24.4, surface=[held], directions=[DIRECTIONS])

    return drawn.row("planes", *map(panel, (0.01, 0.1, 1.0)), curve="bezier")


def test_every_plane_has_a_bar_of_its_own_levels_as_high_as_itself():
    axes = page.figure([row()]).axes

    planes, bars = axes[:3], axes[3:]
    labels = [[label.get_text() for label in bar.get_yticklabels()] for bar in bars]
    firsts, lasts = [each[-1] for each in labels], [each[0] for each in labels]
    assert firsts == ["0.01", "0.1", "1"]
    assert lasts == [">5"] * 3
    for plane, bar in zip(planes, bars, strict=True):
        left, right = plane.get_position(), bar.get_position()
        assert left.x1 < right.x0 < left.x1 + 0.03
        assert (left.y0, left.y1) == pytest.approx((right.y0, right.y1))
        assert bar.get_ylabel() == joined.NAMES["regularised_loss"]


def test_levels_beside_a_plane_are_all_written_and_do_not_meet():
    panel = drawn.shown("", surface=[surface()], directions=[DIRECTIONS])

    picture = page.figure([drawn.row("planes", panel, panel, panel)])

    with matplotlib.style.context(["default", style.RC]):
        picture.canvas.draw()
        labels = picture.axes[-1].get_yticklabels()
        boxes = [label.get_window_extent() for label in labels]
    assert labels[0].get_text() == ">5"
    assert len(labels) == 9
    assert not any(one.overlaps(other) for one, other in pairwise(boxes))


def test_a_small_number_is_written_short():
    words = valleys.written([0.00083, 0.00018, 0.018, 0.0012, 0.0, 5.0])

    assert words == ["8e-4", "2e-4", "0.018", "0.0012", "0", "5"]


def test_the_colours_of_a_bar_are_those_of_the_plane():
    picture = page.figure([row()])
    FigureCanvasAgg(picture)
    bar = picture.axes[-1]

    for band, colour in enumerate(joined.DEPTHS):
        middle = seen.pixels(bar, 0.5, band + 0.5)[6 * 13 + 6]
        assert np.allclose(middle, to_rgba(colour), atol=0.02)


def test_nothing_leaves_the_page_and_bars_do_not_meet_the_next_plane():
    picture = page.figure([row()])

    # Names stand where they will be only once a figure was laid out.
    assert seen.stays_on_the_page(picture)
    with matplotlib.style.context(["default", style.RC]):
        picture.canvas.draw()
        boxes = [ax.get_tightbbox(for_layout_only=True) for ax in picture.axes]

    assert all(bar.x1 < ax.x0 for bar, ax in zip(boxes[3:5], boxes[1:3], strict=True))
