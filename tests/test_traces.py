"""A chain in words, on the made-up receipts of a training and a figure."""

import hashlib
from pathlib import Path

import pytest

from losslandscape import traces


def fact(text: str) -> dict:
    return {"sha256": hashlib.sha256(text.encode()).hexdigest(), "bytes": len(text)}


def told(rule: str, inputs: list[str], output: str, **params) -> dict:
    """The receipt of a job that wrote the name of its output into it."""
    return {
        "rule": rule,
        "receipt": f"{output}.receipt.json",
        "wildcards": {"seed": "0"},
        "params": {"code": "12ab", **params},
        "inputs": {path: fact(path) for path in inputs},
        "outputs": {output: fact(output)},
        "code": {"commit": "0123456789abcdef", "clean": True},
        "device": {"name": "cpu"},
        "host": {"name": "there", "cpu": "EPYC", "processor": "x86_64"},
        "start": "2026-11-29T23:59:58.500+00:00",
        "end": "2026-11-30T00:00:01.000+00:00",
    }


RECIPE = {"epochs": 2, "images": {"seed": 7}, "label": "two words"}
JOBS = [
    told("figure", ["weights"], "figure", rows=list(range(100))),
    told("train", ["mine.npz"], "weights", net="34cd", recipe=RECIPE),
]


@pytest.fixture(autouse=True)
def _files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("mine.npz", "weights", "figure"):
        Path(name).write_text(name)


def test_each_step_says_what_it_was_told_where_and_when():
    train = list(traces.lines(JOBS, ["weights"]))

    assert train == [
        "  1  train  from mine.npz",
        "     weights",
        "     recipe.epochs=2  recipe.images.seed=7  recipe.label='two words'",
        "     seeds seed 0, recipe.images.seed 7",
        "     code 12ab 34cd, commit 0123456789ab",
        "     cpu (EPYC) of there, 2.5 s, 2026-11-29T23:59 UTC",
    ]


def test_steps_name_those_they_stand_on():
    heads = [x for x in traces.lines(JOBS, ["figure"]) if not x.startswith("    ")]

    assert heads == ["  1  train  from mine.npz", "  2  figure  from 1"]


def test_many_parameters_are_cut_unless_all_are_asked_for():
    few = list(traces.lines(JOBS, ["figure"], 2))
    full = list(traces.lines(JOBS, ["figure"], None))

    assert max(map(len, few + full)) <= 5 + traces.WIDTH
    assert sum("rows." in line for line in few) == 2
    assert any(line.endswith(" …") for line in few)
    assert "rows.99=99" in "".join(full)
    assert not any("…" in line for line in full)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ({"commit": "0123", "clean": False}, "commit 0123 with edits"),
        ({"commit": None, "clean": None}, "34cd, no commit"),
    ],
)
def test_code_that_was_not_as_committed_is_told(code, said):
    (line,) = [
        x for x in traces.lines([JOBS[1] | {"code": code}], ["weights"]) if said in x
    ]

    assert line.strip().startswith("code 12ab 34cd, ")


def test_a_card_is_named():
    card = {"device": {"name": "cuda", "model": "H200"}}

    *_, last = traces.lines([JOBS[1] | card], ["weights"])

    assert "cuda (H200) of there" in last


def test_what_does_not_fit_is_marked_at_its_step():
    Path("weights").write_text("edited")
    Path("mine.npz").write_text("edited")

    marked = [x for x in traces.lines(JOBS, ["figure"]) if "✗" in x]

    edited, other = marked
    assert edited.startswith("   ✗ weights: 6 bytes of sha256 ")
    assert other == "   ✗ made from another mine.npz"


def test_what_no_receipt_tells_of_is_refused():
    with pytest.raises(KeyError, match="drawn by hand"):
        list(traces.lines(JOBS, ["drawn by hand"]))
