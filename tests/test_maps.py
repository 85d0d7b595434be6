"""Maps: what was measured is drawn, and what was not is seen not to be."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

import seen
from losslandscape import maps, page

XS, YS = np.linspace(-1, 1, 5), np.linspace(-2, 2, 7)
X, Y = np.meshgrid(XS, YS)
VALUES = ["ratio", "lambda_max", "lambda_min"]


@pytest.fixture
def ax() -> Axes:
    """The left one of two axes, each two inches square."""
    picture = Figure((6, 3), dpi=100)
    FigureCanvasAgg(picture)
    picture.add_axes((0.6, 0.2, 1 / 3, 2 / 3))
    return picture.add_axes((0.1, 0.2, 1 / 3, 2 / 3))


def curvature(**changed: np.ndarray) -> dict[str, np.ndarray]:
    measured = {
        "x": XS,
        "y": YS,
        "lambda_min": -1 - Y - 2 * X**2,
        "lambda_max": 4 + 3 * X + Y**2,
        "converged": np.ones(X.shape, bool),
    }
    return measured | changed


def shown(cells: QuadMesh) -> np.ma.MaskedArray:
    return np.ma.asarray(cells.get_array()).reshape(X.shape)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ratio", abs(-1 - Y - 2 * X**2) / (4 + 3 * X + Y**2)),
        ("lambda_max", 4 + 3 * X + Y**2),
        ("lambda_min", -1 - Y - 2 * X**2),
    ],
)
def test_a_map_shows_its_value_at_every_point(ax, value, expected):
    cells = maps.eigenvalues(ax, curvature(), value)

    assert np.allclose(shown(cells), expected)


def test_a_point_is_a_cell_with_the_point_in_its_middle_and_y_upwards(ax):
    cells = maps.eigenvalues(ax, curvature(), "ratio")

    corners = cells.get_coordinates()
    middles = (corners[1:, 1:] + corners[:-1, :-1]) / 2
    assert np.allclose(middles, np.stack([X, Y], axis=2))
    assert ax.get_xlim() == pytest.approx((-1.25, 1.25))
    assert ax.get_ylim() == pytest.approx((-7 / 3, 7 / 3))
    assert cells.get_rasterized()


def test_ratios_have_the_colours_of_the_paper(ax):
    measured = curvature(
        lambda_min=np.where(X > 0.9, -9.0, -0.25), lambda_max=1 + 0 * X
    )

    cells = maps.eigenvalues(ax, measured, "ratio")

    assert (cells.norm.vmin, cells.norm.vmax) == (0, 0.5)
    assert np.allclose(seen.pixels(ax, -1, -2), to_rgba("#21918c"), atol=0.02)
    assert np.allclose(seen.pixels(ax, 1, -2), to_rgba("#fde725"), atol=0.02)
    assert cells.cmap.colorbar_extend == "max"


def test_a_smallest_eigenvalue_of_zero_is_in_the_middle_of_its_colours(ax):
    cells = maps.eigenvalues(ax, curvature(), "lambda_min")

    assert cells.norm(0) == pytest.approx(0.5)
    assert cells.norm(-3) == pytest.approx(1 - cells.norm(3))
    assert cells.norm.vmax == 10


@pytest.mark.parametrize("factors", [(1, 500), (500, 1)])
@pytest.mark.parametrize("value", ["lambda_max", "lambda_min"])
def test_maps_of_a_figure_share_a_scale_that_holds_them_all(ax, value, factors):
    one, other = (
        {end: factor * curvature()[end] for end in ("lambda_min", "lambda_max")}
        for factor in factors
    )
    first = maps.eigenvalues(ax.figure.axes[0], curvature(**one), value)

    second = maps.eigenvalues(ax, curvature(**other), value)

    assert first.norm is second.norm
    assert second.norm.vmax == 10_000
    assert second.norm.vmin == (1 if value == "lambda_max" else -10_000)


def test_maps_of_two_values_have_scales_of_their_own(ax):
    cells = [maps.eigenvalues(ax, curvature(), value) for value in VALUES]

    assert len({id(each.norm) for each in cells}) == 3


def test_a_largest_eigenvalue_below_zero_is_below_the_scale(ax):
    measured = curvature()
    measured["lambda_max"][0, 0] = -3

    cells = maps.eigenvalues(ax, measured, "lambda_max")

    assert np.allclose(seen.pixels(ax, -1, -2), cells.cmap.get_under(), atol=0.02)


@pytest.mark.parametrize("value", VALUES)
def test_cells_that_did_not_converge_are_crossed_and_counted(ax, value):
    converged = np.ones(X.shape, int)
    converged[1, 3] = converged[5, 0] = 0

    maps.eigenvalues(ax, curvature(converged=converged), value)

    above = seen.found(ax, LineCollection)[-1]
    middles = {tuple(stroke.mean(axis=0).round(9)) for stroke in above.get_segments()}
    assert middles == {(XS[3], YS[1].round(9)), (XS[0], YS[5].round(9))}
    slopes = [np.diff(stroke, axis=0).prod() for stroke in above.get_segments()]
    assert sorted(np.sign(slopes)) == [-1, -1, 1, 1]
    assert seen.written(ax) == ["2 of 35 not converged"]
    assert len(np.unique(seen.pixels(ax, XS[3], YS[1]), axis=0)) > 2


def test_cells_that_are_not_finite_are_hatched_and_counted(ax):
    measured = curvature()
    measured["lambda_max"][2, 2] = 0
    measured["lambda_min"][0, 4] = np.nan
    measured["converged"][0, 4] = False
    measured["converged"][4, 4] = False

    maps.eigenvalues(ax, measured, "ratio")

    assert seen.written(ax) == ["1 of 35 not converged", "2 of 35 not finite"]
    assert (np.ptp(seen.pixels(ax, 1, -2)[:, :3], axis=1) < 0.02).all()
    assert len(np.unique(seen.pixels(ax, 1, -2), axis=0)) > 1


def test_a_map_of_nothing_is_hatched_all_over(ax):
    nothing = np.full(X.shape, np.nan)
    cells = maps.eigenvalues(ax, curvature(lambda_max=nothing), "lambda_max")

    maps.bar(ax.figure.axes[0], cells)

    assert seen.written(ax) == ["35 of 35 not finite"]
    ax.figure.canvas.draw()


def test_where_all_converged_nothing_is_written_and_the_centre_is_marked(ax):
    maps.eigenvalues(ax, curvature(), "ratio")

    assert not seen.written(ax)
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[0, 0]]]


@pytest.mark.parametrize(
    ("value", "name", "ticks"),
    [
        ("ratio", r"$|\lambda_{\min}/\lambda_{\max}|$", "0 0.1 0.2 0.3 0.4 0.5"),
        ("lambda_max", r"$\lambda_{\max}$", "1 100 10$^{4}$"),
        ("lambda_min", r"$\lambda_{\min}$", "−10$^{4}$ −100 −1 0 1 100 10$^{4}$"),
    ],
)
def test_a_bar_names_its_value_and_the_powers_of_ten(ax, value, name, ticks):
    scaled = {end: 500 * curvature()[end] for end in ("lambda_min", "lambda_max")}
    maps.eigenvalues(ax, curvature(), value)
    cells = maps.eigenvalues(ax, curvature(**scaled), value)
    bar = ax.figure.axes[0]

    maps.bar(bar, cells)

    assert bar.get_ylabel() == name
    bar.figure.canvas.draw()
    assert " ".join(tick.get_text() for tick in bar.get_yticklabels()) == ticks


def rows() -> list[list[dict]]:
    """A figure of every value, of three nets."""

    def entry(kind: str, role: str, held: dict, **options: str) -> dict:
        panel = {"label": "ResNet-56-noshort", "names": [], "test_errors": [13.31]}
        panels = [panel | {"files": {role: [held]}}] * 3
        return {"kind": kind, "options": options, "title": "", "panels": panels}

    return [[entry("maps", "curvature", curvature(), value=value)] for value in VALUES]


def test_nothing_leaves_the_page_and_one_bar_serves_a_row():
    picture = page.figure(rows())

    assert seen.stays_on_the_page(picture)
    assert len(picture.axes) == 3 * 3 + 3


def test_the_same_maps_are_the_same_bytes(tmp_path):
    assert seen.is_repeatable(lambda: page.figure(rows()), tmp_path)
