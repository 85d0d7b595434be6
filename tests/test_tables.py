"""Small tables, worked out by hand."""

import itertools
import json
import math

import numpy as np
import pytest

from losslandscape import tables


def run(path, *roles, label="a net"):
    """A run as `exhibits.tabled` describes it, with roles for files."""
    group = path.rpartition("-seed")[0]
    return {"run": path, "group": group, "label": label, "roles": list(roles)}


def history(train_loss, train_error, test_error, epochs=9):
    """A run's history of which the last row is given."""
    ends = {"train_loss": train_loss, "train_error": train_error}
    past = {name: np.array([90.0, end]) for name, end in ends.items()}
    return past | {
        "epoch": np.array([0.0, epochs]),
        "test_error": np.array([90.0, test_error]),
    }


def errors(runs, loaded, **options):
    """The rows of a table of errors."""
    return tables.made({"errors": options}, runs, loaded)[0]


SEEDS = [run(f"cifar/deep/sgd-seed{seed}", "history") for seed in (0, 1, 12)]
ENDS = [history(0.1, 1, 4), history(0.2, 3, 6), history(0.6, 2, 11)]
PRINTED = {"test_error": 5.5, "train_loss": 0.01, "tag": "P", "source": "Table 2"}


def test_runs_of_all_seeds_are_one_row():
    (row,) = errors(SEEDS, ENDS)

    assert (row["label"], row["group"]) == ("a net", "cifar/deep/sgd")
    assert (row["runs"], row["diverged"], row["epochs"]) == (3, 0, 9)
    assert row["train_loss"] == pytest.approx(0.3)
    assert row["train_loss_sd"] == pytest.approx(math.sqrt(0.14 / 2))
    assert (row["train_error"], row["train_error_sd"]) == (2, 1)
    assert row["test_error"] == 7
    assert row["test_error_sd"] == pytest.approx(math.sqrt(26 / 2))


def test_runs_that_differ_by_more_than_the_seed_have_rows_in_the_order_given():
    other = run("cifar/deep/adam-seed0", "history", label="another")

    rows = errors([SEEDS[0], other, SEEDS[1]], [ENDS[0], ENDS[2], ENDS[1]])

    assert [row["label"] for row in rows] == ["a net", "another"]
    assert [row["runs"] for row in rows] == [2, 1]
    assert [row["test_error"] for row in rows] == [5, 11]


def test_one_run_has_no_standard_deviation():
    (row,) = errors(SEEDS[:1], ENDS[:1])

    assert (row["runs"], row["test_error"], row["test_error_sd"]) == (1, 4, None)


def test_what_the_paper_prints_stands_beside_its_group_alone():
    other = run("cifar/deep/adam-seed0", "history")

    rows = errors(
        [*SEEDS, other], [*ENDS, ENDS[0]], printed={"cifar/deep/sgd": PRINTED}
    )

    names = ("paper_train_loss", "paper_train_error", "paper_test_error")
    assert [rows[0][name] for name in names] == [0.01, None, 5.5]
    assert [rows[0][name] for name in ("tag", "source")] == ["P", "Table 2"]
    assert [rows[1][name] for name in (*names, "tag", "source")] == [None] * 5


@pytest.mark.parametrize("loss", [math.inf, math.nan])
def test_a_run_that_diverged_is_shown_and_counted(loss):
    (row,) = errors(SEEDS[:2], [ENDS[0], history(loss, 90, 90, epochs=3)])

    assert (row["runs"], row["diverged"], row["epochs"]) == (2, 1, 3)
    assert str(row["train_loss"]) == str(loss)
    assert math.isnan(row["train_loss_sd"])
    assert row["test_error"] == 47


X, Y = np.linspace(-1, 1, 41), np.linspace(-0.5, 0.5, 11)


def surface(width, centre=0.05):
    """A trough of some width: 0.05 at the centre, below 0.1 for |x| < width."""
    losses = centre + (0.1 - centre) / width * abs(X) + 0 * Y[:, None]
    return {"x": X, "y": Y, "train_loss": losses, "test_loss": losses + 9}


