"""What claims of Garipov et al. measure: numbers read from curves and ensembles.

Each function takes the loaded files by their roles and gives a number, or an array of
one a seed, a budget or a line; `OF_CASES` take those of a whole case, in order.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy import ndarray
from scipy.interpolate import RegularGridInterpolator

from losslandscape import tallies

Files = Mapping[str, Mapping[str, ndarray]]


def rise(files: Files, measure: str) -> float:
    """The greatest value on a curve minus the greater of its ends."""
    values = files["profile"][measure]
    return float(values.max() - values[[0, -1]].max())


def peak(files: Files, measure: str) -> float:
    """The greatest value on a curve."""
    return float(files["profile"][measure].max())


def swell(files: Files, measure: str) -> float:
    """The greatest value on a curve over the greater of its ends."""
    values = files["profile"][measure]
    return float(values.max() / values[[0, -1]].max())


def below_ends(files: Files, measure: str) -> float:
    """The share of inner points of a curve whose value is below that of both ends."""
    values = files["profile"][measure]
    return float(np.mean(values[1:-1] < values[[0, -1]].min()))


def two_means(files: Files) -> float:
    """How far the mean losses over t and over the length are apart (eq. 1 and 2)."""
    row = tallies.curve(files["profile"])
    return abs(row["loss_int"] - row["loss_mean"])


def length_ratio(files: Files) -> float:
    """The length of a curve over the distance of its ends."""
    return float(tallies.curve(files["profile"])["length_ratio"])


def lasting_gain(files: Files) -> float:
    """From what t on the nets at 0 and at t always err less than the first alone.

    The end of the curve if they do not even there.
    """
    t, errors = (files["profile"][name] for name in ("t", "pair_error"))
    return _lasting(t, errors < errors[0])


def as_good(files: Files, points: float) -> float:
    """From what t on two nets always err as little as the ends together.

    Within so many points of %.
    """
    t, errors = (files["profile"][name] for name in ("t", "pair_error"))
    return _lasting(t, errors <= errors[-1] + points)


def vote(files: Files) -> float:
    """The test error of nets along a curve minus that of its two ends together."""
    profile = files["profile"]
    return float(profile["ensemble_error"] - profile["pair_error"][-1])


def scaling(files: Files) -> float:
    """What temperatures change in the test error of nets along a curve."""
    profile = files["profile"]
    return float(profile["ensemble_error_scaled"] - profile["ensemble_error"])


def levelling(files: Files) -> float:
    """The range of the test loss on a curve by temperatures, over that without."""
    profile = files["profile"]
    return float(np.ptp(profile["scaled_test_loss"]) / np.ptp(profile["test_loss"]))


def drift(files: Files) -> float:
    """How far the test error on a curve's first half is from its start, at most."""
    t, errors = (files["profile"][name] for name in ("t", "test_error"))
    return float(abs(errors[t < 0.5] - errors[0]).max())


def half_gain(files: Files) -> float:
    """What two nets gain over the first on the first half of a curve, at most."""
    t, errors = (files["profile"][name] for name in ("t", "pair_error"))
    return float(errors[0] - errors[t < 0.5].min())


def halfway(files: Files, measure: str) -> ndarray:
    """Half-way between two members, the value minus the mean of both, line by line."""
    t, values, marks = (files["profile"][name] for name in ("t", measure, "marks"))
    middles = np.interp((marks[1:] + marks[:-1]) / 2, t, values)
    members = np.interp(marks, t, values)
    return middles - (members[1:] + members[:-1]) / 2


def unequal(files: Files) -> float:
    """The greatest distance between three places over the least."""
    distances = np.array(files["directions"]["distances"])
    apart = distances[np.triu_indices(3, 1)]
    return float(apart.max() / apart.min())


def isolation(files: Files) -> float:
    """The least loss half-way between three places over the greatest at them."""
    surface, places = files["surface"], np.array(files["directions"]["places"])
    at = RegularGridInterpolator(
        (surface["y"], surface["x"]), surface["regularised_loss"]
    )
    middles = (places + np.roll(places, 1, axis=0)) / 2
    return float(at(middles[:, ::-1]).min() / at(places[:, ::-1]).max())


def barrier_left(files: Sequence[Files]) -> float:
    """The rise of the test error on a curve over that on the segment."""
    segment, curve = files
    return rise(curve, "test_error") / rise(segment, "test_error")


def apart(files: Sequence[Files]) -> float:
    """The distance of the bends of two curves over that of their ends."""
    bends, curve = files
    return float(bends["directions"]["distances"][1][2] / curve["profile"]["distance"])


def against(files: Sequence[Files]) -> float:
    """The test error of nets along a curve minus that of independent nets together."""
    curve, nets = files
    voted = nets["ensemble"]["ensemble_error"][-1]
    return float(curve["profile"]["ensemble_error"] - voted)


def errors(files: Files, budgets: Sequence[int] = (1, 2, 3)) -> ndarray:
    """The test errors of an ensemble at budgets; nan where it has no more."""
    row = tallies.ensemble(files["ensemble"], max(budgets))
    return np.array([row[f"error_{k}"] for k in budgets], dtype=float)


def own(files: Files) -> ndarray:
    """The test error at one budget, seed by seed."""
    return _by_seed(files["ensemble"], "own_error", lambda values: values[-1])


def gain(files: Files) -> ndarray:
    """The test error of the first member minus that of all of a seed, seed by seed."""
    first = _by_seed(files["ensemble"], "error", lambda values: values[0])
    return first - own(files)


def members(files: Files, column: str) -> ndarray:
    """The mean of a column over the members of a seed, seed by seed."""
    return _by_seed(files["ensemble"], column, np.mean)


def disagreement(files: Files) -> ndarray:
    """On how many test images successive members differ, in %; seed by seed.

    One number over all seeds, if each has one member.
    """
    table = files["ensemble"]
    if len(np.unique(table["seed"])) == len(table["seed"]):
        return np.array([np.nanmean(table["disagreement"])])
    # The first of a seed is compared with the last of another.
    return _by_seed(table, "disagreement", lambda values: np.nanmean(values[1:]))


def steps(files: Files) -> ndarray:
    """The mean distance of successive members of a run, seed by seed."""
    return _by_seed(files["ensemble"], "step", np.nanmean)


def _lasting(t: ndarray, flags: ndarray) -> float:
    """The first t from which on flags are set up to the end; the end if none is."""
    unset = np.flatnonzero(~flags)
    start = unset[-1] + 1 if unset.size else 0
    return float(t[min(start, len(t) - 1)])


def _by_seed(table: Mapping[str, ndarray], column: str, told) -> ndarray:
    seeds = table["seed"]
    order = list(dict.fromkeys(seeds.tolist()))
    return np.array([told(table[column][seeds == seed]) for seed in order])
