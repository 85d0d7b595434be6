"""What a table shows: a row for each run, or for each group of runs."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy import ndarray

from losslandscape import basins, columns, flatness, phrases, ranks, tallies

MEASURES = ("train_loss", "train_error", "test_error")
UNRANKED = {"label", "run", "test_error", "cut", "step"}


def made(shows: Mapping, runs: Sequence[Mapping], loaded: Sequence) -> tuple:
    """The rows of a table, and its summary: what all columns say, and how they relate.

    `shows` is {kind: options}; `runs` are {run, group, label, roles}, `loaded` what the
    files of all these roles hold, in order.
    """
    ((kind, options),) = shows.items()
    files = iter(loaded)
    held = [{role: next(files) for role in run["roles"]} for run in runs]
    rows, summary = KINDS[kind](options, runs, held)
    words = phrases.shown(runs[0])
    meanings = {name: columns.meaning(name, words) for name in rows[0]}
    return rows, summary | {"shows": dict(shows), "columns": meanings}


def errors(options: Mapping, runs: Sequence[Mapping], held: Sequence[Mapping]) -> tuple:
    """A row for each group of runs: where training ended, beside what is printed."""
    groups: dict[str, list[int]] = {}
    for number, run in enumerate(runs):
        groups.setdefault(run["group"], []).append(number)
    rows = [
        {"label": runs[members[0]]["label"], "group": group}
        | _ends([held[number]["history"] for number in members])
        | _printed(options.get("printed", {}).get(group, {}))
        for group, members in groups.items()
    ]
    return rows, {}


def flat(options: Mapping, runs: Sequence[Mapping], held: Sequence[Mapping]) -> tuple:
    """A row for each run: how flat a line or plane is; ranks against the test error."""
    rows = [
        _named(run, files["history"])
        | (_of_plane if "surface" in files else _of_line)(files, **_extent(options))
        for run, files in zip(runs, held, strict=True)
    ]
    found = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    against = found["test_error"]
    orders = {
        name: ranks.correlation(values, against)
        for name, values in found.items()
        if name not in UNRANKED
    }
    return rows, {"spearman_with_test_error": orders}


def curvature(
    options: Mapping, runs: Sequence[Mapping], held: Sequence[Mapping]
) -> tuple:
    """A row for each run: eigenvalues over the plane, and where training ended."""
    rows = [
        _named(run, files["history"])
        | _map(files["curvature"])
        | _spectrum(files["spectrum"])
        for run, files in zip(runs, held, strict=True)
    ]
    return rows, {}


def curves(options: Mapping, runs: Sequence[Mapping], held: Sequence[Mapping]) -> tuple:
    """For each pair of runs a row of its ends, and one of each curve between them."""
    rows, groups = [], []
    for run, files in zip(runs, held, strict=True):
        named = {"label": run["label"], "run": run["run"]}
        if run["run"] not in {row["run"] for row in rows}:
            rows.append(named | {"curve": "Single"} | tallies.single(files["profile"]))
            groups.append(f"{run['run']}/single")
        rows.append(named | {"curve": run["curve"]} | tallies.curve(files["profile"]))
        groups.append(run["group"])
    return _beside(rows, options, groups), {}


def ensembles(
    options: Mapping, runs: Sequence[Mapping], held: Sequence[Mapping]
) -> tuple:
    """A row for each ensemble: its errors at one budget, at two, and so on."""
    most = max(tallies.budgets(files["ensemble"]) for files in held)
    rows = [
        {"label": run["label"], "run": run["run"]}
        | tallies.ensemble(files["ensemble"], most)
        for run, files in zip(runs, held, strict=True)
    ]
    return _beside(rows, options, [run["group"] for run in runs]), {}


def _beside(
    rows: Sequence[Mapping], options: Mapping, groups: Sequence[str]
) -> list[dict]:
    """Rows with what the paper prints beside."""
    told = tallies.printed([options["printed"].get(group, {}) for group in groups])
    return [{**row, **paper} for row, paper in zip(rows, told, strict=True)]


# What a table can show.
KINDS = {
    "errors": errors,
    "flatness": flat,
    "curvature": curvature,
    "curves": curves,
    "ensembles": ensembles,
}


def _named(run: Mapping, history: Mapping[str, ndarray]) -> dict:
    return {
        "label": run["label"],
        "run": run["run"],
        "test_error": history["test_error"][-1],
    }


def _ends(histories: Sequence[Mapping[str, ndarray]]) -> dict:
    """Where the runs of a group ended: mean, and standard deviation if several."""
    last = {
        name: np.array([history[name][-1] for history in histories])
        for name in MEASURES
    }
    is_finite = np.isfinite(np.array(list(last.values()))).all(axis=0)
    row = {
        "runs": len(histories),
        "diverged": np.count_nonzero(~is_finite),
        "epochs": min(int(history["epoch"][-1]) for history in histories),
    }
    with np.errstate(invalid="ignore"):
        for name, values in last.items():
            row[name] = values.mean()
            row[f"{name}_sd"] = values.std(ddof=1) if len(values) > 1 else None
    return row


def _printed(entry: Mapping) -> dict:
    numbers = {f"paper_{name}": entry.get(name) for name in MEASURES}
    return numbers | {"tag": entry.get("tag"), "source": entry.get("source")}


def _extent(options: Mapping) -> dict:
    return {name: options[name] for name in ("level", "disc")}


def _of_plane(files: Mapping, level: float, disc: float) -> dict:
    x, y = files["surface"]["x"], files["surface"]["y"]
    losses = files["surface"]["train_loss"]
    basin = basins.on_plane(x, y, losses, level)
    return (
        {"loss": basins.centre([x, y], losses)}
        | {"radius": basin.radius, "cut": basin.cut}
        | {"area": basin.area, "regions": basin.regions}
        | _everywhere([x, y], losses, disc)
    )


def _of_line(files: Mapping, level: float, disc: float) -> dict:
    t, losses = files["line"]["t"], files["line"]["train_loss"]
    left, right, cut = basins.on_line(t, losses, level)
    return (
        {"loss": basins.centre([t], losses)}
        | {"radius": (left + right) / 2, "cut": cut, "left": left, "right": right}
        | _everywhere([t], losses, disc)
    )


def _everywhere(axes: Sequence[ndarray], losses: ndarray, disc: float) -> dict:
    return {
        "step": max(axis[1] - axis[0] for axis in axes),
        "minima": flatness.minima(losses),
        "convexity": flatness.convexity(losses),
        "sharpness": flatness.sharpness(axes, losses, disc),
        "not_finite": np.count_nonzero(~np.isfinite(losses)),
    }


def ratios(curvature: Mapping[str, ndarray]) -> ndarray:
    """|smallest / largest eigenvalue| over a plane; nan where it did not converge."""
    lows, highs = curvature["lambda_min"], curvature["lambda_max"]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(is_known(curvature), abs(lows / highs), np.nan)


def is_known(curvature: Mapping[str, ndarray]) -> ndarray:
    """Where the eigenvalues of a map are finite and have converged."""
    return _is_finite(curvature) & curvature["converged"].astype(bool)


def central_median(values: ndarray) -> float:
    """The median of what is known in the central third of both axes of a map."""
    return _median(
        values[tuple(slice(e, -e or None) for e in map(_margin, values.shape))]
    )


def _is_finite(curvature: Mapping[str, ndarray]) -> ndarray:
    return np.isfinite(curvature["lambda_min"]) & np.isfinite(curvature["lambda_max"])


def _map(curvature: Mapping[str, ndarray]) -> dict:
    """Eigenvalues over a plane; what did not converge counts as such alone."""
    lows, highs = curvature["lambda_min"], curvature["lambda_max"]
    is_finite, known = _is_finite(curvature), is_known(curvature)
    found = ratios(curvature)
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = np.where(known, abs(curvature["residual_min"] / highs), np.nan)
    nearest = tuple(abs(curvature[axis]).argmin() for axis in "yx")
    return {
        "cells": found.size,
        "not_converged": np.count_nonzero(is_finite & ~known),
        "not_finite": np.count_nonzero(~is_finite),
        "centre_ratio": found[nearest],
        "centre_ratio_error": errors[nearest],
        "median_ratio_inner": central_median(found),
        "median_ratio": _median(found),
        **{
            f"share_ratio_{ratio}": flatness.share(found[known] >= ratio)
            for ratio in columns.SHARES
        },
        "negative_share": flatness.share(lows[known] < 0),
        "products": curvature["products"].sum(),
    }


def _margin(points: int) -> int:
    """How many points on either side of an axis are not of its central third.

    Of the 31 points of Li et al., Figure 7, eleven are left.
    """
    return min(points // 3, (points - 1) // 2)


def _median(values: ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else np.nan


def _spectrum(spectrum: Mapping[str, ndarray]) -> dict:
    ends = {
        column: float(spectrum[name]) if spectrum["converged"] else np.nan
        for column, name in columns.ENDS.items()
    }
    sizes = {name: float(spectrum[name]) for name in ("trace", "trace_error")}
    return ends | sizes | {"dimension": int(spectrum["dimension"])}