def flatness(measured, role, level=0.1, disc=0.5):
    """A table of runs that differ in their landscape and their test error."""
    runs = [
        run(f"cifar/n{k}/sgd-seed0", "history", role, label=f"net {k}")
        for k in range(len(measured))
    ]
    pasts = [history(0.05, 1, error) for error, _ in measured]
    loaded = itertools.chain(*zip(pasts, (each for _, each in measured), strict=True))
    options = {"plane": "plane", "level": level, "disc": disc}
    return tables.made({"flatness": options}, runs, list(loaded))


def test_a_plane_is_told_how_flat_it_is():
    (row, other), _ = flatness([(8, surface(0.4)), (7, surface(0.2))], "surface")

    assert (row["label"], row["run"]) == ("net 0", "cifar/n0/sgd-seed0")
    assert (row["test_error"], row["loss"]) == (8, pytest.approx(0.05))
    assert row["radius"] == pytest.approx(math.sqrt(0.8 / math.pi), rel=0.01)
    assert (row["cut"], row["regions"], row["minima"]) == (True, 1, 0)
    assert (row["step"], row["not_finite"]) == (pytest.approx(0.1), 0)
    assert row["area"] == pytest.approx(0.4, rel=0.01)
    assert row["convexity"] == 1
    assert row["sharpness"] == pytest.approx(100 * 0.05 / 0.4 * 0.5 / 1.05)
    assert other["area"] == pytest.approx(0.2, rel=0.01)


def test_a_line_is_told_how_flat_it_is():
    losses = np.where(X > 0, 0.05 + X / 8, 0.05 - X / 4)
    losses[-1] = np.inf

    (row,), _ = flatness([(8, {"t": X, "train_loss": losses})], "line")

    assert (row["left"], row["right"]) == (pytest.approx(0.2), pytest.approx(0.4))
    assert (row["radius"], row["cut"]) == (pytest.approx(0.3), False)
    assert (row["loss"], row["minima"], row["not_finite"]) == (0.05, 1, 1)
    assert row["convexity"] == pytest.approx(38 / 39)
    assert row["sharpness"] == pytest.approx(100 * 0.125 / 1.05)


def test_level_and_disc_decide():
    (row,), _ = flatness([(8, surface(0.4))], "surface", level=0.075, disc=0.2)

    assert row["area"] == pytest.approx(0.2, rel=0.01)
    assert row["sharpness"] == pytest.approx(100 * 0.05 / 0.4 * 0.2 / 1.05)


def test_ranks_against_the_test_error_stand_in_the_summary():
    pairs = [(8, 0.4), (6, 0.5), (9, 0.1), (5, 0.8)]

    rows, summary = flatness([(e, surface(w)) for e, w in pairs], "surface")

    ranks = summary["spearman_with_test_error"]
    assert ranks["radius"]["rho"] == ranks["area"]["rho"] == pytest.approx(-1)
    assert ranks["sharpness"]["rho"] == pytest.approx(1)
    assert ranks["regions"] == {"rho": None, "n": 4, "p": None}
    measures = rows[0].keys() - {"label", "run", "test_error", "cut", "step"}
    assert ranks.keys() == measures
    assert summary["shows"]["flatness"]["level"] == 0.1
    json.dumps(summary, allow_nan=False)


RATIOS = np.full((5, 7), 0.2)
RATIOS[1:3, 2:6] = [[0.0, 0.1, 0.6, 0.6], [0.6, 0.02, 0.3, 0.5]]
RATIOS[3, 3] = 0.6


def curvature(bad=(), lost=()):
    """A map of these ratios: some cells did not converge, some are not finite."""
    highs = np.full(RATIOS.shape, 8.0)
    lows = -RATIOS * highs
    converged = np.ones(RATIOS.shape, dtype=bool)
    for cell in bad:
        converged[cell], lows[cell] = False, -9e9
    for cell in lost:
        converged[cell], highs[cell] = False, np.nan
    return {
        "x": np.linspace(-1, 1, 7),
        "y": np.linspace(-1, 1, 5),
        "lambda_min": lows,
        "lambda_max": highs,
        "residual_min": np.full(RATIOS.shape, 0.4),
        "products": np.full(RATIOS.shape, 30),
        "converged": converged,
    }


