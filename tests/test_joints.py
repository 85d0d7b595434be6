"""Studies with one fault each in what joins runs: starts, curves and ensembles."""

from copy import deepcopy

import pytest

import studies
from losslandscape import references

RUN = "digits/deep/long-seed0"
PAIR = "digits/deep/long-seed0--long-seed1"
RATE = {"learning_rate": 0.1}
LOSS = {"measure": "train_loss"}

# What has every joint once, and no fault.
JOINED = {
    "recipes.long": {
        "epochs": 4,
        "batch_size": 128,
        "optimiser": {"sgd": RATE},
        "keep": {"at": [2]},
    },
    "recipes.fast": {
        "start": {"recipe": "long", "epoch": 2},
        "epochs": 2,
        "batch_size": 128,
        "optimiser": {"sgd": RATE},
        "schedule": {"triangle": {"cycle": 1, "factor": 0.1}},
        "keep": {"members": {}},
    },
    "curves": {
        "segment": {"shape": {"segment": {}}, "points": 3},
        "arch": {"shape": {"bezier": {"recipe": "sgd"}}, "points": 3},
        "chain": {"shape": {"members": {}}, "points": 3},
    },
    "ensembles": {"voting": {"recipes": ["fast"], "seeds": [0, 1], "budget": 4}},
    "planes.coarse.directions": {
        "triangle": {"to": ["digits/deep/long-seed1", f"{PAIR}/arch"]}
    },
    "planes.coarse.batchnorm": "re-estimated",
    "figures.shown.rows": [
        {"profiles": {"curves": ["segment", "arch"], "pairs": [PAIR]} | LOSS},
        {"profiles": {"curves": ["chain"], "runs": ["digits/deep/fast-seed0"]} | LOSS},
        {"budgets": {"ensembles": ["digits/deep/voting"]}},
        {"planes": {"plane": "fine", "runs": [RUN]}},
        {"cycles": {"runs": ["digits/deep/fast-seed0"], "value": "lr"}},
    ],
    "tables": {
        "table": {
            "shows": {
                "curves": {
                    "curves": ["arch"],
                    "pairs": [PAIR],
                    "printed": {f"{PAIR}/arch": {}, f"{PAIR}/single": {}},
                }
            }
        }
    },
}


def said_of(change: dict) -> list[str]:
    """What is said of the joined study with a change."""
    return list(references.broken(studies.tiny(deepcopy(JOINED) | change)))


def test_a_sound_joint_has_no_fault():
    assert said_of({}) == []


def test_a_run_may_go_on_from_the_end_of_one_whose_epochs_are_no_multiple():
    kept = {"epochs": 4, "keep": {"every": 3}}
    long = JOINED["recipes.long"] | kept
    for epoch, is_kept in ((0, True), (1, False), (3, True), (4, True)):
        start = {"recipes.fast.start": {"recipe": "long", "epoch": epoch}}
        budget = {"ensembles": {}, "figures.shown.rows": []}

        said = said_of({"recipes.long": long, "tables": {}} | start | budget)

        assert any("does not keep epoch" in line for line in said) != is_kept


FAULTS = """
recipes.fast.start.recipe: shirt
    recipes.fast.start: recipes has no 'shirt'
recipes.fast.start.epoch: 1
    recipes.fast.start: 'long' does not keep epoch 1
recipes.long.keep.at: [2, 6]
    nothing
curves.arch.shape.bezier.recipe: sgf
    curves.arch.shape.bezier.recipe: recipes has no 'sgf'
curves.arch.shape.bezier.recipe: long
    curves.arch.shape.bezier.recipe: 'long' may neither keep nor start
ensembles.voting.recipes: [quick]
    ensembles.voting.recipes: recipes has no 'quick'
ensembles.voting.budget: 3
    ensembles.voting.budget: its recipes take 4 epochs, more than 3
ensembles.voting.recipes: [fast, adam]
    ensembles.voting.budget: its recipes take 6 epochs, more than 4
figures.shown.rows.0.profiles.curves: [bow]
    figures.shown.profiles: curves has no 'bow'
figures.shown.rows.0.profiles.curves: [chain]
    figures.shown.profiles: curve 'chain' leads through the members of runs, not pairs
figures.shown.rows.1.profiles.curves: [arch]
    figures.shown.profiles: curve 'arch' joins pairs of runs
figures.shown.rows.1.profiles.runs: [digits/deep/long-seed0]
    figures.shown.profiles: the recipe of 'digits/deep/long-seed0' keeps no members
figures.shown.rows.1.profiles.runs: null
    figures.shown.profiles: needs pairs, or runs that keep members
figures.shown.rows.0.profiles.votes: true
    figures.shown.profiles.votes: is for test_error, not train_loss
figures.shown.rows.0.profiles.scaled: true
    figures.shown.profiles.scaled: is for test_loss, not train_loss
figures.shown.rows.1.profiles.measure: pair_error
    figures.shown.profiles: a chain through members has neither votes nor pairs
recipes.fast.schedule.triangle.cycle: 2
    figures.shown.profiles: 'digits/deep/fast-seed0' keeps one member alone
recipes.fast.evaluate_every: 2
    figures.shown.cycles: the recipe of 'digits/deep/fast-seed0' skips epochs
figures.shown.rows.4.cycles.runs: [digits/deep/long-seed0]
    figures.shown.cycles: the recipe of 'digits/deep/long-seed0' keeps no members
figures.shown.rows.0.profiles.pairs: [digits/deep/sgd-seed1--sgd-seed1]
    figures.shown.profiles: 'digits/deep/sgd-seed1--sgd-seed1' joins a run to itself
figures.shown.rows.0.profiles.pairs: [digits/deep/sgd-seed1--rms-seed1]
    figures.shown.profiles: run 'digits/deep/rms-seed1': recipes has no 'rms'
figures.shown.rows.2.budgets.ensembles: [digits/deep/vote]
    figures.shown.budgets: 'digits/deep/vote': ensembles has no 'vote'
figures.shown.rows.2.budgets.single: digits/deap/voting
    figures.shown.budgets: 'digits/deap/voting': models has no 'deap'
planes.coarse.directions: {random: {}}
    figures.shown.planes: draws a plane through three places, which 'fine' is not
planes.coarse.directions.triangle.to.1: digits/deep/long-seed0--long-seed1/bow
    planes.coarse.directions: curves has no 'bow'
planes.coarse.directions.triangle.to.1: digits/deep/long-seed0--long-seed1/segment
    planes.coarse.directions: curve 'segment' has no bend
planes.coarse.directions.triangle.to.1: digits/deep/long-seed0
    figures.shown.planes: the direction from 'digits/deep/long-seed0' leads to itself
planes.coarse.directions.triangle.to.1: digits/deep/sgd-seed1--sgd-seed1/arch
    planes.coarse.directions: 'digits/deep/sgd-seed1--sgd-seed1' joins a run to itself
tables.table.shows.curves.printed: {digits/deep/arch: {}}
    tables.table.curves.printed: the table has no row of 'digits/deep/arch'
"""


