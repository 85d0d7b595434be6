"""Studies with one fault of form each, and what is said of it."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema.exceptions import ValidationError
from snakemake.utils import validate

import studies
from losslandscape import form

SCHEMA = studies.schema()
CONFIGS = sorted((Path(__file__).parents[1] / "config").glob("*.yaml"))


def faults(changes: dict) -> list[str]:
    """What is said of the form of a study with changes."""
    return form.faults(studies.tiny(changes), SCHEMA)


def test_a_sound_study_has_no_fault():
    assert faults({}) == []


FORM = """
datasets: null
    top level: 'datasets' is a required property
tabels: {}
    top level: Other keys are not allowed ('tabels' was unexpected)
study: a/b
    study: 'a/b' does not match
models.1st: {densenet: {}}
    models: '1st' does not match
models.deep: {lenet: {}}
    models.deep: Other keys are not allowed ('lenet' was unexpected)
models.deep.vgg: {plan: vgg9}
    models.deep: needs exactly one of resnet, vgg, densenet
models.deep.resnet.depth: null
    models.deep.resnet: 'depth' is a required property
datasets.digits.std: [0]
    datasets.digits.std.0: 0 is less than or equal to the minimum of 0
recipes.sgd.epochs: 0
    recipes.sgd.epochs: 0 is less than the minimum of 1
recipes.sgd.epochs: two
    recipes.sgd.epochs: 'two' is not of type 'integer'
recipes.sgd.epochs: true
    recipes.sgd.epochs: True is not of type 'integer'
recipes.sgd.epoks: 2
    recipes.sgd: Other keys are not allowed ('epoks' was unexpected)
recipes.sgd.batch_size: null
    recipes.sgd: 'batch_size' is a required property
recipes.sgd.precision: half
    recipes.sgd.precision: 'half' is not one of ['float32', 'tf32', 'bfloat16']
recipes.sgd.optimiser: {}
    recipes.sgd.optimiser: needs exactly one of sgd, adam
recipes.sgd.schedule: []
    recipes.sgd.schedule: [] is not of type 'object'
planes.line.images: null
    planes.line: 'images' is a required property
planes.line.images.test: 0
    planes.line.images.test: 0 is not valid under any of the given schemas
planes.line.x.points: 1
    planes.line.x.points: 1 is less than the minimum of 2
recipes.sgd.epochs: 2.0
    recipes.sgd.epochs: 2.0 is not of type 'integer'
recipes.sgd.epochs: .inf
    recipes.sgd.epochs: inf is not of type 'integer'
recipes.sgd.weight_decay: .nan
    recipes.sgd.weight_decay: nan is not a finite number
recipes.sgd.weight_decay: true
    recipes.sgd.weight_decay: True is not of type 'number'
planes.line.x.to: .inf
    planes.line.x.to: inf is not a finite number
planes.line.x.from: -.inf
    planes.line.x.from: -inf is not a finite number
planes.line.images.train: 20.0
    planes.line.images.train: 20.0 is not valid under any of the given schemas
planes.between.directions.difference.to: [deep]
    planes.between.directions.difference.to.0: 'deep' does not match
planes.line.z: {from: 0, to: 1, points: 2}
    planes.line: 'y' is a dependency of 'z'
planes.line.directions: {axes: [{slope: {}}]}
    planes.line.directions.axes.0: Other keys are not allowed ('slope' was unexpected)
planes.line.directions: {axes: [{gradient: {}, random: {}}]}
    planes.line.directions.axes.0: needs exactly one of random, run, principal, gradient
planes.coarse.directions: {axes: [{gradient: {}}, {gradient: {}}]}
    planes.coarse.directions.axes: says the same twice: {'gradient': {}}
recipes.sgd.keep: {at: [1, 2, 2]}
    recipes.sgd.keep.at: says the same twice: 2
planes.line.directions: {axes: [{eigenvector: {index: -1}}]}
    planes.line.directions.axes.0.eigenvector.index: -1 is less than the minimum of 0
planes.fine.batchnorm: frozen
    planes.fine.batchnorm: does not belong here
planes.fine.y: null
    planes.fine: 'y' is a required property
figures.shown.rows: []
    figures.shown.rows: [] should be non-empty
figures.shown.rows: [{pies: {}}]
    figures.shown.rows.0: Other keys are not allowed ('pies' was unexpected)
"""


@pytest.mark.parametrize(("change", "said"), studies.cases(FORM))
def test_a_fault_of_form_is_told_with_its_place(change, said):
    (sentence,) = faults(change)

    assert sentence.startswith(said)


def test_an_unknown_key_is_answered_with_those_there_are():
    (sentence,) = faults({"planes.line.x.too": 1})

    assert "'too' was unexpected); known are from, to, points" in sentence


def test_the_description_of_a_thing_explains_its_fault():
    (sentence,) = faults({"planes.fine.batchnorm": "frozen"})

    assert sentence.endswith(" — Comes from the plane that is refined.")


@pytest.mark.parametrize(
    ("sgd", "sound"),
    [
        ({"momentum": 0}, False),
        ({"momentum": 0.0, "nesterov": True}, False),
        ({"momentum": 0, "nesterov": False}, True),
        ({"momentum": 0.5}, True),
        ({"nesterov": False}, True),
    ],
)
def test_nesterov_needs_a_momentum(sgd, sound):
    said = faults({"recipes.sgd.optimiser.sgd": {"learning_rate": 0.1} | sgd})

    assert (said == []) == sound
    assert all("momentum" in sentence for sentence in said)


def test_all_faults_are_told_at_once_and_in_order():
    said = faults({"recipes.sgd.epochs": 0, "recipes.adam.epochs": 0, "models.1": {}})

    places = [sentence.partition(":")[0] for sentence in said]
    assert places == ["models.1", "models", "recipes.adam.epochs", "recipes.sgd.epochs"]


@pytest.mark.parametrize("number", [2, 0.5, 1.0, -3, 1e300])
def test_whole_and_broken_numbers_are_both_numbers(number):
    assert faults({"planes.line.x.to": number}) == []


def test_a_panel_without_runs_is_told_and_no_traceback():
    rows = [{"norms": {"panels": {}}}]

    (said,) = form.faults(studies.tiny({"figures.shown.rows": rows}), studies.schema())

    assert said.startswith("figures.shown.rows.0.norms.panels: must not be empty")


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_defaults_are_filled_in_as_snakemake_does(path):
    ours, theirs = (yaml.safe_load(path.read_text()) for _ in range(2))
    # What YAML repeats is one mapping.
    ours, theirs = (json.loads(json.dumps(each)) for each in (ours, theirs))
    said = json.dumps(ours)

    form.fill(ours, SCHEMA)
    validate(theirs, str(studies.SCHEMA))

    assert ours == theirs
    assert json.dumps(ours) != said


def test_a_default_belongs_to_the_place_that_got_it_alone():
    schema = {"properties": {name: {"default": []} for name in "ab"}}
    first, second = {}, {}

    form.fill(first, schema)
    form.fill(second, schema)
    first["a"].append(1)

    assert first == {"a": [1], "b": []}
    assert second == {"a": [], "b": []}
    assert schema["properties"]["a"]["default"] == []


def test_a_config_that_is_not_sound_is_not_filled_in_silently():
    with pytest.raises(ValidationError):
        form.fill({"a": 1}, {"properties": {"a": {"type": "string"}}})
