"""Runs of given weights in a config: what they can be asked, and what is refused."""

import pytest

import studies
from losslandscape import study


def given(**more) -> dict:
    """A recipe of given weights."""
    return {"weights": {"path": "{dataset}-{model}-{seed}.pt"}} | more


def said_of(changes: dict) -> list[str]:
    """What is said of a study with changes whose first recipe is of given weights."""
    return studies.refused({"recipes.sgd": given()} | changes)


def test_lines_surfaces_and_directions_between_given_runs_are_sound():
    assert said_of({}) == []
    lines = {"plane": "between", "runs": ["digits/deep/sgd-seed0"]}
    assert said_of({"figures.shown.rows.0.lines": lines}) == []


FAULTS = """
recipes.sgd.weights.path: "a-{width}.pt"
    recipes.sgd.weights.path: 'width' is none of {dataset}, {model}, {recipe}, {seed}
recipes.sgd.weights.path: "a-{.pt"
    recipes.sgd.weights.path: its braces do not fit (expected '}' before end of string)
recipes.adam.start: {recipe: sgd, epoch: 1}
    recipes.adam.start: 'sgd' was not trained here: it keeps no epoch
curves: {bow: {shape: {bezier: {recipe: sgd}}, points: 3}}
    curves.bow.shape.bezier.recipe: 'sgd' trains nothing, its weights are given
figures.shown.rows.2: {training: {panels: {"": [digits/deep/sgd-seed0]}}}
    figures.shown.training: 'digits/deep/sgd-seed0' was not trained here
figures.shown.rows.2: {paths: {plane: coarse, runs: [digits/deep/sgd-seed0]}}
    figures.shown.paths: the recipe of 'digits/deep/sgd-seed0' does not keep its way
planes.coarse.directions: {initial: {}}
    figures.shown.surfaces: the recipe of 'digits/deep/sgd-seed0' does not keep its way
"""


@pytest.mark.parametrize(("change", "said"), studies.cases(FAULTS))
def test_what_is_known_of_trained_runs_alone_is_refused(change, said):
    if "figures.shown.rows.2" in change:
        row = change.pop("figures.shown.rows.2")
        rows = studies.tiny()["figures"]["shown"]["rows"]
        change["figures.shown.rows"] = [*rows, row]

    assert said_of(change) == [said]


def test_a_given_run_is_neither_kept_nor_scheduled():
    said = said_of({"recipes.sgd": given(keep={"every": 1})})

    assert len(said) == 1
    assert said[0].startswith("recipes.sgd: Additional") or "keep" in said[0]


def test_a_path_without_a_seed_is_of_one_seed():
    path = {"recipes.sgd.weights": {"path": "net.pt"}}
    lines = {"plane": "between", "runs": ["digits/deep/sgd-seed0"]}

    assert said_of(path) == []
    assert said_of(path | {"figures.shown.rows.0.lines": lines}) == [
        "recipes.sgd.weights.path: one file for seeds 0, 1; needs {seed}"
    ]


def test_a_profile_on_augmented_images_needs_to_know_the_augmentation():
    pair = "digits/deep/sgd-seed0--sgd-seed1"
    row = {"profiles": {"curves": ["way"], "pairs": [pair], "measure": "train_loss"}}
    changes = {
        "recipes.sgd.weights.path": "{seed}.pt",
        "figures.shown.rows": [row],
        "curves": {"way": {"shape": {"segment": {}}, "points": 3}},
    }

    assert said_of(changes) == []
    assert said_of(changes | {"curves.way.augmented": True}) == [
        "figures.shown.profiles: curve 'way' is of images augmented as in training, "
        f"and '{pair.partition('--')[0]}' was not trained here"
    ]


def test_the_file_of_a_run_has_its_names():
    named = {"dataset": "digits", "model": "deep", "recipe": "sgd", "seed": "3"}

    assert study.given(given(), named) == "digits-deep-3.pt"
    assert study.given({"weights": {"path": "{seed:0>4}.pt"}}, named) == "0003.pt"
