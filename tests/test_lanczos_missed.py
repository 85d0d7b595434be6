"""Ends of a spectrum that a Lanczos run may not have met, and how it knows."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import beta

from losslandscape import lanczos
from matrices import spread, start, symmetric


def lonely(low):
    """As near a minimiser: most about nought, a few large, a small end by itself."""
    values = np.concatenate([np.linspace(-0.005, 0.005, 989), np.linspace(0.1, 1, 10)])
    return torch.from_numpy(np.append(values, low))


def missed(low, tolerance):
    """Of a hundred random starts, the part that misses an end by the tolerance."""
    spectrum, bad = lonely(low), 0
    for seed in range(100):
        ends = lanczos.extremes(
            lambda v: spectrum * v, start(1000, seed), tolerance, 100
        )
        assert ends.converged
        error = max(ends.minimum - low, 1 - ends.maximum)
        bad += error > tolerance * (1 - low)
    return bad / 100


@pytest.mark.parametrize(
    ("low", "tolerance"), [(-0.3, 0.1), (-0.1, 0.05), (-0.06, 0.05)]
)
def test_few_runs_miss_an_end_by_more_than_the_tolerance(monkeypatch, low, tolerance):
    assert missed(low, tolerance) <= lanczos.RISK

    # By residuals alone they do.
    monkeypatch.setattr(lanczos, "least_share", lambda size: 1e9)
    assert missed(low, tolerance) > lanczos.RISK


@pytest.mark.parametrize("known", [0, 1, 10])
@pytest.mark.parametrize("tolerance", [0.1, 0.01])
@pytest.mark.parametrize("low", [-1, -0.3, -0.06])
def test_no_end_is_missed_by_a_start_that_has_the_least_share(low, tolerance, known):
    spectrum, (least, rest) = lonely(low), (lanczos.least_share(1000), start(1000))
    rest[[998, 999]] = 0
    rest *= math.sqrt(1 - 2 * least**2) / rest.norm()
    rest[[998, 999]] = least
    # Something else is known, beside the ends.
    rest[997] += known

    ends = lanczos.extremes(lambda v: spectrum * v, rest, tolerance, 200)

    assert ends.converged
    reach = tolerance * (1 - low)
    assert (ends.minimum, ends.maximum) == pytest.approx((low, 1), abs=reach)


@pytest.mark.parametrize("steps", [2, 7])
def test_the_greatest_share_is_that_of_the_polynomials_of_the_run(steps):
    matrix, _ = symmetric(np.linspace(-1, 3, 40))
    *_, (run, beyond, _) = lanczos.krylov(lambda v: matrix @ v, start(40), steps)

    found = lanczos.greatest_share(run, beyond, 0.1)

    # By their recurrence, x p = β p_before + α p + β p_after.
    sides, (low, *_, high) = (
        [*np.diag(run, 1), beyond],
        np.linalg.eigvalsh(run)[[0, -1]],
    )
    shares = []
    for x in (low - 0.1 * (high - low), high + 0.1 * (high - low)):
        values = [0.0, 1.0]
        for k in range(steps):
            rest = (x - run[k, k]) * values[-1] - (k and sides[k - 1]) * values[-2]
            values.append(rest / sides[k])
        shares.append(1 / np.linalg.norm(values))
    assert found == pytest.approx(max(shares))


def test_an_end_that_the_start_has_nothing_of_is_missed():
    spectrum, rest = lonely(-0.3), start(1000)
    rest[999] = 1e-12

    ends = lanczos.extremes(lambda v: spectrum * v, rest, 0.01, 200)

    assert ends.converged
    assert ends.minimum > -0.01


@pytest.mark.parametrize("size", [3, 100, 10**6])
def test_the_least_share_is_that_of_random_directions(size):
    # The square of a coordinate on the sphere has a beta distribution.
    odds = beta.cdf(lanczos.least_share(size) ** 2, 0.5, (size - 1) / 2)

    assert odds <= lanczos.RISK / 2
    assert odds == pytest.approx(lanczos.RISK / 2, rel=1 / size + 1e-3)


def test_a_run_is_longer_where_less_of_its_start_is_random():
    spectrum, unit = lonely(-0.06), start(1000)

    # As if so much had been added along what is there already.
    found = [
        lanczos.extremes(lambda v: spectrum * v, norm * unit, 0.01, 100).products
        for norm in (1, 10, 1000)
    ]

    assert found == sorted(set(found))


def test_what_is_added_to_a_start_does_not_lower_its_least_share():
    size, unit = 200, lanczos.directions(20_000, 200, 0)

    found = [
        (unit[:, 7] + added).abs() < lanczos.least_share(size) for added in (0.02, 0.3)
    ]

    assert all(few.double().mean() <= lanczos.RISK / 2 for few in found)


def test_a_run_that_may_not_have_met_an_end_has_not_converged():
    values = torch.from_numpy(np.array(spread(400, -1, 10)))
    ends = lanczos.extremes(lambda v: values * v, start(400), 0.05, 100)

    run = lanczos.extremes(lambda v: values * v, start(400), 0.05, ends.products - 1)

    assert not run.converged
    assert run.residual_max < 0.05
    assert ends.converged


def test_a_run_is_shorter_where_more_is_tolerated():
    spectrum = lonely(-0.06)

    found = [
        lanczos.extremes(lambda v: spectrum * v, start(1000), tolerance, 100).products
        for tolerance in (0.5, 0.05, 0.005, 1e-6)
    ]

    assert found == sorted(set(found))


def test_a_run_can_be_asked_to_be_longer():
    values = torch.from_numpy(np.array(spread(400, -1, 10)))

    ends = lanczos.extremes(lambda v: values * v, start(400), 0.1, 100, least=50)

    assert ends.products == 50