@pytest.mark.parametrize(("change", "said"), studies.cases(FAULTS))
def test_a_fault_of_a_joint_is_told_with_its_place(change, said):
    assert said_of(change) == ([] if said == "nothing" else [said])


def test_the_nets_of_an_ensemble_see_the_same_images():
    few = {"recipes.fast.images": {"train": 10, "test": 10}}
    both = {"ensembles.voting.recipes": ["fast", "sgd"], "ensembles.voting.budget": 9}

    assert said_of(few | both) == [
        "ensembles.voting.recipes: they are trained and tested on different images"
    ]


def test_widths_are_of_families_that_have_one():
    pair = PAIR.replace("deep", "dense")

    def of(path: str) -> dict:
        row = {"widths": {"curves": ["arch"], "pairs": [path]}}
        return {"figures.shown.rows": [row]}

    assert said_of(of(PAIR)) == []
    assert said_of(of(pair)) == [
        f"figures.shown.widths: the model of '{pair}' has no width"
    ]


def test_starts_that_lead_back_are_refused():
    back = {"recipe": "fast", "epoch": 1}

    said = said_of({"recipes.long.start": back, "recipes.fast.keep": {"every": 1}})

    assert "recipes.long.start: leads back to 'long'" in said
    assert "recipes.fast.start: leads back to 'fast'" in said


@pytest.mark.parametrize("changed", ["recipes.long.weight_decay", "recipes.sgd.images"])
def test_bends_are_trained_as_their_ends(changed):
    value = 0.1 if changed.endswith("decay") else {"train": 9, "test": 9}

    said = said_of({changed: value, "ensembles": {}, "figures.shown.rows.2": None})

    key = changed.rpartition(".")[2]
    differ = f"ends and bends of '{PAIR}/arch' differ in {key}"
    assert said == [
        f"figures.shown.profiles: {differ}",
        f"tables.table.curves: {differ}",
    ]


PLAIN = ({"convnet": {}}, {"vgg": {"plan": "vgg16", "width": 0.5}})
OTHERS = (
    {"vgg": {"plan": "vgg9"}},
    {"preresnet": {"depth": 11}},
    {"resnet": {"depth": 8}},
)


@pytest.mark.parametrize("model", [*PLAIN, *OTHERS])
def test_the_trivial_curve_is_of_plain_nets_alone(model):
    said = said_of({"models.deep": model, "curves.segment.shape": {"shrinking": {}}})

    fault = f"'{PAIR}' is no chain of ReLU layers without batch norm"
    assert said == ([] if model in PLAIN else [f"figures.shown.profiles: {fault}"])


def test_ensembles_of_one_net_have_equal_budgets_and_seeds():
    row = {"budgets": {"ensembles": ["digits/deep/voting", "digits/deep/other"]}}
    voting = JOINED["ensembles"]["voting"]
    other = {"figures.shown.rows": [row], "ensembles.voting": voting}

    for change in ({"budget": 5}, {"seeds": [0]}):
        assert said_of(other | {"ensembles.other": voting | change}) == [
            "figures.shown.budgets: "
            "ensembles of 'digits/deep' differ in budget or number of seeds"
        ]
    assert said_of(other | {"ensembles.other": voting | {"seeds": [3, 4]}}) == []


def test_a_printed_number_is_of_a_column():
    told = {
        f"{PAIR}/arch": {"eror_max": 1, "loss_max": 1, "tag": "P", "source": "here"}
    }

    assert said_of({"tables.table.shows.curves.printed": told}) == [
        "tables.table.curves.printed: the table has no column 'eror_max'"
    ]


def test_a_triangle_is_of_one_net():
    other = "digits/dense/long-seed0"

    assert said_of({"planes.coarse.directions.triangle.to.0": other}) == [
        f"figures.shown.planes: no direction leads from '{RUN}' to '{other}'"
    ]
