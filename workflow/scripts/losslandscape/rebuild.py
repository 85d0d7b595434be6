"""Made again: a sample of what receipts tell of, and whether it came out the same.

On the machine that a receipt names every byte is the same. On another one sums round in
another order, and what can be compared are measures of the same weights, within limits.
"""

import random
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy import ndarray

from losslandscape import store

# Kinds of artifacts that a sample has in turn: a figure, measures, a net, a table.
KINDS = (".png", ".h5", ".safetensors", ".csv")

# How far measures of the same weights may be apart between machines, relative to losses
# of 0.01 or more; docs/reproducible.md tells how that was found. Rules without torch
# make the same bytes everywhere; of others nothing is compared, since training, and
# searches for eigenvalues, amplify the last digit.
LIMITS = {"line": 1e-4, "shard": 1e-4, "repeats": 1e-4}
EXACT = (
    *("dataset", "directions", "surface", "volume", "curvature", "table", "figure"),
)
SMALL = 0.01

# Made of receipts, which say when and where: never the same again.
TOLD = {"gallery", "workflow_copy", "crate", "crate_zip"}


def sample(receipts: Iterable[Mapping], count: int, seed: int) -> list[Mapping]:
    """Some jobs chosen by a seed: one of each kind of artifact, and so on in turn.

    What is made of receipts is no choice.
    """
    known = (told for told in receipts if told["rule"] not in TOLD)
    shuffled = sorted(known, key=lambda told: told["receipt"])
    random.Random(seed).shuffle(shuffled)
    chosen: list[Mapping] = []
    while shuffled and len(chosen) < count:
        kind = KINDS[len(chosen) % len(KINDS)]
        fitting = (told for told in shuffled if _has(told, kind))
        chosen.append(next(fitting, shuffled[0]))
        shuffled.remove(chosen[-1])
    return chosen


def elsewhere(told: Mapping, here: Mapping) -> list[str]:
    """In what this machine and software differ from those of a job, in words.

    What a receipt does not tell does not count, nor does the processor of a job without
    torch.
    """
    before, now = _machine(told), _machine(here)
    return [
        f"{name} {before[name]}, here {now.get(name)}"
        for name in before
        if before[name] is not None and before[name] != now.get(name)
    ]


def is_downloaded(told: Mapping) -> bool:
    """Whether a job fetched what need not be fetched again, being proven by a hash."""
    return bool({"cifar10", "cifar100"} & told["params"].get("source", {}).keys())


def is_comparable(told: Mapping) -> bool:
    """Whether what a job made can be compared with another machine's."""
    return told["rule"] in EXACT or told["rule"] in LIMITS


def other_bytes(told: Mapping, again: Mapping) -> list[str]:
    """The artifacts of a job that are other bytes when it is done again."""
    facts = told["outputs"].items()
    return [path for path, fact in facts if again["outputs"].get(path) != fact]


def distances(rule: str, then: str | Path, now: str | Path) -> dict[str, float]:
    """How far the arrays of two HDF5 files of a rule are apart; 1 is as far as allowed.

    Errors in % may differ by one image of their split, what else a task measures as
    losses may; in less than float32 losses may also differ by what the file says of
    them. What one of both lacks is infinitely far.
    """
    first, second, terms = store.load(then), store.load(now), store.attributes(then)
    limit = LIMITS[rule] + float(terms.get("precision_limit", 0))
    found = dict.fromkeys(first.keys() ^ second.keys(), np.inf)
    is_share = "errors are" not in str(terms.get("loss", ""))
    for name in first.keys() & second.keys():
        allowed = limit * np.maximum(np.abs(second[name]), SMALL)
        split, _, measure = name.partition("_")
        if measure == "error" and is_share:
            allowed = 100.1 / terms[f"{split}_images"]  # in %
        found[name] = _largest(first[name], second[name], allowed)
    return found


def _machine(told: Mapping) -> dict:
    """What decides the last digit of a sum."""
    device, host = told["device"], told["host"]
    if "deterministic" not in device:
        return dict(told["software"])
    if device["name"] == "cuda":
        where = {"GPU": device["model"]}
    else:
        where = {"CPU": host.get("cpu"), "instructions": host.get("instructions")}
    return where | told["software"]


def _has(told: Mapping, kind: str) -> bool:
    return any(Path(path).suffix == kind for path in told["outputs"])


def _largest(first: ndarray, second: ndarray, allowed: ndarray | float) -> float:
    """The largest difference over the allowed one; nought where both are not finite."""
    lost = ~np.isfinite(first) & ~np.isfinite(second)
    with np.errstate(invalid="ignore"):
        ratios = np.abs(first - second) / allowed
    return float(np.where(lost, 0, ratios).max(initial=0))
