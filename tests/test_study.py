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


def test_a_road_lies_in_the_plane_of_its_ends_and_its_one_bend():
    other = "digits/deep/adam-seed12"
    to = {"triangle": {"to": [other, f"{PAIR}/arch"]}}
    curves = {"arch": {"shape": {"bezier": {"recipe": "sgd"}}}}
    config = studies.tiny({"planes.coarse.directions": to, "curves": curves})

    assert study.road(config, "finest", FIRST) == "bezier"
    assert study.road(config, "finest", "digits/deep/sgd-seed7") is None
    config["curves"]["arch"]["shape"]["bezier"]["bends"] = 2
    assert study.road(config, "finest", FIRST) is None


def test_the_files_of_a_users_own_are_found_wherever_they_are_named():
    own = {"file": "nets.py", "name": "Net", "options": {"own": "words"}}
    config = {"models": {"a": {"own": own}, "own": {"resnet": {"depth": 8}}}}
    config["datasets"] = {"b": {"source": {"own": {"file": "data.py"}}}}
    config["figures"] = {"c": {"rows": [{"own": {"file": "rows.py"}}, "own"]}}

    assert set(study.own_files(config)) == {"nets.py", "data.py", "rows.py"}


AXES = [
    {"eigenvector": {}},
    {"run": "digits/deep/sgd-seed1"},
    {"principal": {}},
    {"run": "digits/deep/sgd-seed0--sgd-seed1/arch"},
]


@pytest.mark.parametrize("kind", ["axes", "orthogonal"])
def test_axes_by_name_lead_where_each_of_them_leads(kind):
    planes = {"p": {"directions": {kind: AXES}}, "q": {"refines": "p"}}

    assert study.named(planes["p"]["directions"]) == AXES
    assert study.places(planes, "q") == [AXES[1]["run"], AXES[3]["run"]]
    assert study.ends(planes, "q") == [AXES[1]["run"]]
    assert study.needs_trajectory(planes, "q")
    assert [study.is_measured(axis) for axis in AXES] == [True, False, False, False]


def test_directions_of_a_kind_have_no_axes_by_name():
    planes = studies.tiny()["planes"]

    assert study.named(planes["coarse"]["directions"]) == []
    assert not study.needs_trajectory(planes, "fine")
    assert study.coordinates(planes["fine"]) == ["x", "y"]
    assert study.coordinates({"z": {}, "y": {}, "x": {}}) == ["x", "y", "z"]
