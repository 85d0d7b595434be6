"""What was asked of a job beside what is asked now, where they differ in one thing."""

import pytest

from losslandscape import recipes

RECIPE = {"epochs": 2, "optimiser": {"sgd": {}}, "at": [5, 7], "seed": 3}
JOB = {
    "rule": "train",
    "wildcards": {"recipe": "sgd", "seed": "0", "last": "1"},
    "params": {"code": "1", "net": "2", "recipe": RECIPE, "images": {"seed": 4}},
    "inputs": ["digits.h5"],
}


def test_nested_parameters_are_told_by_paths_and_empty_ones_stay():
    assert dict(recipes.flat({"recipe": RECIPE, "axes": []})) == {
        "recipe.epochs": 2,
        "recipe.optimiser.sgd": {},
        "recipe.at.0": 5,
        "recipe.at.1": 7,
        "recipe.seed": 3,
        "axes": [],
    }


def test_seeds_are_those_of_the_runs_and_of_all_that_is_drawn():
    assert recipes.seeds(JOB["wildcards"], JOB["params"]) == {
        "seed": 0,
        "last": 1,
        "recipe.seed": 3,
        "images.seed": 4,
    }


def test_the_same_recipe_has_no_differences():
    # A receipt has the inputs as a mapping.
    assert recipes.differences(JOB | {"inputs": {"digits.h5": {}}}, JOB) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "3"}, ["the step's code has changed"]),
        ({"net": "3"}, ["the code of its net has changed"]),
        ({"net": None}, ["the code of its net has changed"]),
        ({"recipe": RECIPE | {"epochs": 3}}, ["recipe.epochs was 2, is 3"]),
        ({"recipe": RECIPE | {"epochs": 2.5}}, ["recipe.epochs was 2, is 2.5"]),
        ({"recipe": RECIPE | {"at": [5]}}, ["recipe.at.1 was 7, is null"]),
        (
            {"recipe": RECIPE | {"optimiser": {"adam": {}}}},
            [
                "recipe.optimiser.sgd was {}, is null",
                "recipe.optimiser.adam was null, is {}",
            ],
        ),
    ],
)
def test_each_parameter_that_differs_is_named(change, said):
    now = JOB | {"params": JOB["params"] | change}

    assert recipes.differences(JOB, now) == said
