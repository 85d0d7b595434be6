"""What ensembles cost, worked out by hand."""

from losslandscape import accounts


def budgets(**recipes: dict) -> dict:
    """A config of one ensemble `all` of these recipes, with two seeds."""
    names = [name for name, recipe in recipes.items() if "unused" not in recipe]
    entry = {"recipes": names, "seeds": [3, 5], "budget": 200}
    return {"recipes": recipes, "ensembles": {"all": entry}}


LONG = {"epochs": 200, "keep": {"at": [120, 156]}, "unused": True}


def test_ordinary_runs_cost_their_epochs():
    config = budgets(sgd={"epochs": 200})

    legs = accounts.legs(config, "all")
    assert accounts.cost(legs) == 200
    assert [(leg["seed"], leg["budget"]) for leg in legs] == [(3, 0), (5, 1)]
    assert [leg["spent"] for leg in legs] == [0, 0]


def test_two_starts_from_one_run_are_charged_for_it_once():
    members = {"epochs": 22, "keep": {"members": {}}}
    config = budgets(
        long=LONG,
        early=members | {"start": {"recipe": "long", "epoch": 120}},
        late=members | {"start": {"recipe": "long", "epoch": 156}},
    )

    legs = accounts.legs(config, "all")

    # Section 5: 156 + 22 + 22 = 200.
    assert accounts.cost(accounts.legs(config, "all")) == 200
    assert [leg["spent"] for leg in legs] == [156, 178, 156, 178]
    assert all(leg["keeps"] for leg in legs)


def test_starts_from_two_runs_are_charged_for_both():
    config = budgets(
        long=LONG,
        other=LONG,
        one={"epochs": 10, "start": {"recipe": "long", "epoch": 120}},
        two={"epochs": 5, "start": {"recipe": "other", "epoch": 156}},
    )

    assert accounts.cost(accounts.legs(config, "all")) == 120 + 156 + 15


def test_a_start_of_a_start_is_charged_for_as_well():
    config = budgets(
        long=LONG | {"epochs": 100},
        middle={"epochs": 4, "unused": True, "start": {"recipe": "long", "epoch": 100}},
        last={"epochs": 4, "start": {"recipe": "middle", "epoch": 4}},
    )

    assert accounts.cost(accounts.legs(config, "all")) == 108


def test_an_ensemble_is_held_by_what_its_runs_keep_or_end_with():
    config = budgets(sgd={"epochs": 200}, fast={"epochs": 4, "keep": {"members": {}}})

    assert accounts.held(config, "digits/deep/all") == [
        "<results>/digits/deep/sgd-seed3/weights.safetensors",
        "<results>/digits/deep/fast-seed3/trajectory.h5",
        "<results>/digits/deep/sgd-seed5/weights.safetensors",
        "<results>/digits/deep/fast-seed5/trajectory.h5",
    ]


def test_weights_from_elsewhere_cost_what_they_are_said_to_have_cost():
    weights = {"weights": {"path": "{seed}.pt"}}

    free, dear = budgets(theirs=weights), budgets(theirs=weights | {"epochs": 90})

    assert accounts.cost(accounts.legs(free, "all")) == 0
    assert accounts.cost(accounts.legs(dear, "all")) == 90
    assert accounts.held(free, "d/m/all") == [
        f"<results>/d/m/theirs-seed{seed}/weights.safetensors" for seed in (3, 5)
    ]