SPECTRUM = {
    "residual_min": np.array(0.1),
    "residual_max": np.array(0.3),
    "lambda_min": np.array(-0.5),
    "lambda_max": np.array(20.0),
    "trace": np.array(300.0),
    "trace_error": np.array(7.0),
    "dimension": np.array(1234),
    "converged": np.array(True),
}


def mapped(curvature, spectrum=SPECTRUM):
    """The row of one run in a table of curvature."""
    runs = [run("cifar/deep/sgd-seed0", "history", "curvature", "spectrum")]
    loaded = [history(0.05, 1, 8), curvature, spectrum]
    (row,), _ = tables.made({"curvature": {"plane": "plane"}}, runs, loaded)
    return row


def test_a_map_is_told_by_its_ratios():
    row = mapped(curvature())

    assert (row["cells"], row["not_converged"], row["not_finite"]) == (35, 0, 0)
    assert (row["centre_ratio"], row["median_ratio"]) == (pytest.approx(0.02), 0.2)
    assert row["centre_ratio_error"] == pytest.approx(0.05)
    # About the central third: three of five rows and three of seven columns.
    assert row["median_ratio_inner"] == np.median(RATIOS[1:4, 2:5])
    assert row["share_ratio_0.1"] == pytest.approx(33 / 35)
    assert row["share_ratio_0.3"] == pytest.approx(6 / 35)
    assert row["share_ratio_0.5"] == pytest.approx(5 / 35)
    assert row["negative_share"] == pytest.approx(34 / 35)
    assert row["products"] == 35 * 30
    assert (row["test_error"], row["dimension"]) == (8, 1234)
    assert [row[name] for name in ("lambda_max", "lambda_min")] == [20, -0.5]
    assert (row["lambda_max_error"], row["lambda_min_error"]) == (0.3, 0.1)
    assert [row[name] for name in ("trace", "trace_error")] == [300, 7]


def test_what_did_not_converge_or_overflowed_is_counted_and_enters_nothing():
    row = mapped(curvature(bad=[(2, 3), (3, 3), (0, 0)], lost=[(1, 4), (1, 2)]))

    assert (row["cells"], row["not_converged"], row["not_finite"]) == (35, 3, 2)
    assert math.isnan(row["centre_ratio"])
    assert math.isnan(row["centre_ratio_error"])
    assert row["median_ratio_inner"] == pytest.approx(0.2)
    assert row["share_ratio_0.5"] == pytest.approx(3 / 30)
    assert row["negative_share"] == 1
    assert row["products"] == 35 * 30


def test_a_map_that_nowhere_converged_has_counts_alone():
    row = mapped(curvature(bad=list(np.ndindex(5, 7))))

    assert row["not_converged"] == 35
    assert math.isnan(row["median_ratio"])
    assert math.isnan(row["share_ratio_0.1"])
    assert math.isnan(row["negative_share"])


def test_ends_of_a_spectrum_that_did_not_converge_are_not_shown():
    row = mapped(curvature(), SPECTRUM | {"converged": np.array(False)})

    assert math.isnan(row["lambda_max"])
    assert math.isnan(row["lambda_min"])
    assert row["trace"] == 300


@pytest.mark.parametrize(
    ("points", "inner"), [(31, 11), (13, 5), (25, 9), (30, 10), (7, 3), (4, 2), (2, 2)]
)
def test_the_central_third_of_an_axis_is_as_even_as_the_axis(points, inner):
    ratios = np.random.default_rng(0).uniform(size=(points, points))
    axis, one = np.linspace(-1, 1, points), np.ones_like(ratios)
    ends = {"lambda_min": ratios, "lambda_max": one, "residual_min": one}
    central = slice((points - inner) // 2, (points + inner) // 2)

    row = mapped({"x": axis, "y": axis, "products": one, "converged": one} | ends)

    assert row["median_ratio_inner"] == np.median(ratios[central, central])
