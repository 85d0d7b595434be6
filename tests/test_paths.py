"""Ways of training: where the dots are, what the axes say, what lies beside them."""

from itertools import combinations

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet

import seen
from losslandscape import page, paths, style
from ways import X, path, surface


def draw(ax: Axes, units: str = "direction", stretch: bool = False, **changed) -> None:
    paths.way(ax, surface(), [("SGD", path(**changed))], paths.Look(units, stretch))


def marked(ax: Axes, look: dict) -> list[list[float]]:
    """Where the dots of a look are."""
    dots = [line for line in ax.lines if line.get_zorder() == look["zorder"]]
    (line,) = dots
    return line.get_xydata().tolist()


def test_epochs_are_dots_at_multiples_of_the_directions(ax):
    draw(ax)

    assert np.allclose(marked(ax, style.WAY), np.stack([path()["x"], path()["y"]]).T)


def test_lengths_are_coordinates_times_the_norms_of_the_directions(ax):
    draw(ax, "length")

    way = np.stack([40 * path()["x"], 5 * path()["y"]]).T
    assert np.allclose(marked(ax, style.WAY), way)
    assert ax.get_xlim() == (-40, 40)
    assert ax.get_ylim() == (-10, 10)


def test_level_lines_are_scaled_with_the_way(ax):
    losses = 5 + 4 * X

    paths.way(
        ax, surface(losses), [("SGD", path())], paths.Look("length", stretch=False)
    )

    (lines,) = [a for a in ax.get_children() if isinstance(a, QuadContourSet)]
    for level, pieces in zip(lines.levels[2:18], lines.allsegs[2:18], strict=True):
        assert np.allclose(pieces[0][:, 0], 40 * (level - 5) / 4)


def test_levels_are_those_of_the_paper_and_powers_of_ten(ax):
    draw(ax)

    (lines,) = [a for a in ax.get_children() if isinstance(a, QuadContourSet)]
    expected = [0.1 + 0.5 * k for k in range(20)] + [10**k for k in range(1, 9)]
    assert np.allclose(lines.levels, expected)


def test_epochs_after_which_the_rate_drops_are_ringed(ax):
    draw(ax)

    assert marked(ax, style.DROPS) == [[0.6, 0.5], [0.1, 0.2]]


def test_a_rate_that_falls_slowly_does_not_drop(ax):
    draw(ax, lr=np.linspace(0.1, 0.06, 6))

    assert marked(ax, style.DROPS) == []
    assert ax.get_legend_handles_labels()[1] == ["start", "solution"]


def test_the_start_and_the_solution_are_marked(ax):
    draw(ax)

    assert marked(ax, style.START) == [[0.9, 0.1]]
    assert marked(ax, style.SOLUTION) == [[0, 0]]
    names = ax.get_legend_handles_labels()[1]
    assert names == ["start", "learning rate drops", "solution"]


def test_guests_have_colours_of_their_own_and_their_names_where_they_end(ax):
    ways = [("SGD", path()), ("Adam", path(x=-path()["x"] - 0.2))]

    paths.way(ax, surface(), ways, paths.Look("direction", stretch=False))

    lines = [line for line in ax.lines if line.get_zorder() == style.WAY["zorder"]]
    assert [line.get_color() for line in lines] == list(style.WAYS[:2])
    assert np.allclose(lines[1].get_xdata(), -path()["x"] - 0.2)
    told = [text for text in ax.texts if text.get_text() in dict(ways)]
    assert [text.xy for text in told] == [
        pytest.approx((0, 0)),
        pytest.approx((-0.2, 0)),
    ]
    assert [text.get_color() for text in told] == list(style.WAYS[:2])
    assert ax.get_legend_handles_labels()[1].count("start") == 1


def test_drops_of_a_guest_alone_are_in_the_legend_once(ax):
    level = path(lr=np.full(6, 0.1))
    ways = [("SGD", level), ("Adam", path()), ("other", path())]

    paths.way(ax, surface(), ways, paths.Look("direction", stretch=False))

    assert ax.get_legend_handles_labels()[1].count("learning rate drops") == 1


def test_a_window_that_is_stretched_fits_the_ways_of_guests_too(ax):
    ways = [("SGD", path()), ("Adam", path(x=path()["x"] - 7))]

    paths.way(ax, surface(), ways, paths.Look("direction", stretch=True))

    assert ax.get_xlim()[0] < -7 < 0.9 < ax.get_xlim()[1]


def test_the_window_is_the_grid(ax):
    draw(ax)

    assert ax.get_xlim() == (-1, 1)
    assert ax.get_ylim() == (-2, 2)


