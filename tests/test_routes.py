"""Routes: what was measured along roads is what is seen, and nothing hides it."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D

import seen
from losslandscape import joined, routes

TS = np.linspace(0, 1, 21)


@pytest.fixture
def ax(styled_ax: Axes) -> Axes:
    """Axes in the look of the figures."""
    return styled_ax


def road(values: np.ndarray, ts: np.ndarray = TS, **more: np.ndarray) -> dict:
    """Measures of a road that are all the same, but for those that are given."""
    measured = dict.fromkeys([*joined.NAMES, "scaled_test_loss", "length"], values)
    levels = {"ensemble_error": np.array(21.0), "ensemble_error_scaled": np.array(20.5)}
    levels["voters"] = np.array(20)
    return {"t": ts, "marks": ts[[0, -1]]} | measured | levels | more


HILL, FLAT = 1 + 5 * TS * (1 - TS), 1 + 0 * TS
BAD, GOOD = road(HILL), road(FLAT)
LOSS = routes.Shown("regularised_loss")


def curves(ax: Axes) -> list[Line2D]:
    """Lines along all of t, without levels and marks."""
    return [line for line in ax.lines if len(line.get_xdata()) > 5]


def legend(ax: Axes) -> dict[str, Line2D]:
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    return dict(zip(names, ax.get_legend().legend_handles, strict=True))


@pytest.mark.parametrize(("measure", "name"), joined.NAMES.items())
def test_the_measure_that_is_asked_for_is_drawn_and_named(ax, measure, name):
    profile = road(HILL, **{measure: 7 + TS})

    routes.profiles(ax, [profile], ["Bezier"], routes.Shown(measure))

    (curve,) = curves(ax)
    assert np.allclose(curve.get_xydata(), np.stack([TS, 7 + TS], axis=1))
    assert ax.get_ylabel() == name
    assert (ax.get_xlabel(), ax.get_xlim()) == ("$t$", (0, 1))


def test_the_segment_is_grey_and_broken_and_no_other_road_is(ax):
    names = ["Bezier", "Segment", "Polychain", "Bezier, seed 1", "FGE"]

    routes.profiles(ax, [GOOD, BAD, GOOD, GOOD, GOOD], names, LOSS)

    handles = legend(ax)
    spread = {name: np.ptp(to_rgba(h.get_color())[:3]) for name, h in handles.items()}
    assert list(handles) == names
    assert handles["Segment"].is_dashed()
    assert spread.pop("Segment") == 0
    assert min(spread.values()) > 0.3
    assert len({line.get_color() for line in handles.values()}) == 5


def test_circles_stand_where_a_road_passes_through_solutions_and_bends(ax):
    chain = road(np.abs(np.linspace(0, 2, 9) - 1), ts=np.linspace(0, 2, 9))
    chain["marks"] = np.array([0.0, 1.0, 2.0])

    routes.profiles(ax, [chain], ["FGE"], LOSS)

    (marks,) = (line for line in ax.lines if line.get_marker() == "o")
    assert marks.get_xydata().tolist() == [[0, 1], [1, 0], [2, 1]]
    assert ax.get_xlim() == (0, 2)


def test_ensembles_are_levels_of_the_last_road_in_its_colour(ax):
    last = road(30 * FLAT, ensemble_error=np.array(25.0))
    shown = routes.Shown("test_error", votes=True)

    routes.profiles(ax, [GOOD, last], ["Segment", "Polychain"], shown)

    handles = legend(ax)
    levels = [line for line in ax.lines if line.get_label() in list(handles)[2:]]
    assert [set(line.get_ydata()) for line in levels] == [{25.0}, {20.5}]
    assert all(line.is_dashed() for line in levels)
    colours = {line.get_color() for line in [*levels, handles["Polychain"]]}
    assert colours == {joined.ROADS["polychain"]["color"]}
    assert list(handles)[2:] == ["ensemble of 20", "the same, scaled"]


def test_a_scaled_loss_is_broken_in_the_colour_of_its_road(ax):
    profile = road(HILL, scaled_test_loss=HILL / 2)

    routes.profiles(ax, [profile], ["Bezier"], routes.Shown("test_loss", scaled=True))

    whole, scaled = curves(ax)
    assert np.allclose(scaled.get_ydata(), HILL / 2)
    assert (whole.is_dashed(), scaled.is_dashed()) == (False, True)
    assert whole.get_color() == scaled.get_color()
    assert "temperature scaled" in legend(ax)


def test_what_is_not_finite_is_hatched_counted_and_left_out(ax):
    wide, fine = np.linspace(0, 1, 5), np.linspace(0, 1, 41)
    lost = road(np.array([1.0, np.nan, np.inf, 2.0, 1.0]), ts=wide)
    whole = road(1 + fine, ts=fine)

    routes.profiles(ax, [lost, whole], ["Segment", "Bezier"], LOSS)

    assert seen.written(ax) == ["2 of 46 not finite"]
    spans = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in ax.patches]
    assert spans == [(0.125, 0.375), (0.375, 0.625)]
    assert all(patch.get_hatch() for patch in ax.patches)
    assert np.isfinite(ax.get_ylim()).all()


def test_a_road_that_is_not_finite_anywhere_is_hatched_all_over(ax):
    nothing = road(FLAT * np.nan)
    shown = routes.Shown("regularised_loss", log=True)

    routes.profiles(ax, [nothing], ["Segment"], shown)

    assert seen.written(ax) == ["21 of 21 not finite"]
    ax.figure.canvas.draw()


def ticks(ax: Axes) -> list[str]:
    ax.figure.canvas.draw()
    low, high = ax.get_ylim()
    return [
        label.get_text()
        for at, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
        if low <= at <= high
    ]


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        (5.4, "0.1 0.2 0.5 1 2 5"),
        (0.6, "0.07 0.1 0.2 0.3 0.5"),
        (90, "0.1 0.3 1 3 10 30"),
    ],
)
def test_a_logarithmic_axis_has_numbers_of_one_digit(ax, high, expected):
    values = 0.066 * (high / 0.066) ** (4 * TS * (1 - TS))
    shown = routes.Shown("regularised_loss", log=True)

    routes.profiles(ax, [road(values)], ["Segment"], shown)

    assert ax.get_yscale() == "log"
    assert set(expected.split()) <= set(ticks(ax))
    assert len(ticks(ax)) < 9


def test_nought_is_seen_on_a_logarithmic_axis(ax):
    errors = np.where(abs(TS - 0.5) < 0.3, 90 * (1 - 3 * abs(TS - 0.5)), 0)
    shown = routes.Shown("train_error", log=True)

    routes.profiles(ax, [road(errors.clip(0))], ["Segment"], shown)

    low, high = ax.get_ylim()
    assert low < 0 < 90 < high
    assert {"0", "10"} <= set(ticks(ax))
    (curve,) = curves(ax)
    heights = ax.transAxes.inverted().transform(
        curve.get_transform().transform(curve.get_xydata())
    )[:, 1]
    assert 0.02 < heights.min() < heights.max() < 1


def test_noughts_alone_are_on_a_plain_axis(ax):
    shown = routes.Shown("train_error", log=True)

    routes.profiles(ax, [road(0 * TS)], ["Bezier"], shown)

    assert ax.get_yscale() == "linear"


WIDTHS = [
    {"t": TS, "train_loss": high * (0.1 + TS * (1 - TS)), "length": 13 * TS, **far}
    for high, far in [(0.4, {"distance": np.array(12.5)}), (4.0, {"distance": 10.0})]
]


def test_worst_losses_and_lengths_stand_over_their_widths(ax):
    routes.widths(ax, WIDTHS, ["1.0", "0.3"])

    left, right = ax.figure.axes
    curve, ends = (line for line in left.lines if len(line.get_xdata()))
    assert np.allclose(curve.get_xydata(), [[0.3, 1.4], [1, 0.14]])
    assert np.allclose(ends.get_xydata(), [[0.3, 0.4], [1, 0.04]])
    assert np.allclose(right.lines[0].get_xydata(), [[0.3, 1.3], [1, 1.04]])
    assert (left.get_yscale(), right.get_yscale()) == ("log", "linear")
    assert right.yaxis.label.get_color() == right.lines[0].get_color()
    assert [text.get_text() for text in ax.get_xticklabels()] == ["0.3", "1"]
    assert len(legend(ax)) == 3


def test_the_worse_of_the_ends_counts_whichever_it_is(ax):
    rising = {"t": TS, "train_loss": 1 + TS, "length": TS, "distance": 1.0}
    falling = rising | {"train_loss": 3 - TS}

    routes.widths(ax, [rising, falling], ["1", "2"])

    _, ends = (line for line in ax.lines if len(line.get_xdata()))
    assert ends.get_ydata().tolist() == [2, 3]


def test_a_width_whose_curve_is_not_finite_is_hatched_and_counted(ax):
    lost = WIDTHS[0] | {"train_loss": np.where(TS == 0.5, np.inf, 0.1)}

    routes.widths(ax, [*WIDTHS, lost], ["1.0", "0.3", "0.5"])

    assert seen.written(ax) == ["1 of 9 not finite"]
    assert [patch.get_x() for patch in ax.patches] == [pytest.approx(0.4)]
