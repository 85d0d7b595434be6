"""Samples of what a claim measures: a measure of each path of a case, or of all of it.

A quantity is {how: {measure: options}}. A case is an ordered list of runs, lines,
planes, curves or ensembles, each by its loaded files.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from losslandscape import crossings, findings


class Measure(NamedTuple):
    """A function of loaded files, and the roles of those that it reads."""

    read: Callable
    roles: tuple


def _of(function: Callable, *roles: str) -> Measure:
    return Measure(function, roles)


MEASURES = {
    **{
        name: _of(getattr(findings, name), "history")
        for name in (
            "last",
            "first",
            "steadiness",
            "early_norm",
            "decayed_norm",
            "swing",
        )
    },
    **{name: _of(getattr(findings, name), "line") for name in ("width", "sides")},
    **{
        name: _of(getattr(findings, name), "surface")
        for name in ("radius", "convexity", "convex_level")
    },
    **{
        name: _of(getattr(findings, name), "curvature")
        for name in ("central_ratio", "share_above", "share_below")
    },
    "spread": _of(findings.spread, "repeats"),
    "witnessed": _of(findings.witnessed, "surface", "curvature"),
    "reduced_curvature": _of(findings.reduced_curvature, "line", "spectrum"),
    "explained": _of(findings.explained, "path"),
    "descent": _of(findings.descent, "path", "surface"),
    **{
        name: _of(getattr(crossings, name), "profile")
        for name in (
            "rise",
            "peak",
            "swell",
            "below_ends",
            "two_means",
            "length_ratio",
            "lasting_gain",
            "as_good",
            "vote",
            "scaling",
            "levelling",
            "drift",
            "half_gain",
            "halfway",
        )
    },
    "unequal": _of(crossings.unequal, "directions"),
    "isolation": _of(crossings.isolation, "directions", "surface"),
    **{
        name: _of(getattr(crossings, name), "ensemble")
        for name in ("errors", "own", "gain", "members", "disagreement", "steps")
    },
}
# Of a whole case: the roles of each of its paths, in order.
OF_CASES = {
    "barrier_left": Measure(crossings.barrier_left, (("profile",), ("profile",))),
    "apart": Measure(crossings.apart, (("directions",), ("profile",))),
    "against": Measure(crossings.against, (("profile",), ("ensemble",))),
}


def _ratio(values: Sequence[ndarray]) -> ndarray:
    return values[1] / values[0]


def _difference(values: Sequence[ndarray]) -> ndarray:
    return values[1] - values[0]


def _growth(values: Sequence[ndarray]) -> ndarray:
    row = np.concatenate(values)
    return row[1:] / row[:-1]


def _flip(values: Sequence[ndarray]) -> ndarray:
    return np.minimum(values[0], 1 / values[1])


# What gives a case several samples that rest on the same nets: budgets of one ensemble,
# lines that have members of one run in common, and ratios that have a net in common.
SHARED = {"errors", "halfway", "growth"}


class How(NamedTuple):
    """What samples are made of the values of a case's paths, and of how many paths."""

    made: Callable[[Sequence[ndarray]], ndarray]
    least: int
    most: int | None


HOWS = {
    "each": How(np.concatenate, 1, None),
    "ratio": How(_ratio, 2, 2),
    "difference": How(_difference, 2, 2),
    "growth": How(_growth, 3, None),
    "flip": How(_flip, 2, 2),
}


def roles(quantity: Mapping, position: int) -> tuple[str, ...]:
    """The roles of the files of a case's path that a quantity reads."""
    ((how, measures),) = quantity.items()
    if how == "case":
        ((name, _),) = measures.items()
        return OF_CASES[name].roles[position]
    return tuple(dict.fromkeys(r for name in measures for r in MEASURES[name].roles))


def fits(quantity: Mapping, paths: int) -> str | None:
    """How many paths a case of a quantity needs, if this many do not fit."""
    ((how, measures),) = quantity.items()
    if how == "case":
        ((name, _),) = measures.items()
        needed = len(OF_CASES[name].roles)
        return None if paths == needed else str(needed)
    least, most = (3, None) if how == "correlation" else HOWS[how][1:]
    if least <= paths <= (most or paths):
        return None
    return str(least) if least == most else f"{least} or more"


def samples(quantity: Mapping, case: Sequence[Mapping]) -> ndarray:
    """The samples (n,) of a case; pairs (n, 2) of two measures that are correlated."""
    ((how, measures),) = quantity.items()
    if how == "case":
        ((name, options),) = measures.items()
        return np.atleast_1d(OF_CASES[name].read(case, **options))
    if how == "correlation":
        return np.concatenate(_values(measures, case)).reshape(-1, len(measures))
    with np.errstate(divide="ignore", invalid="ignore"):
        return HOWS[how].made(_values(measures, case))


def are_shared(quantity: Mapping) -> bool:
    """Whether the samples of a case rest on the same nets, and so count as one."""
    ((how, measures),) = quantity.items()
    return bool(SHARED & {how, *measures})


def _values(measures: Mapping, case: Sequence[Mapping]) -> list[ndarray]:
    """Each measure of each path."""
    return [
        np.atleast_1d(MEASURES[name].read(files, **options))
        for files in case
        for name, options in measures.items()
    ]
