"""What the names in a sound study mean."""

import pytest

import studies
from losslandscape import study

FIRST, SECOND = "digits/deep/sgd-seed0", "digits/dense/adam-seed12"


@pytest.mark.parametrize("name", ["coarse", "fine", "finest"])
def test_a_plane_spans_what_it_refines_in_the_end(name):
    assert study.spanned(studies.tiny()["planes"], name) == "coarse"


def test_a_line_of_differences_ends_where_they_lead():
    planes = studies.tiny()["planes"]

    assert study.ends(planes, "between") == ["digits/deep/sgd-seed1"]
    assert study.ends(planes, "finest") == []


@pytest.mark.parametrize(("every", "nets"), [(None, 0), (1, 6), (2, 4), (3, 3), (5, 2)])
def test_the_nets_that_a_run_keeps_are_counted(every, nets):
    changes = {"recipes.sgd.epochs": 5, "recipes.sgd.keep": {"every": every}}
    if every is None:
        del changes["recipes.sgd.keep"]

    assert study.kept(studies.tiny(changes), FIRST) == nets


def test_a_run_is_looked_up_part_by_part():
    assert study.run(SECOND, studies.tiny()) == {
        "dataset": "digits",
        "model": "dense",
        "recipe": "adam",
        "seed": "12",
    }


def test_a_name_leads_to_the_figures_and_tables_that_have_it_or_its_paper():
    rows = {"rows": []}
    config = {
        "figures": {"one": rows | {"paper": "li"}, "two": rows, "flat": rows},
        "tables": {"flat": {"paper": "li"}},
    }

    assert study.targets(config) == {
        "one": {"figures": ["one"], "tables": []},
        "two": {"figures": ["two"], "tables": []},
        "flat": {"figures": ["flat"], "tables": ["flat"]},
        "li": {"figures": ["one"], "tables": ["flat"]},
    }


PAIR = "digits/deep/sgd-seed0--adam-seed12"


def test_a_pair_is_two_runs_of_one_net_and_a_place_may_be_between():
    assert study.pair(PAIR) == [FIRST, "digits/deep/adam-seed12"]
    assert study.pair(f"{PAIR}/arch") == study.pair(PAIR)
    assert study.weights_of(FIRST) == f"<results>/{FIRST}/weights.safetensors"
    assert (
        study.weights_of(f"{PAIR}/arch") == f"<results>/{PAIR}/arch/bends.safetensors"
    )


def test_a_triangle_ends_at_runs_and_leads_to_places():
    to = ["digits/deep/sgd-seed1", f"{PAIR}/arch"]
    planes = studies.tiny({"planes.coarse.directions": {"triangle": {"to": to}}})[
        "planes"
    ]

    assert study.places(planes, "finest") == to
    assert study.ends(planes, "finest") == to[:1]


def test_an_entry_of_pairs_shows_the_runs_of_both_ends():
    assert study.shown({"pairs": [PAIR], "runs": [SECOND]}) == [
        *(SECOND, FIRST, "digits/deep/adam-seed12")
    ]


def budgets(**recipes: dict) -> dict:
    """A config of one ensemble `all` of these recipes, with two seeds."""
    names = [name for name, recipe in recipes.items() if "unused" not in recipe]
    entry = {"recipes": names, "seeds": [3, 5], "budget": 200}
    return {"recipes": recipes, "ensembles": {"all": entry}}


LONG = {"epochs": 200, "keep": {"at": [120, 156]}, "unused": True}


def test_ordinary_runs_cost_their_epochs():
    config = budgets(sgd={"epochs": 200})

    assert study.cost(config, "all") == 200
    assert [
        (leg["seed"], leg["budget"], leg["spent"]) for leg in study.legs(config, "all")
    ] == [*((3, 0, 0), (5, 1, 0))]


def test_two_starts_from_one_run_are_charged_for_it_once():
    members = {"epochs": 22, "keep": {"members": {}}}
    config = budgets(
        long=LONG,
        early=members | {"start": {"recipe": "long", "epoch": 120}},
        late=members | {"start": {"recipe": "long", "epoch": 156}},
    )

    legs = study.legs(config, "all")

    # Section 5: 156 + 22 + 22 = 200.
    assert study.cost(config, "all") == 200
    assert [leg["spent"] for leg in legs] == [156, 178, 156, 178]
    assert all(leg["keeps"] for leg in legs)


def test_starts_from_two_runs_are_charged_for_both():
    config = budgets(
        long=LONG,
        other=LONG,
        one={"epochs": 10, "start": {"recipe": "long", "epoch": 120}},
        two={"epochs": 5, "start": {"recipe": "other", "epoch": 156}},
    )

    assert study.cost(config, "all") == 120 + 156 + 15


def test_a_start_of_a_start_is_charged_for_as_well():
    config = budgets(
        long=LONG | {"epochs": 100},
        middle={"epochs": 4, "unused": True, "start": {"recipe": "long", "epoch": 100}},
        last={"epochs": 4, "start": {"recipe": "middle", "epoch": 4}},
    )

    assert study.cost(config, "all") == 108


def test_a_road_lies_in_the_plane_of_its_ends_and_its_one_bend():
    other = "digits/deep/adam-seed12"
    to = {"triangle": {"to": [other, f"{PAIR}/arch"]}}
    curves = {"arch": {"shape": {"bezier": {"recipe": "sgd"}}}}
    config = studies.tiny({"planes.coarse.directions": to, "curves": curves})

    assert study.road(config, "finest", FIRST) == "bezier"
    assert study.road(config, "finest", "digits/deep/sgd-seed7") is None
    config["curves"]["arch"]["shape"]["bezier"]["bends"] = 2
    assert study.road(config, "finest", FIRST) is None


def test_an_ensemble_is_held_by_what_its_runs_keep_or_end_with():
    config = budgets(sgd={"epochs": 200}, fast={"epochs": 4, "keep": {"members": {}}})

    assert study.held(config, "digits/deep/all") == [
        "<results>/digits/deep/sgd-seed3/weights.safetensors",
        "<results>/digits/deep/fast-seed3/trajectory.h5",
        "<results>/digits/deep/sgd-seed5/weights.safetensors",
        "<results>/digits/deep/fast-seed5/trajectory.h5",
    ]