def test_a_window_that_is_stretched_fits_the_way_however_small(ax):
    draw(ax, stretch=True, y=1e-3 * path()["y"])

    low, high = ax.get_ylim()
    assert -0.3e-3 < low < 0
    assert 0.7e-3 < high < 1e-3
    assert ax.get_xlim() == pytest.approx((-0.108, 1.008))


def test_a_way_without_reach_on_an_axis_has_the_window_of_the_grid(ax):
    draw(ax, stretch=True, y=np.zeros(6))

    assert ax.get_ylim() == (-2, 2)


def test_small_numbers_are_in_powers_of_ten(ax):
    draw(ax, stretch=True, y=-1e-3 * path()["y"])

    ax.figure.canvas.draw()
    ticks = [tick.get_text() for tick in ax.get_yticklabels()]
    assert {"−5", "0"} <= set(ticks)
    assert ax.get_ylabel() == "2nd direction (10$^{-4}$): 0.71 %"
    assert ax.get_xlabel() == "1st direction: 24.57 %"


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.8778, "87.78 %"), (0.0063, "0.63 %"), (0.00029, "0.029 %"), (2e-7, "<0.01 %")],
)
def test_axes_say_how_much_of_the_variance_is_theirs(ax, share, words):
    draw(ax, "length", explained=np.array([share, share]))

    assert ax.get_xlabel() == f"1st PCA component: {words}"
    assert ax.get_ylabel() == f"2nd PCA component: {words}"


def test_axes_that_were_chosen_by_name_are_called_so(ax):
    look = paths.Look("direction", False, axes=["gradient", "to sgd"])

    paths.way(ax, surface(), [("SGD", path())], look)

    assert ax.get_xlabel() == "gradient: 24.57 %"
    assert ax.get_ylabel().startswith("to sgd")


def test_what_is_beyond_the_grid_is_hatched(ax):
    draw(ax, stretch=True, x=2 * path()["x"])

    beyond, within = seen.pixels(ax, 1.5, 0.3), seen.pixels(ax, 0.1, 0.6)
    assert (np.ptp(beyond[:, :3], axis=1) < 0.02).all()
    assert not (beyond == 1).all(axis=1).any()
    assert (within == 1).all(axis=1).any()


@pytest.mark.parametrize("stretch", [True, False])
def test_losses_that_are_not_finite_are_hatched_and_counted(ax, stretch):
    losses = np.full(X.shape, 1e12)
    losses[7:9, 6:8] = np.inf

    paths.way(ax, surface(losses), [("SGD", path())], paths.Look("direction", stretch))

    assert seen.written(ax) == ["4 of 117 not finite"]
    grey = seen.pixels(ax, 0.65, 0.42)
    assert not (grey == 1).all(axis=1).any()


def test_labels_of_levels_are_not_on_the_way(ax):
    dense = np.linspace(0, 1, 7)
    few = np.array([1.0, 0.0])

    draw(ax, x=few, y=few, lr=np.ones(2), epoch=np.arange(2))

    inches = ax.transData - ax.figure.dpi_scale_trans
    way = inches.transform(np.stack([dense, dense], axis=1))
    places = [inches.transform(text.get_position()) for text in ax.texts]
    gaps = [np.hypot(*(way - place).T).min() for place in places]
    assert len(gaps) > 3
    assert min(gaps) >= style.LABEL_SPAN - 1e-9


def rows() -> list[list[dict]]:
    """A figure of four ways by both kinds, one a lot longer than the others."""
    long = path(distance=100 * path()["distance"], norms=np.array([4000.0, 0.005]))
    held = [path(), path(), long, path(y=-0.1 * path()["y"])]
    panels = [
        {
            "label": "Adam, WD 5e-4, batch 8192",
            "names": ["Adam"],
            "guests": [],
            "colours": [0],
            "test_errors": [7.37],
        }
        | {"files": {"surface": [surface()], "path": [each]}}
        for each in held
    ]

    def entry(kind: str, **options: str | bool) -> list[dict]:
        return [{"kind": kind, "options": options, "title": "", "panels": panels}]

    return [
        entry("paths", units="length", stretch=False),
        entry("paths", units="direction", stretch=True),
        entry("iterates"),
    ]


@pytest.mark.parametrize("row", range(3))
def test_nothing_leaves_the_page_and_no_names_of_axes_meet(row):
    picture = page.figure(rows()[row : row + 1])

    # Names stand where they will be only once a figure was laid out.
    assert seen.stays_on_the_page(picture)
    with matplotlib.style.context(["default", style.RC]):
        picture.canvas.draw()
        boxes = [
            axis.label.get_window_extent()
            for ax in picture.axes
            for axis in (ax.xaxis, ax.yaxis)
            if axis.label.get_text()
        ]

    assert len(boxes) == (8, 8, 4)[row]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_the_same_ways_are_the_same_bytes(tmp_path):
    assert seen.is_repeatable(lambda: page.figure(rows()), tmp_path)
