"""The schema of studies: closed, described, and the one place where defaults stand."""

import inspect
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator
from snakemake.utils import validate

import studies
from losslandscape import columns, kinds, models, schedules, tables

SCHEMA = studies.schema()
FAMILIES = SCHEMA["$defs"]["model"]["properties"]
SCHEDULES = schedules.SCHEDULES.keys() | schedules.CYCLICAL.keys()


def parts(schema: object, path: str = "") -> Iterator[tuple[str, dict]]:
    """All that the schema nests, each with where it stands; conditions left out."""
    if isinstance(schema, dict):
        yield path, schema
        for key in schema.keys() - {"if", "default"}:
            yield from parts(schema[key], f"{path}.{key}")
    elif isinstance(schema, list):
        for item in schema:
            yield from parts(item, path)


def resolved(schema: dict) -> dict:
    """A part with what it refers to; its own words come first."""
    if "$ref" not in schema:
        return schema
    referred = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    return resolved(referred) | schema


def filled(changes: dict) -> dict:
    """The small study as the rules see it, with its defaults."""
    config = studies.tiny(changes)
    validate(config, str(studies.SCHEMA))
    return config


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_every_property_is_described():
    missing = [
        f"{path}.{name}"
        for path, part in parts(SCHEMA)
        for name, property in part.get("properties", {}).items()
        if not resolved(property).get("description")
    ]

    assert missing == []


def test_every_mapping_is_closed():
    loose = [
        path
        for path, part in parts(SCHEMA)
        if part.get("type") == "object"
        and "additionalProperties" not in part
        and path != ".$defs.named"
    ]

    assert loose == []
    assert len(list(parts(SCHEMA))) > 100


def test_what_offers_mappings_alone_is_a_choice_of_one():
    choices = [
        part
        for _, part in parts(SCHEMA)
        if "properties" in part
        and "contours" not in part["properties"]  # a row has kinds side by side
        and all(
            resolved(p).get("type") == "object" for p in part["properties"].values()
        )
    ]

    assert len(choices) > 5
    for part in choices:
        assert part.get("minProperties") == part.get("maxProperties") == 1


def test_every_default_is_sound():
    for path, part in parts(SCHEMA):
        if "default" in part:
            alone = part | {"$defs": SCHEMA["$defs"]}
            assert Draft202012Validator(alone).is_valid(part["default"]), path


@pytest.mark.parametrize("family", models.FAMILIES)
def test_a_family_has_the_options_and_defaults_of_its_class(family):
    signature = inspect.signature(models.family(family))
    stated = FAMILIES[family]["properties"]

    options = signature.parameters.keys() - {"channels", "size", "classes"}
    defaults = {
        name: list(value) if isinstance(value, tuple) else value
        for name in options
        if (value := signature.parameters[name].default) is not inspect.Parameter.empty
    }

    assert stated.keys() == options
    assert options - defaults.keys() <= set(FAMILIES[family].get("required", []))
    for name, option in stated.items():
        if "default" in option:
            assert option["default"] == defaults.get(name, option["default"])


def test_what_can_be_chosen_is_what_the_library_has():
    recipe = SCHEMA["$defs"]["recipe"]["properties"]
    rows = SCHEMA["$defs"]["row"]["properties"]
    shows = SCHEMA["$defs"]["table"]["properties"]["shows"]["properties"]

    assert FAMILIES.keys() == models.FAMILIES.keys() | {"own"}
    assert recipe["schedule"]["properties"].keys() == SCHEDULES
    assert rows.keys() == kinds.KINDS.keys()
    assert shows.keys() == tables.KINDS.keys()
    assert set(rows["scatter"]["properties"]["x"]["enum"]) < columns.MEANINGS.keys()


def test_defaults_are_filled_inside_choices():
    config = filled({"recipes.sgd.schedule": {"step": {"at": [1]}}})

    assert config["models"] == {
        "deep": {"resnet": {"depth": 20, "shortcuts": True, "width": 1}},
        "dense": {"densenet": {"blocks": [6, 12, 24, 16], "growth": 32}},
    }
    assert config["recipes"]["sgd"]["optimiser"] == {
        "sgd": {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}
    }
    assert config["recipes"]["sgd"]["schedule"] == {"step": {"at": [1], "factor": 0.1}}
    assert config["recipes"]["adam"]["optimiser"] == {"adam": {"learning_rate": 0.001}}
    assert config["planes"]["line"]["directions"]["random"] == {
        "seed": 0,
        "normalise": "filter",
        "ignore": "biasbn",
        "of": "weights",
    }
    assert config["planes"]["between"]["directions"]["difference"]["of"] == "states"
    assert config["planes"]["line"]["images"]["seed"] == 0


def test_defaults_that_are_mappings_are_filled_too():
    recipe = filled({})["recipes"]["sgd"]

    assert recipe["schedule"] == {"constant": {}}
    assert recipe["augmentation"] == {"pad": 0, "flip": False}
    assert recipe["images"]["train"] == recipe["images"]["test"] == "all"
    assert filled({})["labels"] == {}


def test_a_plane_that_refines_gets_nothing_of_its_own():
    assert filled({})["planes"]["fine"].keys() == {"refines", "x", "y"}


def test_what_is_said_stays():
    config = filled(
        {"recipes.sgd.optimiser.sgd.momentum": 0.5, "labels": {"deep": "R"}}
    )

    assert config["recipes"]["sgd"]["optimiser"]["sgd"]["momentum"] == 0.5
    assert config["labels"] == {"deep": "R"}


def test_defaults_are_filled_inside_axes_by_name():
    axes = [{"eigenvector": {"index": 1}}, {"gradient": {}}, {"random": {}}]

    config = filled({"planes.coarse.directions": {"axes": axes}})

    first, second, third = config["planes"]["coarse"]["directions"]["axes"]
    assert first["eigenvector"] == {
        **{"which": "largest", "index": 1, "tensors": "all", "normalise": "unit"},
        **{"tolerance": 0.001, "products": 100, "seed": 0},
    }
    assert second["gradient"] == {"tensors": "all", "normalise": "unit"}
    assert third == {"random": config["planes"]["line"]["directions"]["random"]}
