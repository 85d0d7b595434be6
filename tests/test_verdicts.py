"""Intervals against closed forms, rules in words, and verdicts at their bounds."""

import numpy as np
import pytest

from losslandscape import verdicts
from losslandscape.verdicts import FAILS, HOLDS, OPEN


def test_every_sample_has_the_range_around_the_median():
    found = verdicts.interval(np.array([3.0, 1, 9]), {"of": "every"})

    assert found == (3, 1, 9)


def test_a_mean_has_students_interval():
    # Of 1, 2, 3: the mean 2, the error 1/√3, and 4.302653 of Student's table.
    found = verdicts.interval(np.array([1.0, 2, 3]), {"of": "mean"})

    half = 4.302653 / np.sqrt(3)
    assert found == pytest.approx((2, 2 - half, 2 + half))


def test_a_correlation_has_the_interval_of_bonett_and_wright():
    # Ranks 1 to 6 against 2, 1, 4, 3, 6, 5: d² = 6, rho = 1 − 6·6 / (6·35) = 29/35.
    pairs = np.stack([np.arange(6.0), [1.0, 0, 3, 2, 5, 4]], axis=1)

    value, low, high = verdicts.interval(pairs, {"of": "correlation"})

    rho = 29 / 35
    half = 1.959964 * np.sqrt((1 + rho**2 / 2) / 3)
    assert value == pytest.approx(rho)
    assert np.arctanh([low, high]) == pytest.approx(
        [np.arctanh(rho) - half, np.arctanh(rho) + half]
    )


@pytest.mark.parametrize("errors", [[1.0, 2, 3], [1.0, 1, 1, 1, 1]])
def test_a_correlation_of_few_or_of_ties_is_open(errors):
    pairs = np.stack([np.arange(len(errors), dtype=float), errors], axis=1)

    value, low, high = verdicts.interval(pairs, {"of": "correlation"})

    assert np.isnan(value)
    assert (low, high) == (-1, 1)


@pytest.mark.parametrize("of", ["every", "mean"])
def test_one_sample_has_no_interval(of):
    assert verdicts.interval(np.array([4.0]), {"of": of}) == (4, 4, 4)
    assert verdicts.told({"of": of}, 1) == "no interval: one sample"


@pytest.mark.parametrize(
    ("rule", "low", "high", "verdict"),
    [
        ({"above": 1}, 1.1, 3, HOLDS),
        ({"above": 1}, 1, 3, OPEN),
        ({"above": 1}, 0, 1, FAILS),
        ({"above": 1}, 0, 1.1, OPEN),
        ({"below": 1}, 0, 0.9, HOLDS),
        ({"below": 1}, 0, 1, OPEN),
        ({"below": 1}, 1, 2, FAILS),
        ({"between": [1, 2]}, 1.1, 1.9, HOLDS),
        ({"between": [1, 2]}, 0.9, 1.9, OPEN),
        ({"between": [1, 2]}, 1.1, 2.1, OPEN),
        ({"between": [1, 2]}, 2, 3, FAILS),
        ({"between": [1, 2]}, 0, 1, FAILS),
        ({"above": 1}, 2, np.inf, HOLDS),
        ({"above": 1}, np.nan, np.nan, OPEN),
    ],
)
def test_the_whole_interval_decides(rule, low, high, verdict):
    found = verdicts.Interval(value=2, low=low, high=high)

    assert verdicts.verdict(found, rule) == verdict


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            {"of": "every", "below": 2, "least": 2},
            "Holds if every sample is below 2, does not hold if none is; "
            "at least 2 samples decide.",
        ),
        (
            {"of": "every", "between": [0.5, 1.5], "least": 1},
            "Holds if every sample is between 0.5 and 1.5, does not hold if none is; "
            "1 sample decides.",
        ),
        (
            {"of": "mean", "above": 0, "least": 2},
            "Holds if the whole 95 % interval of the mean is above 0, does not hold if "
            "none of it is; at least 2 independent samples decide.",
        ),
        (
            {"of": "correlation", "below": 0, "least": 6},
            "Holds if the whole 95 % interval of the rank correlation is below 0, does "
            "not hold if none of it is; at least 6 nets decide.",
        ),
    ],
)
def test_the_words_are_those_of_the_rule(rule, words):
    assert verdicts.words(rule) == words
