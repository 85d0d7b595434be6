"""Intervals against closed forms, rules in words, and verdicts at their bounds."""

import numpy as np
import pytest

from losslandscape import verdicts
from losslandscape.verdicts import FAILS, HOLDS, OPEN

BETWEEN = {"between": [0.67, 1.5]}
IN_PART = "in part where the claim has it, in part beyond"


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
    ("rule", "samples", "verdict", "where"),
    [
        ({"above": 1}, [1.1, 3], HOLDS, "all samples lie where the claim has it"),
        ({"above": 1}, [1, 3], OPEN, "1 of 2 samples lie where the claim has it"),
        ({"above": 1}, [0, 1], FAILS, "all samples lie beyond the claim's bound"),
        ({"below": 1}, [0, 0.9], HOLDS, "all samples lie where the claim has it"),
        ({"below": 1}, [0, 1], OPEN, "1 of 2 samples lie where the claim has it"),
        ({"below": 1}, [1, 2], FAILS, "all samples lie beyond the claim's bound"),
        ({"below": 1}, [0.5], HOLDS, "it lies where the claim has it"),
        (BETWEEN, [0.7, 1.4], HOLDS, "all samples lie where the claim has it"),
        (BETWEEN, [0.5, 1.0, 1], OPEN, "2 of 3 samples lie where the claim has it"),
        # Neither is between, though what is lies between them.
        (BETWEEN, [0.5, 2.0], FAILS, "all samples lie beyond the claim's bound"),
        (BETWEEN, [1.5, 2.0], FAILS, "all samples lie beyond the claim's bound"),
        ({"above": 1}, [2, np.inf], HOLDS, "all samples lie where the claim has it"),
    ],
)
def test_every_sample_decides_by_itself_as_the_words_say(rule, samples, verdict, where):
    found, rule = np.array(samples, float), {"of": "every", "least": 2} | rule

    # What the words of the rule say, of the same samples.
    low, high = rule.get("between", (rule.get("above"), rule.get("below")))
    inside = [
        (low is None or low < one) and (high is None or one < high) for one in samples
    ]
    assert "if every sample is" in verdicts.words(rule)
    assert "does not hold if none is" in verdicts.words(rule)
    assert (verdict == HOLDS) == all(inside)
    assert (verdict == FAILS) == (not any(inside))
    assert verdicts.verdict(found, rule) == verdict
    assert verdicts.where(found, rule) == where


@pytest.mark.parametrize(
    ("rule", "middle", "verdict", "where"),
    [
        ({"above": 1}, 3, HOLDS, "the interval lies where the claim has it"),
        ({"above": 1}, 1.5, OPEN, f"the interval lies {IN_PART}"),
        ({"above": 1}, -1, FAILS, "the interval lies beyond the claim's bound"),
        ({"between": [1, 4]}, 2.5, HOLDS, "the interval lies where the claim has it"),
        ({"between": [1, 4]}, 3.5, OPEN, f"the interval lies {IN_PART}"),
        ({"between": [1, 4]}, 6, FAILS, "the interval lies beyond the claim's bound"),
        # All that is between, and more on either side.
        ({"between": [1, 2]}, 1.5, OPEN, f"the interval lies {IN_PART}"),
    ],
)
def test_the_whole_interval_of_a_mean_decides(rule, middle, verdict, where):
    # Of two samples half a step apart Student's half is 12.706 / 2 times as long.
    samples = middle + np.array([-1, 1]) / 12.706205

    rule = {"of": "mean", "least": 2} | rule
    found = verdicts.interval(samples, rule)

    assert (found.low, found.high) == pytest.approx((middle - 1, middle + 1), abs=1e-6)
    assert verdicts.verdict(samples, rule) == verdict
    assert verdicts.where(samples, rule) == where


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            {"of": "every", "below": 2, "least": 2},
            "Holds if every sample is below 2, does not hold if none is; "
            "at least 2 independent samples decide.",
        ),
        (
            {"of": "every", "between": [0.5, 1.5], "least": 1},
            "Holds if every sample is between 0.5 and 1.5, does not hold if none is; "
            "one independent sample decides: it may rest on one net, or pair of nets, "
            "of each kind.",
        ),
        (
            {"of": "mean", "above": 0, "least": 2},
            "Holds if the whole 95 % interval of the mean is above 0, does not hold if "
            "none of it is; at least 2 independent samples decide.",
        ),
        (
            {"of": "correlation", "below": 0, "least": 6},
            "Holds if the whole 95 % interval of the rank correlation is below 0, does "
            "not hold if none of it is; at least 6 independent nets decide.",
        ),
    ],
)
def test_the_words_are_those_of_the_rule(rule, words):
    assert verdicts.words(rule) == words
