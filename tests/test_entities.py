"""Entities of a crate: once each, and without what is not known."""

import json

import pytest
from rocrate.rocrate import ROCrate

from losslandscape import entities


@pytest.fixture
def crate() -> ROCrate:
    return ROCrate(version="1.1")


def test_what_is_asked_for_twice_is_there_once(crate):
    first = entities.add(crate, "#one", "Thing", name="one")
    again = entities.add(crate, "#one", "Thing", name="other")

    assert again is first
    assert again["name"] == "one"
    assert len(crate.contextual_entities) == 1


def test_what_is_not_known_is_left_out_and_a_list_of_one_is_that_one(crate):
    made = entities.add(crate, "#one", "Thing", name=None, of=[], by=["A"], at=[1, 2])

    told = {"@id": "#one", "@type": "Thing", "by": "A", "at": [1, 2]}
    assert made.properties() == told


@pytest.mark.parametrize("told", [{"a": [1, None]}, [1, 2], None])
def test_a_value_that_is_more_is_its_json(crate, told):
    assert json.loads(entities.value(crate, "plane", told)["value"]) == told


@pytest.mark.parametrize("told", ["word", 1.5, 3, False])
def test_a_plain_value_is_itself(crate, told):
    assert entities.value(crate, "plane", told)["value"] is told


def test_values_are_one_if_they_are_equal_in_all(crate):
    one, two = (entities.add(crate, name, "Thing") for name in ("#one", "#two"))
    values = [
        entities.value(crate, name, told, exampleOfWork=of)
        for name, told, of in (
            *(("x", 1, one), ("x", 1, one)),
            *(("x", 2, one), ("y", 1, one), ("x", 1, two), ("x", "1", one)),
        )
    ]

    assert values[0] is values[1]
    assert len({value.id for value in values}) == 5


def test_of_a_mapping_that_is_told_what_is_known(crate):
    told = entities.values(crate, {"a": 0, "b": None, "c": False, "d": {}, "e": ""})

    assert {each["name"]: each["value"] for each in told} == {
        "a": 0,
        "c": False,
        "e": "",
    }
