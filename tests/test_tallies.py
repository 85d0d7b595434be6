"""Rows of tables of curves and of ensembles, worked out by hand."""

import numpy as np
import pytest

from losslandscape import tables, tallies

# A curve that is twice as fast on its second half.
PROFILE = {
    "t": np.array([0.0, 0.5, 1.0]),
    "length": np.array([0.0, 1.0, 3.0]),
    "distance": np.array(2.0),
    "regularised_loss": np.array([0.4, 1.0, 0.2]),
    "train_error": np.array([1.0, 5.0, 2.0]),
    "test_error": np.array([6.0, 10.0, 4.0]),
    "disagreement": np.array([0.0, 8.0, 12.0]),
    "ensemble_error": np.array(3.0),
    "ensemble_error_scaled": np.array(2.5),
}


def test_a_mean_is_over_t_and_an_integral_over_the_length():
    row = tallies.curve(PROFILE)

    assert row["length_ratio"] == 1.5
    assert [row[f"loss_{name}"] for name in ("min", "max")] == [0.2, 1.0]
    # Trapezia of width 1/2 and 1/2; of width 1 and 2, over 3.
    assert row["loss_mean"] == pytest.approx((0.7 + 0.6) / 2)
    assert row["loss_int"] == pytest.approx((1 * 0.7 + 2 * 0.6) / 3)
    assert row["test_error_int"] == pytest.approx((1 * 8 + 2 * 7) / 3)
    assert (row["ensemble_error"], row["ensemble_error_scaled"]) == (3.0, 2.5)
    assert (row["ends_disagreement"], row["ends_distance"]) == (12, 2)


def test_the_ends_have_a_lesser_and_a_greater_and_nothing_between():
    row = tallies.single(PROFILE)

    assert (row["loss_min"], row["loss_max"]) == (0.2, 0.4)
    assert (row["test_error_min"], row["test_error_max"]) == (4.0, 6.0)
    assert row["loss_mean"] is row["length_ratio"] is row["ensemble_error"] is None
    assert list(row) == list(tallies.curve(PROFILE))


def column(**values: list) -> dict[str, np.ndarray]:
    return {name: np.array(each, float) for name, each in values.items()}


# Two members a seed, three seeds.
VOTES = column(
    spent=[0.9, 1.0, 1.9, 2.0, 2.9, 3.0],
    error=[9, 8, 7, 9, 8, 7],
    own_error=[9, 6, 7, 5, 8, 4],
    ensemble_error=[9, 6, 5.5, 4.5, 4, 3],
    step=[np.nan, 2, np.nan, 4, np.nan, 6],
    disagreement=[np.nan, 10, 20, 12, 20, 11],
    cost=[1] * 6,
)


def test_one_budget_is_a_mean_over_seeds_and_more_are_of_all_members():
    row = tallies.ensemble(VOTES, budgets=3)

    assert row["members"] == 6
    assert row["error_1"] == 5
    assert row["error_1_sd"] == 1
    assert (row["error_2"], row["error_3"]) == (4.5, 3)
    assert row["member_error"] == 8
    assert (row["distance"], row["cost"]) == (4, 1)
    # Of members of one budget alone.
    assert row["disagreement"] == 11


def test_members_of_different_budgets_disagree_where_each_budget_has_one():
    alone = {name: values[1::2] for name, values in VOTES.items()}

    assert tallies.ensemble(alone, 3)["disagreement"] == pytest.approx(11)


def test_a_single_budget_has_no_deviation_and_no_more():
    one = {name: values[:2] for name, values in VOTES.items()}

    row = tallies.ensemble(one, budgets=2)

    assert (row["error_1"], row["error_1_sd"], row["error_2"]) == (6, None, None)


def test_budgets_are_counted_by_what_was_spent():
    cheap = VOTES | column(spent=[0.5, 0.75, 1.5, 1.75, 2.5, 2.75])

    assert tallies.budgets(cheap) == 3
    assert tallies.ensemble(cheap, 3)["error_3"] == 3


def test_printed_numbers_stand_in_columns_of_their_own():
    told = [{"error_1": 27.4, "tag": "P", "source": "table 1"}, {}]

    assert tallies.printed(told) == [
        {"paper_error_1": 27.4, "tag": "P", "source": "table 1"},
        {"paper_error_1": None, "tag": None, "source": None},
    ]


def test_a_table_of_curves_begins_each_pair_with_its_ends():
    rows, summary = tables.made(
        {
            "curves": {
                "printed": {"pair/arch": {"loss_max": 1, "tag": "P", "source": ""}}
            }
        },
        runs=[
            {"run": path, "group": f"{path}/{curve}", "label": "net"}
            | {"curve": curve, "roles": ["profile"]}
            for path in ("pair", "other")
            for curve in ("arch", "chain")
        ],
        loaded=[PROFILE] * 4,
    )

    assert [row["curve"] for row in rows] == ["Single", "arch", "chain"] * 2
    assert [row["paper_loss_max"] for row in rows] == [None, 1, *[None] * 4]
    assert "trapez" not in summary["columns"]["loss_int"]
    assert summary["columns"]["paper_loss_max"].startswith("In the paper")


def test_a_table_of_ensembles_has_as_many_budgets_as_the_longest():
    one = {name: values[:2] for name, values in VOTES.items()}
    runs = [
        {"run": name, "group": name, "label": name, "roles": ["ensemble"]}
        for name in ("three", "one")
    ]

    rows, _ = tables.made({"ensembles": {"printed": {}}}, runs, [VOTES, one])

    assert [row["error_3"] for row in rows] == [3, None]
