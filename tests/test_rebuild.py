"""Samples, machines and limits, on made-up receipts and files."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from losslandscape import rebuild, store

HERE = {
    "device": {"name": "cpu", "deterministic": True},
    "host": {"cpu": "EPYC", "instructions": "AVX2"},
    "software": {"torch": "2.15.0"},
}


def told(name: str, rule: str = "shard") -> dict:
    """The receipt of a job that made one file."""
    return {
        **HERE,
        "rule": rule,
        "receipt": f"{name}.receipt.json",
        "outputs": {name: {"sha256": name, "bytes": 1}},
    }


ALL = [
    told(f"{k}{ending}") for ending in (".png", ".h5", ".safetensors") for k in range(9)
]


def test_a_sample_has_each_kind_in_turn_and_follows_from_its_seed():
    chosen = rebuild.sample(ALL, 6, 0)

    kinds = [Path(each["receipt"]).name.split(".")[1] for each in chosen]
    # A fourth kind is not there: any other will do.
    assert kinds[:3] == ["png", "h5", "safetensors"]
    assert kinds[4:] == ["png", "h5"]
    assert rebuild.sample(ALL[::-1], 6, 0) == chosen
    assert rebuild.sample(ALL, 6, 1) != chosen


def test_a_sample_is_no_larger_than_what_there_is_and_names_none_twice():
    chosen = rebuild.sample(ALL, 100, 0)

    assert Counter(each["receipt"] for each in chosen) == Counter(
        each["receipt"] for each in ALL
    )


def test_what_is_made_of_receipts_is_no_choice():
    page = told("index.png", "gallery")

    assert rebuild.sample([*ALL, page], 100, 0) == rebuild.sample(ALL, 100, 0)
    assert rebuild.sample([page], 1, 0) == []


def test_every_job_comes_up_by_some_seed():
    seen = {rebuild.sample(ALL, 2, seed)[1]["receipt"] for seed in range(100)}

    assert seen == {f"{k}.h5.receipt.json" for k in range(9)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"software": {"torch": "2.16.0"}}, ["torch 2.16.0, here 2.15.0"]),
        ({"host": {"cpu": "Xeon"}}, ["CPU Xeon, here EPYC"]),
        ({"host": {"instructions": "AVX512"}}, ["instructions AVX512, here AVX2"]),
        ({"host": {}}, []),
        ({"device": {"name": "cpu"}, "host": {"cpu": "Xeon"}}, []),
        (
            {"device": {"name": "cuda", "model": "H200", "deterministic": "warn"}},
            ["GPU H200, here None"],
        ),
    ],
)
def test_where_machines_differ_is_said(change, said):
    assert rebuild.elsewhere(told("a") | change, HERE) == said


def test_other_bytes_are_named():
    then = told("a")
    now = told("a") | {"outputs": {"a": {"sha256": "b", "bytes": 1}}}

    assert rebuild.other_bytes(then, then) == []
    assert rebuild.other_bytes(then, now) == ["a"]
    assert rebuild.other_bytes(then, now | {"outputs": {}}) == ["a"]


def test_downloads_are_those_of_cifar():
    def fetched(source):
        return told("a", "dataset") | {"params": {"source": source}}

    assert rebuild.is_downloaded(fetched({"cifar10": {}}))
    assert not rebuild.is_downloaded(fetched({"digits": {}}))
    assert not rebuild.is_downloaded(told("a") | {"params": {}})


def test_nets_are_not_compared_between_machines():
    kinds = {
        rule: rebuild.is_comparable(told("a", rule)) for rule in ("line", "figure")
    }

    assert kinds == {"line": True, "figure": True}
    assert not rebuild.is_comparable(told("a", "train"))


LOSSES = np.array([1e-9, 1.0, 1e5, np.inf])
ERRORS = np.array([0.0, 10.0, 90.0, 90.0])


def distance(folder: Path, losses=LOSSES, errors=ERRORS, **terms) -> dict:
    """How far a line is from the one of LOSSES and ERRORS."""
    terms = {"train_images": 50} | terms
    for name, loss, error in (("a", LOSSES, ERRORS), ("b", losses, errors)):
        arrays = {"train_loss": loss, "train_error": error}
        store.save(folder / f"{name}.h5", arrays, **terms)
    return rebuild.distances("line", folder / "a.h5", folder / "b.h5")


def test_distances_are_relative_to_losses_down_to_a_hundredth(tmp_path):
    limit = rebuild.LIMITS["line"]

    assert distance(tmp_path) == {"train_loss": 0, "train_error": 0}
    far = distance(tmp_path, np.add(LOSSES, [0, 0, 1e5 * limit / 2, 0]))
    assert far["train_loss"] == pytest.approx(0.5, rel=1e-3)
    far = distance(tmp_path, np.add(LOSSES, [0.02 * limit, 0, 0, 0]))
    assert far["train_loss"] == pytest.approx(2)
    far = distance(tmp_path, np.add(LOSSES, [0, limit, 0, 0]), precision_limit=limit)
    assert far["train_loss"] == pytest.approx(0.5, rel=1e-3)


def test_one_image_may_be_on_the_other_side_but_not_two(tmp_path):
    assert distance(tmp_path, errors=np.add(ERRORS, [2, 0, 0, 0]))["train_error"] < 1
    assert distance(tmp_path, errors=np.add(ERRORS, [0, 4, 0, 0]))["train_error"] > 1


@pytest.mark.parametrize("losses", [np.full(4, np.nan), np.ones(4)])
def test_what_is_finite_on_one_machine_alone_is_too_far(tmp_path, losses):
    far = distance(tmp_path, losses)["train_loss"]

    assert not far <= 1


def test_an_array_that_is_missing_is_too_far(tmp_path):
    store.save(tmp_path / "a.h5", {"x": np.ones(2)})
    store.save(tmp_path / "b.h5", {})

    found = rebuild.distances("line", tmp_path / "a.h5", tmp_path / "b.h5")

    assert found == {"x": np.inf}


def test_what_is_no_share_of_images_is_compared_as_losses_are(tmp_path):
    terms = {"loss": "mean squared error; errors are absolute error in km"}
    errors = np.add(ERRORS, [0, 10 * rebuild.LIMITS["line"], 0, 0])

    found = distance(tmp_path, errors=errors, **terms)

    assert found["train_error"] == pytest.approx(1, rel=1e-2)
