"""Learning rates at the epochs that the papers name."""

import math

import pytest

from losslandscape import schedules

LI = {"step": {"at": [150, 225, 275], "factor": 0.1}}


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [
        (1, 1),
        (150, 1),
        (151, 0.1),
        (225, 0.1),
        (226, 0.01),
        (275, 0.01),
        (276, 0.001),
        (300, 0.001),
    ],
)
def test_li_drops_the_rate_at_the_end_of_three_epochs(epoch, expected):
    assert schedules.factor(LI, epoch, 300) == pytest.approx(expected, rel=1e-12)


def test_drops_are_by_the_given_factor():
    halved = {"step": {"at": [2], "factor": 0.5}}

    assert [schedules.factor(halved, epoch, 4) for epoch in (1, 2, 3, 4)] == [
        *(1, 1, 0.5, 0.5)
    ]


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [
        (1, 1),
        (100, 1),
        (101, 1 - 0.99 / 80),
        (120, 0.7525),
        (140, 0.505),
        (179, 0.01 + 0.99 / 80),
        (180, 0.01),
        (181, 0.01),
        (200, 0.01),
    ],
)
def test_garipov_is_flat_then_linear_then_flat(epoch, expected):
    factor = schedules.factor({"flat_linear_flat": {}}, epoch, 200)

    assert factor == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [(1, 1), (51, (1 + math.sqrt(0.5)) / 2), (101, 0.5), (151, 0.5 - 0.125**0.5)],
)
def test_a_cosine_falls_from_one_by_way_of_a_half(epoch, expected):
    assert schedules.factor({"cosine": {}}, epoch, 200) == pytest.approx(expected)


def test_a_cosine_ends_above_zero_and_never_rises():
    factors = [schedules.factor({"cosine": {}}, epoch, 20) for epoch in range(1, 21)]

    assert factors == sorted(factors, reverse=True)
    assert 0 < factors[-1] < 0.01


def test_a_constant_rate_stays():
    assert {schedules.factor({"constant": {}}, epoch, 9) for epoch in range(1, 10)} == {
        1
    }
