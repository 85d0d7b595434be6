"""Orders of few, counted one by one."""

import itertools
import math

import numpy as np
import pytest

from losslandscape import ranks


def test_the_correlation_is_that_of_the_sum_of_squared_rank_differences():
    places = np.array([3, 1, 4, 2, 5, 7, 6])
    squares = ((places - np.arange(1, 8)) ** 2).sum()

    found = ranks.correlation(np.exp(np.arange(7.0)), places**3.0)

    assert found["rho"] == pytest.approx(1 - 6 * squares / (7 * 48))
    assert found["n"] == 7


def test_its_p_is_the_share_of_orders_that_agree_as_much():
    places = np.array([2.0, 1, 3, 5, 4])
    agreement = [
        abs(np.corrcoef(places, order)[0, 1])
        for order in itertools.permutations(np.arange(5))
    ]
    mine = abs(np.corrcoef(places, np.arange(5))[0, 1])

    found = ranks.correlation(places, np.arange(5.0))

    assert found["p"] == pytest.approx(np.mean(np.array(agreement) > mine - 1e-9))


def test_three_in_order_are_no_proof():
    found = ranks.correlation(np.arange(3.0), np.arange(3.0))

    assert found == {"rho": pytest.approx(1), "n": 3, "p": pytest.approx(1 / 3)}


def test_the_correlation_of_many_is_the_same_every_time():
    generator = np.random.default_rng(0)
    values, others = generator.normal(size=(2, 15))

    found = ranks.correlation(values, others + values)

    assert found == ranks.correlation(values, others + values)
    assert 0 < found["p"] < 0.1


def test_pairs_with_no_number_are_left_out_and_infinity_is_the_largest():
    values = np.array([1, 2, np.nan, 3, np.inf])
    others = np.array([5, 6, 7, np.nan, 8.0])

    found = ranks.correlation(values, others)

    assert (found["rho"], found["n"]) == (pytest.approx(1), 3)


def test_ties_share_their_rank():
    found = ranks.correlation(np.array([0, 0, 1, 2.0]), np.array([1, 2, 3, 4.0]))

    places = np.array([1.5, 1.5, 3, 4])
    assert found["rho"] == pytest.approx(np.corrcoef(places, [1, 2, 3, 4])[0, 1])


@pytest.mark.parametrize(
    "values", [[1.0, 2.0], [1.0, 1.0, 1.0], [1.0, 2.0, math.nan], [math.inf] * 4]
)
def test_few_or_constant_values_have_no_correlation(values):
    found = ranks.correlation(np.array(values), np.arange(float(len(values))))

    assert found["rho"] is found["p"] is None
