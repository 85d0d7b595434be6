"""Studies with one fault each, and what the names in a sound one mean."""

import pytest
import yaml

import studies
from losslandscape import study

SCHEMA = studies.schema()


def faults(changes: dict) -> list[str]:
    """What is said of a study with changes, fault by fault."""
    try:
        study.check(studies.tiny(changes), SCHEMA)
    except ValueError as error:
        return str(error).split("\n  ")[1:]
    return []


def cases(text: str) -> list[tuple[dict, str]]:
    """Changes in YAML, each with the line below it: what is said."""
    lines = text.strip().splitlines()
    return [
        (yaml.safe_load(change), said.strip())
        for change, said in zip(lines[::2], lines[1::2], strict=True)
    ]


def test_a_sound_study_is_not_refused():
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
planes.line.x.points: 0
    planes.line.x.points: 0 is less than the minimum of 1
planes.between.directions.difference.to: [deep]
    planes.between.directions.difference.to.0: 'deep' does not match
planes.fine.batchnorm: frozen
    planes.fine.batchnorm: does not belong here
planes.fine.y: null
    planes.fine: 'y' is a required property
figures.figure.rows: []
    figures.figure.rows: [] should be non-empty
figures.figure.rows: [{pies: {}}]
    figures.figure.rows.0: Other keys are not allowed ('pies' was unexpected)
"""


@pytest.mark.parametrize(("change", "said"), cases(FORM))
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


REFERENCES = """
planes.fine.refines: coarser
    planes.fine.refines: planes has no plane 'coarser'
planes.fine.refines: line
    planes.fine.refines: planes has no plane 'line'
planes.line.batchnorm: interpolated
    planes.line: batchnorm interpolated needs directions of states
planes.line.directions: {random: {of: states}}
    planes.line: batchnorm frozen needs directions of weights
planes.between.batchnorm: frozen
    planes.between: batchnorm frozen needs directions of weights
planes.between.y: {from: 0, to: 1, points: 2}
    planes.between.directions: 1 runs do not span x and y
planes.between.directions.difference.to: [digits/deep/sgd-seed1, digits/deep/sgd-seed2]
    planes.between.directions: 2 runs do not span x alone
planes.between.directions.difference.to: [digits/deep/rms-seed1]
    planes.between.directions: run 'digits/deep/rms-seed1': recipes has no 'rms'
figures.figure.rows.0.lines.plane: lime
    figures.figure.lines: planes has no 'lime'
figures.figure.rows.0.lines.plane: coarse
    figures.figure.lines: draws a line (x alone), which 'coarse' is not
figures.figure.rows.1.surfaces.plane: line
    figures.figure.surfaces: draws a plane (x and y), which 'line' is not
figures.figure.rows.1.surfaces.runs: [images/deep/sgd-seed0]
    figures.figure.surfaces: run 'images/deep/sgd-seed0': datasets has no 'images'
figures.figure.rows.1.surfaces.runs: [digits/wide/sgd-seed0]
    figures.figure.surfaces: run 'digits/wide/sgd-seed0': models has no 'wide'
"""


@pytest.mark.parametrize(("change", "said"), cases(REFERENCES))
def test_a_broken_reference_is_told_with_its_place(change, said):
    assert faults(change) == [said]


def test_a_direction_leads_from_one_run_of_a_net_to_another():
    assert faults({"figures.figure.rows.0.lines.plane": "between"}) == [
        "figures.figure.lines: no direction leads from 'digits/dense/adam-seed12'"
        " to 'digits/deep/sgd-seed1'"
    ]


def test_a_finer_grid_leads_where_the_plane_leads_that_it_refines():
    runs = ["digits/dense/sgd-seed1", "digits/deep/sgd-seed2"]

    said = faults(
        {
            "planes.coarse.directions": {"difference": {"to": runs}},
            "planes.coarse.batchnorm": "interpolated",
        }
    )

    assert said == [
        "figures.figure.surfaces: no direction leads from 'digits/deep/sgd-seed0'"
        " to 'digits/dense/sgd-seed1'"
    ]


def test_all_faults_are_told_at_once_and_in_order():
    said = faults({"recipes.sgd.epochs": 0, "recipes.adam.epochs": 0, "models.1": {}})

    places = [sentence.partition(":")[0] for sentence in said]
    assert places == ["models.1", "models", "recipes.adam.epochs", "recipes.sgd.epochs"]


@pytest.mark.parametrize("name", ["coarse", "fine", "finest"])
def test_a_plane_spans_what_it_refines_in_the_end(name):
    assert study.spanned(studies.tiny()["planes"], name) == "coarse"


@pytest.mark.parametrize(
    ("change", "circular"),
    [
        ({"planes.fine.refines": "fine"}, ["fine", "finest"]),
        ({"planes.fine.refines": "finest"}, ["fine", "finest"]),
        ({"planes.finest.refines": "finest"}, ["finest"]),
    ],
)
def test_planes_that_refine_each_other_are_refused(change, circular):
    end = "leads to no plane with directions of its own"

    assert faults(change) == [f"planes.{name}.refines: {end}" for name in circular]


def test_a_run_is_looked_up_part_by_part():
    assert study.run("digits/dense/adam-seed12", studies.tiny()) == {
        "dataset": "digits",
        "model": "dense",
        "recipe": "adam",
        "seed": "12",
    }


def panels(labels: dict, label: str) -> list[dict]:
    """The panels of the figure, labelled for their models or recipes."""
    config = studies.tiny({"labels": labels})
    for _, entry in study.rows(config["figures"]["figure"]):
        entry["label"] = label
    return study.panels(config, "figure")


@pytest.mark.parametrize(
    ("labels", "label", "expected"),
    [
        ({}, "model", ["deep", "dense"]),
        ({}, "recipe", ["sgd", "adam"]),
        ({"deep": "ResNet-20"}, "model", ["ResNet-20", "dense"]),
        ({"deep": "ResNet-20", "adam": "Adam"}, "recipe", ["sgd", "Adam"]),
        (
            {"deep": "ResNet-20", "digits/deep/sgd-seed0": "The first"},
            "model",
            ["The first", "dense"],
        ),
    ],
)
def test_a_label_is_that_of_the_run_or_of_what_the_row_says(labels, label, expected):
    assert [panel["label"] for panel in panels(labels, label)[:2]] == expected


def test_panels_stand_in_the_order_of_the_rows_with_the_file_they_draw():
    found = panels({}, "model")

    assert [panel["run"] for panel in found] == [
        "digits/deep/sgd-seed0",
        "digits/dense/adam-seed12",
        "digits/deep/sgd-seed0",
    ]
    assert [panel["drawn"] for panel in found] == [
        "digits/deep/sgd-seed0/line/line.h5",
        "digits/dense/adam-seed12/line/line.h5",
        "digits/deep/sgd-seed0/finest/surface.h5",
    ]
