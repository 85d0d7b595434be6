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


ALPHA = 0.05, 0.0005  # of ResNet-164: the highest rate, and the lowest


def paper(i, c):
    """The rate at iteration i of cycles of c, as section 4 has it."""
    first, second = ALPHA
    t = ((i - 1) % c + 1) / c
    if t <= 0.5:
        return (1 - 2 * t) * first + 2 * t * second
    return (2 - 2 * t) * second + (2 * t - 1) * first


@pytest.mark.parametrize(("cycle", "steps"), [(4, 391), (2, 5), (1, 6)])
def test_a_triangle_is_the_formula_of_the_paper_at_every_iteration(cycle, steps):
    schedule = {"triangle": {"cycle": cycle, "factor": ALPHA[1] / ALPHA[0]}}
    c, epochs = cycle * steps, 3 * cycle

    rates = [
        ALPHA[0] * schedules.factor(schedule, epoch, epochs, step, steps)
        for epoch in range(1, epochs + 1)
        for step in range(1, steps + 1)
    ]

    expected = [paper(i, c) for i in range(1, 3 * c + 1)]
    assert rates == pytest.approx(expected, rel=1e-12)
    lowest = [i for i, rate in enumerate(rates, start=1) if rate == min(rates)]
    members = [i for i in range(1, 3 * c + 1) if i % c == c // 2]
    assert lowest == members == schedules.collected(schedule, epochs, steps)
    assert min(rates) == pytest.approx(ALPHA[1], rel=1e-12)
    assert rates[c - 1] == pytest.approx(ALPHA[0], rel=1e-12)


@pytest.mark.parametrize(
    ("epochs", "steps", "cycles", "ends"),
    [
        (200, 391, 5, [40 * 391 * k for k in range(1, 6)]),
        # 37.5 epochs of 391 steps are 14662.5, of which the ceiling is taken.
        (150, 391, 4, [14663, 29326, 43989, 58650]),
        (5, 3, 2, [8, 15]),
        (3, 4, 1, [12]),
    ],
)
def test_cycles_of_a_cosine_are_the_formula_of_their_paper(epochs, steps, cycles, ends):
    schedule, total = {"cosine_cycles": {"cycles": cycles}}, epochs * steps

    factors = [
        schedules.factor(schedule, epoch, epochs, step, steps)
        for epoch in range(1, epochs + 1)
        for step in range(1, steps + 1)
    ]

    length = -(-total // cycles)
    expected = [
        (math.cos(math.pi * ((t - 1) % length) / length) + 1) / 2
        for t in range(1, total + 1)
    ]
    assert factors == pytest.approx(expected, rel=1e-12)
    assert schedules.collected(schedule, epochs, steps) == ends
    starts = [t for t, factor in enumerate(factors, start=1) if factor == 1]
    assert starts == [1, *(end + 1 for end in ends[:-1])]


@pytest.mark.parametrize("schedule", [LI, {"constant": {}}, {"cosine": {}}])
def test_ordinary_rates_stay_within_an_epoch_and_leave_their_last_net(schedule):
    for epoch in (1, 150, 151, 300):
        factors = {schedules.factor(schedule, epoch, 300, step, 9) for step in (1, 9)}
        assert factors == {schedules.factor(schedule, epoch, 300)}
    assert schedules.collected(schedule, 300, 9) == [2700]


@pytest.mark.parametrize(
    ("schedule", "epochs", "steps"),
    [
        ({"triangle": {"cycle": 1, "factor": 0.1}}, 3, 1),
        # Nine and ten, of ten steps, are both in the fifth epoch.
        ({"cosine_cycles": {"cycles": 4}}, 5, 2),
    ],
)
def test_cycles_too_short_to_collect_from_are_refused(schedule, epochs, steps):
    with pytest.raises(ValueError, match=f"{epochs} epochs of {steps} steps"):
        schedules.collected(schedule, epochs, steps)
