"""What receipts tell is summed and linked as it stands in them."""

import numpy as np
import pytest

from losslandscape import steps


def job(rule: str, output: str, *needed: str, minute: int = 1, **more) -> dict:
    return {
        "rule": rule,
        "receipt": f"results/made/{output}.receipt.json",
        "inputs": {f"results/made/{path}": {} for path in needed},
        "outputs": {f"results/made/{output}": {"sha256": output}},
        "wildcards": {"dataset": "d", "model": "m", "recipe": "r", "seed": "3"},
        "params": {"code": "aa", "net": "bb", "grid": {"points": 5}},
        "device": {"name": "cpu"},
        "code": {"commit": "c" * 40, "clean": False},
        "host": {"name": "node", "peak_memory_mb": 100 * minute},
        "threads": 2,
        "start": "2026-01-01T00:00:00.000+00:00",
        "end": f"2026-01-01T00:{minute:02}:00.500+00:00",
    } | more


JOBS = [
    job("figure", "a.png", "s.h5"),
    job("figure", "b.png", "s.h5", "w"),
    job("surface", "s.h5", "w", minute=4),
    job("train", "w", minute=10, device={"name": "cuda", "model": "A card"}),
]


def test_a_trace_leads_from_the_first_job_to_the_item_as_seen_from_the_page():
    told = steps.told(
        JOBS, ["results/made/a.png", "results/made/b.png"], "results/made"
    )

    rules = [told["jobs"][number]["rule"] for number in told["traces"]["a.png"]]
    assert rules == ["train", "surface", "figure"]
    assert told["traces"]["b.png"][:2] == told["traces"]["a.png"][:2]
    assert len(told["jobs"]) == 4
    assert told["jobs"][0]["receipt"] == "w.receipt.json"


def test_behind_some_of_what_an_artifact_stands_on_are_their_jobs_and_its_own():
    jobs = [*JOBS, job("claims", "c.csv", "s.h5", "w"), job("line", "l.h5", "w")]
    made = [f"results/made/{name}" for name in ("a.png", "l.h5", "w", "c.csv")]
    told = steps.told(jobs, made, "results/made")

    found = steps.behind(told["traces"], "c.csv", ["w", "l.h5"])

    assert [told["jobs"][k]["rule"] for k in found] == ["train", "line", "claims"]


def test_an_artifact_without_a_receipt_has_no_trace():
    with pytest.raises(KeyError, match=r"drawn\.png"):
        steps.told(JOBS, ["drawn.png"], ".")


def test_a_step_says_seed_parameters_code_commit_machine_and_hash():
    step = steps.step(JOBS[3])

    assert (step["seed"], step["params"]) == ("3", '{"grid": {"points": 5}}')
    assert (step["code"], step["clean"]) == ("aa bb", False)
    assert step["machine"] == "cuda (A card) of node"
    assert step["seconds"] == 600.5
    assert step["made"] == {"results/made/w": "w"}


def test_costs_are_sums_of_the_receipts_by_rule_and_in_all():
    costs = {row["rule"]: row for row in steps.costs(JOBS)}

    assert list(costs) == ["train", "surface", "figure", "all"]
    assert costs["figure"]["jobs"] == 2
    assert costs["figure"]["seconds"] == pytest.approx(2 * 60.5)
    assert costs["surface"]["cpu_hours"] == pytest.approx(2 * 240.5 / 3600)
    assert costs["train"]["gpu_hours"] == pytest.approx(600.5 / 3600)
    assert costs["all"]["gpu_hours"] == pytest.approx(600.5 / 3600)
    assert costs["all"]["seconds"] == pytest.approx(2 * 60.5 + 240.5 + 600.5)
    assert costs["all"]["memory_mb"] == 1000


def test_a_run_is_told_with_where_its_history_ends(tmp_path):
    history = tmp_path / "history.csv"
    history.touch()
    recipe = {"epochs": 7, "batch_size": 16, "weight_decay": 1e-4}
    recipe |= {"optimiser": {"adam": {"learning_rate": 0.01}}}
    trained = job("trajectory", "w", params={"recipe": recipe})
    trained["outputs"] = {str(history): {"sha256": ""}}
    read = {name: np.array([9.0, k]) for k, name in enumerate(("test_error",), 5)}

    (row,) = steps.runs([JOBS[0], trained], lambda path: read)

    assert (row["run"], row["epochs"], row["batch"]) == ("d/m/r-seed3", 7, 16)
    assert (row["optimiser"], row["test_error"]) == ("adam, 0.01", 5)
    assert row["train_loss"] is None

    history.unlink()
    (row,) = steps.runs([trained], lambda path: read)
    assert row["test_error"] is None


def test_a_run_of_given_weights_is_told_as_one(tmp_path):
    recipe = {"epochs": 9, "weights": {"path": "a.pt"}, "weight_decay": 0}
    made = job("given", "w", params={"recipe": recipe})
    made["outputs"] = {str(tmp_path / "history.csv"): {"sha256": ""}}

    (row,) = steps.runs([made], lambda path: {})

    assert (row["epochs"], row["batch"]) == (9, "")
    assert row["optimiser"] == "trained elsewhere"
