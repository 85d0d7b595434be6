"""Rows of tables of curves between solutions, and of ensembles (Garipov et al.)."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy import ndarray

# What a table tells of a curve, by its column's name, and the measure that it is of.
TOLD = {
    "loss": "regularised_loss",
    "train_error": "train_error",
    "test_error": "test_error",
}


def single(profile: Mapping[str, ndarray]) -> dict[str, float | None]:
    """The ends of a curve in the columns of `curve`: the lesser, and the greater."""
    row = dict.fromkeys(curve(profile))
    for name, measure in TOLD.items():
        ends = profile[measure][[0, -1]]
        row |= {f"{name}_min": ends.min(), f"{name}_max": ends.max()}
    row["ends_distance"] = float(profile["distance"])
    return row | _last(profile)


def curve(profile: Mapping[str, ndarray]) -> dict[str, float | None]:
    """Least, mean and largest loss and errors on a curve, and its length (table 2).

    A mean is over t (the loss that training minimises, eq. 2), `int` over the curve's
    length (eq. 1); both by the trapezoid rule.
    """
    t, length = profile["t"], profile["length"]
    row: dict[str, float | None] = {"length_ratio": length[-1] / profile["distance"]}
    for name, measure in TOLD.items():
        values = profile[measure]
        row[f"{name}_min"] = values.min()
        row[f"{name}_int"] = np.trapezoid(values, length) / length[-1]
        row[f"{name}_mean"] = np.trapezoid(values, t)
        row[f"{name}_max"] = values.max()
    row["ends_distance"] = float(profile["distance"])
    votes = ("ensemble_error", "ensemble_error_scaled")
    row |= {name: float(profile[name]) for name in votes if name in profile}
    return row | _last(profile)


def _last(profile: Mapping[str, ndarray]) -> dict[str, float]:
    """How far the ends disagree, if their task has classes."""
    if "disagreement" not in profile:
        return {}
    return {"ends_disagreement": profile["disagreement"][-1]}


def ensemble(table: Mapping[str, ndarray], budgets: int) -> dict[str, float | None]:
    """Errors of an ensemble at one budget, two, … (table 1), and how its members are.

    At one budget the mean over the seeds, with its standard deviation; at more, that of
    all members until then.
    """
    paid = np.ceil(table["spent"]).astype(int)
    lasts = [np.flatnonzero(paid == k)[-1] for k in np.unique(paid)]
    alone = table["own_error"][lasts]
    several = len(alone) > 1
    row: dict[str, float | None] = {
        "members": len(paid),
        "cost": table["cost"].max(),
        "error_1": alone.mean(),
        "error_1_sd": alone.std(ddof=1) if several else None,
    }
    for k in range(2, budgets + 1):
        is_there = k <= len(lasts)
        row[f"error_{k}"] = table["ensemble_error"][lasts[k - 1]] if is_there else None
    return row | {
        "member_error": table["error"].mean(),
        "distance": _mean(table["step"]),
        "disagreement": _mean(_within(table["disagreement"], paid)),
    }


def budgets(table: Mapping[str, ndarray]) -> int:
    """How many budgets an ensemble took."""
    return int(np.ceil(table["spent"].max()))


def printed(told: Sequence[Mapping]) -> list[dict]:
    """What the paper prints for each row, all in the same columns."""
    names = dict.fromkeys(name for each in told for name in each)
    numbers = [name for name in names if name not in ("tag", "source")]
    return [
        {f"paper_{name}": each.get(name) for name in numbers}
        | {"tag": each.get("tag"), "source": each.get("source")}
        for each in told
    ]


def _within(values: ndarray, paid: ndarray) -> ndarray:
    """Of values between a member and the one before, those of members of one budget.

    All of them, if no budget has two members.
    """
    is_within = np.append(False, paid[1:] == paid[:-1])
    return values[is_within] if is_within.any() else values


def _mean(values: ndarray) -> float | None:
    known = values[np.isfinite(values)]
    return known.mean() if known.size else None
