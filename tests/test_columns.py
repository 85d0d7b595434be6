"""Every column of every table says what it is."""

import json

import numpy as np

from losslandscape import columns, store, tables
from test_tables import (
    ENDS,
    SEEDS,
    SPECTRUM,
    X,
    curvature,
    flatness,
    history,
    run,
    surface,
)

LINE = ("t", "length", "regularised_loss", "train_error", "test_error", "disagreement")
LEVELS = ("distance", "ensemble_error", "ensemble_error_scaled")
PROFILE = dict.fromkeys(LINE, X) | dict.fromkeys(LEVELS, np.array(2.0))
VOTES = (
    "cost",
    "spent",
    "own_error",
    "ensemble_error",
    "error",
    "step",
    "disagreement",
)
BETWEEN = run("cifar/deep/a-seed0--a-seed1", "profile") | {"curve": "bent"}
SEVERAL = run("cifar/deep/several", "ensemble")
MEMBERS = dict.fromkeys(VOTES, np.arange(1.0, 10))


def test_every_column_of_every_table_is_explained_and_can_be_stored(tmp_path):
    made = [
        tables.made({"errors": {}}, SEEDS, ENDS),
        flatness([(8, surface(0.4)), (7, surface(0.2))], "surface"),
        flatness([(8, {"t": X, "train_loss": abs(X)})], "line"),
        tables.made(
            {"curvature": {}},
            [run("cifar/deep/sgd-seed0", "history", "curvature", "spectrum")],
            [history(0.05, 1, 8), curvature(), SPECTRUM],
        ),
        tables.made({"curves": {"printed": {}}}, [BETWEEN], [PROFILE]),
        tables.made({"ensembles": {"printed": {}}}, [SEVERAL], [MEMBERS]),
    ]

    for rows, summary in made:
        store.save_table(tmp_path / "table.csv", rows)
        store.save_summary(tmp_path / "table.json", summary)
        loaded = store.read(tmp_path / "table.csv")
        said = json.loads((tmp_path / "table.json").read_text())["columns"]
        assert loaded.keys() == said.keys()
        assert all(text.endswith(".") for text in said.values())
    shown = {name for rows, _ in made for name in rows[0]}
    assert shown == columns.MEANINGS.keys()


def test_a_column_in_percent_has_that_unit_and_others_have_none():
    told = {name for name, words in columns.MEANINGS.items() if "in %" in words}
    # These say of what they are a deviation, or that they are the same as another.
    told |= {"train_error_sd", "test_error_sd", "error_1_sd", "ensemble_error_scaled"}

    assert {name for name in columns.MEANINGS if columns.unit(name)} == told
    assert columns.unit("paper_test_error") == "%"
    assert columns.unit("paper_loss_max") is None
