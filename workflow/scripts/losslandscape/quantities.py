"""Samples of what a claim measures: a measure of each path of a case, or of all of it.

A quantity is {how: {measure: options}}. A case is an ordered list of runs, lines,
planes, curves or ensembles, each by its loaded files.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy import ndarray

from losslandscape import crossings, findings, needs


def _function(name: str) -> Callable:
    return getattr(findings, name, None) or getattr(crossings, name)


# A function of the loaded files of a path, and of those of all paths of a case.
MEASURES = {name: _function(name) for name in needs.ROLES}
OF_CASES = {name: _function(name) for name in needs.OF_CASES}


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


# What samples are made of the values of a case's paths.
HOWS: dict[str, Callable[[Sequence[ndarray]], ndarray]] = {
    "each": np.concatenate,
    "ratio": _ratio,
    "difference": _difference,
    "growth": _growth,
    "flip": _flip,
}


def samples(quantity: Mapping, case: Sequence[Mapping]) -> ndarray:
    """The samples (n,) of a case; pairs (n, 2) of two measures that are correlated."""
    ((how, measures),) = quantity.items()
    if how == "case":
        ((name, options),) = measures.items()
        return np.atleast_1d(OF_CASES[name](case, **options))
    if how == "correlation":
        return np.concatenate(_values(measures, case)).reshape(-1, len(measures))
    with np.errstate(divide="ignore", invalid="ignore"):
        return HOWS[how](_values(measures, case))


def are_shared(quantity: Mapping) -> bool:
    """Whether the samples of a case rest on the same nets, and so count as one."""
    ((how, measures),) = quantity.items()
    return bool(SHARED & {how, *measures})


def _values(measures: Mapping, case: Sequence[Mapping]) -> list[ndarray]:
    """Each measure of each path."""
    return [
        np.atleast_1d(MEASURES[name](files, **options))
        for files in case
        for name, options in measures.items()
    ]
