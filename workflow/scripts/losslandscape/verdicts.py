"""From samples to a verdict, by a rule.

A rule is {of, above | below | between, least}. `every` sample is one case of what is
claimed, and each is held against the bound by itself; their interval is their range. Of
seeds and the like it is the 95 % interval of the `mean`, by Student's t; of nets the
95 % interval of Spearman's `correlation` (Bonett and Wright, 2000): there the whole
interval is held against the bound. Fewer independent samples than `least` decide
nothing.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy import ndarray
from scipy import stats

HOLDS = "holds"
FAILS = "does not hold"
OPEN = "not decided by this study"
SURE = 0.95
WHOLE = {
    "every": ("every sample is", "none is", "sample"),
    "mean": (
        "the whole 95 % interval of the mean is",
        "none of it is",
        "sample",
    ),
    "correlation": (
        "the whole 95 % interval of the rank correlation is",
        "none of it is",
        "net",
    ),
}
SIDES = {
    HOLDS: "where the claim has it",
    FAILS: "beyond the claim's bound",
    OPEN: "in part where the claim has it, in part beyond",
}
# What a rule that asks for one sample alone may rest on.
ALONE = "it may rest on one net, or pair of nets, of each kind"


class Interval(NamedTuple):
    """A value and the interval around it, the same three times for a single sample."""

    value: float
    low: float
    high: float


def bound(rule: Mapping) -> str:
    """The bound of a rule in words."""
    if "between" in rule:
        low, high = rule["between"]
        return f"between {low:g} and {high:g}"
    (name,) = {"above", "below"} & rule.keys()
    return f"{name} {rule[name]:g}"


def words(rule: Mapping) -> str:
    """A rule in a sentence."""
    whole, none, unit = WHOLE[rule["of"]]
    asked = f"Holds if {whole} {bound(rule)}, does not hold if {none}"
    if rule["least"] == 1:
        return f"{asked}; one independent {unit} decides: {ALONE}."
    return f"{asked}; at least {rule['least']} independent {unit}s decide."


def interval(samples: ndarray, rule: Mapping) -> Interval:
    """The value of samples (n,), or of pairs (n, 2), and the interval that it has."""
    return POOLS[rule["of"]](samples)


def told(rule: Mapping, n: int) -> str:
    """What the interval of n samples is."""
    if n < 2:
        return "no interval: one sample"
    names = {
        "every": f"range of {n} samples",
        "mean": f"95 % t-interval of the mean of {n} independent samples",
        "correlation": f"95 % interval of Spearman's correlation over {n} nets",
    }
    return names[rule["of"]]


def verdict(samples: ndarray, rule: Mapping) -> str:
    """What a rule makes of samples (n,), or of pairs (n, 2)."""
    if rule["of"] != "every":
        return _of_interval(interval(samples, rule), *limits(rule))
    is_within = within(samples, rule)
    if is_within.all():
        return HOLDS
    return OPEN if is_within.any() else FAILS


def where(samples: ndarray, rule: Mapping) -> str:
    """Where samples, or the interval of several, lie, in words."""
    found = verdict(samples, rule)
    if len(samples) == 1:
        subject = "it lies"
    elif rule["of"] != "every":
        subject = "the interval lies"
    elif found == OPEN:
        count = np.count_nonzero(within(samples, rule))
        return f"{count} of {len(samples)} samples lie where the claim has it"
    else:
        subject = "all samples lie"
    return f"{subject} {SIDES[found]}"


def within(samples: ndarray, rule: Mapping) -> ndarray:
    """Which samples (n,) are where the rule has what is claimed."""
    low, high = limits(rule)
    # What has no bound on a side is within it, however far it goes.
    is_above = (low == -np.inf) | (samples > low)
    return is_above & ((high == np.inf) | (samples < high))


def limits(rule: Mapping) -> tuple[float, float]:
    """Between what numbers the rule has what is claimed."""
    if "between" in rule:
        low, high = rule["between"]
        return low, high
    return rule.get("above", -np.inf), rule.get("below", np.inf)


def _of_interval(found: Interval, low: float, high: float) -> str:
    """Whether a whole interval is within the bound, or all beyond it, or neither."""
    is_above = low == -np.inf or found.low > low
    is_below = high == np.inf or found.high < high
    if is_above and is_below:
        return HOLDS
    is_beyond = found.high <= low or (found.low >= high and high < np.inf)
    return FAILS if is_beyond else OPEN


def _every(samples: ndarray) -> Interval:
    return Interval(*map(float, (np.median(samples), samples.min(), samples.max())))


def _mean(samples: ndarray) -> Interval:
    value, n = float(samples.mean()), len(samples)
    if n < 2:
        return Interval(value, value, value)
    half = stats.t.ppf((1 + SURE) / 2, n - 1) * samples.std(ddof=1) / np.sqrt(n)
    return Interval(value, float(value - half), float(value + half))


def _correlation(pairs: ndarray) -> Interval:
    """Spearman's; undefined, with the widest interval, of fewer than four pairs."""
    n = len(pairs)
    if n < 4 or np.ptp(pairs, axis=0).min() == 0:
        return Interval(np.nan, -1.0, 1.0)
    rho = float(stats.spearmanr(*pairs.T).statistic)
    if abs(rho) > 1 - 1e-12:
        return Interval(rho, rho, rho)
    half = stats.norm.ppf((1 + SURE) / 2) * np.sqrt((1 + rho**2 / 2) / (n - 3))
    low, high = np.tanh(np.arctanh(rho) + np.array([-half, half]))
    return Interval(rho, float(low), float(high))


POOLS = {"every": _every, "mean": _mean, "correlation": _correlation}
