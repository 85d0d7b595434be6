"""Samples of a case, by hand, and how many paths a case has."""

import inspect
import re

import numpy as np
import pytest

import plants
from losslandscape import findings, needs, quantities

LAST = {"last": {"column": "test_error"}}


def runs(*errors: float) -> list[dict]:
    return [plants.last(error, "test_error") for error in errors]


@pytest.mark.parametrize(
    ("how", "errors", "samples"),
    [
        ("each", [3], [3]),
        ("each", [3, 4], [3, 4]),
        ("ratio", [2, 5], [2.5]),
        ("difference", [2, 5], [3]),
        ("growth", [2, 3, 6], [1.5, 2]),
        ("flip", [3, 0.5], [2]),
        ("flip", [3, 0.25], [3]),
    ],
)
def test_samples_are_made_of_the_values_of_the_paths(how, errors, samples):
    assert quantities.samples({how: LAST}, runs(*errors)).tolist() == samples


def test_values_by_seed_are_paired_and_one_value_meets_all():
    several, one = plants.own(4), plants.ensemble([0], own_error=[1.0])

    assert quantities.samples({"difference": {"own": {}}}, [several, one]).tolist() == [
        -3,
        -3,
    ]


def test_a_correlation_is_of_two_measures_of_each_path():
    first, second = (
        plants.radius(0.4, 0.1) | plants.last(7, "test_error"),
        plants.radius(0.2, 0.1) | plants.last(9, "test_error"),
    )

    pairs = quantities.samples(
        {"correlation": {"radius": {"level": 0.1}} | LAST}, [first, second]
    )

    radii = [findings.radius(files, 0.1) for files in (first, second)]
    assert np.array_equal(pairs, [[radii[0], 7], [radii[1], 9]])


@pytest.mark.parametrize(
    ("how", "paths", "needed"),
    [
        ({"each": LAST}, 1, None),
        ({"each": LAST}, 7, None),
        ({"ratio": LAST}, 2, None),
        ({"ratio": LAST}, 3, "2"),
        ({"growth": LAST}, 2, "3 or more"),
        ({"correlation": LAST}, 2, "3 or more"),
        ({"case": {"apart": {}}}, 2, None),
        ({"case": {"apart": {}}}, 1, "2"),
    ],
)
def test_a_case_has_as_many_paths_as_its_quantity_relates(how, paths, needed):
    assert needs.fits(how, paths) == needed


def test_files_are_those_of_all_measures_or_of_the_place_in_the_case():
    both = {"correlation": {"radius": {}, "last": {}}}

    assert needs.roles(both, 0) == ("surface", "history")
    assert needs.roles({"case": {"apart": {}}}, 0) == ("directions",)
    assert needs.roles({"case": {"apart": {}}}, 1) == ("profile",)


@pytest.mark.parametrize("name", needs.ROLES)
def test_a_measure_reads_the_files_that_it_is_said_to_need(name):
    text = inspect.getsource(quantities.MEASURES[name])

    read = set(re.findall(r'files\["(\w+)"\]', text))

    assert read <= set(needs.ROLES[name])
