"""What claims of Garipov et al. measure, against files with a closed form."""

import numpy as np
import pytest

import plants
from losslandscape import crossings

PLANTED = [
    ("rise", 1.7, {"measure": "test_error"}),
    ("peak", 90.0, {"measure": "test_error"}),
    ("swell", 1.3, {"measure": "test_loss"}),
    ("below_ends", 0.7, {"measure": "regularised_loss"}),
    ("two_means", 0.01, {}),
    ("length_ratio", 1.4, {}),
    ("lasting_gain", 0.17, {}),
    ("as_good", 0.43, {"points": 1}),
    ("vote", -0.9, {}),
    ("scaling", -0.3, {}),
    ("levelling", 0.35, {}),
    ("drift", 0.8, {}),
    ("half_gain", 0.6, {}),
    ("halfway", -0.2, {"measure": "test_error"}),
    ("unequal", 1.2, {}),
    ("isolation", 12.0, {}),
    ("errors", 3.2, {"budgets": (1, 2)}),
    ("own", 4.5, {}),
    ("gain", 0.56, {}),
    ("members", 6.0, {"column": "error"}),
    ("disagreement", 14.5, {}),
    ("steps", 7.0, {}),
    ("barrier_left", 0.09, {}),
    ("apart", 0.59, {}),
    ("against", 0.2, {}),
]


@pytest.mark.parametrize(("name", "value", "options"), PLANTED)
def test_a_measure_finds_what_was_planted(name, value, options):
    files = getattr(plants, name)(value, **options)

    found = getattr(crossings, name)(files, **options)

    assert np.asarray(found) == pytest.approx(value)


def test_nets_that_gain_nothing_do_so_at_the_end():
    assert crossings.lasting_gain(plants.profile(pair_error=[5.0, 5, 6, 5])) == 1


def test_a_gain_that_does_not_last_is_none_yet():
    errors = plants.profile(pair_error=[5.0, 4, 6, 4, 3])

    assert crossings.lasting_gain(errors) == 0.75


def test_two_nets_may_come_back_by_so_many_points():
    # The paper's chain: 21.6 at the least, back at 22.75, and 22.05 for both ends.
    errors = plants.profile(pair_error=[24.4, 23.3, 21.6, 22.75, 22.05])

    assert crossings.as_good(errors, points=1) == 0.5
    assert crossings.as_good(errors, points=0) == 1


def test_a_curve_can_be_above_its_ends_all_the_way():
    above = plants.profile(regularised_loss=[1.0, 3, 1.5, 2])

    assert crossings.below_ends(above, "regularised_loss") == 0


def test_what_rests_on_seeds_has_a_number_for_each():
    table = plants.ensemble(
        [0, 0, 3, 3],
        own_error=[9, 4, 9, 2],
        error=[9, 5, 8, 4],
        step=[np.nan, 6, np.nan, 8],
        disagreement=[np.nan, 10, 77, 20],
    )

    assert crossings.own(table).tolist() == [4, 2]
    assert crossings.gain(table).tolist() == [5, 6]
    assert crossings.members(table, "error").tolist() == [7, 6]
    assert crossings.steps(table).tolist() == [6, 8]
    assert crossings.disagreement(table).tolist() == [10, 20]


def test_independent_nets_disagree_over_the_seeds():
    table = plants.ensemble([0, 1, 2], disagreement=[np.nan, 10, 30])

    assert crossings.disagreement(table).tolist() == [20]


def test_errors_are_those_of_the_budgets_that_are_there():
    table = plants.ensemble(
        [0, 1], own_error=[6.0, 4.0], ensemble_error=[6.0, 3.0], spent=[1.0, 2.0]
    )

    found = crossings.errors(table)

    assert found[:2].tolist() == [5, 3]
    assert np.isnan(found[2])


def test_chains_have_a_number_for_each_line():
    chain = plants.profile(
        test_error=[1.0, 1, 3, 1, 1], marks=[0.0, 0.5, 1.0], t=[0, 0.25, 0.5, 0.75, 1]
    )

    assert crossings.halfway(chain, "test_error").tolist() == [-1, -1]
