"""The claims of the papers against what a study measured: a row for each."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy import ndarray

from losslandscape import evidence, quantities, verdicts

# Training loss above which a net was never trained; chance is 2.3 for ten classes.
TRAINED = 0.5
NO_RUNS = "This study has no such runs."
DIGITS = 9  # of samples, after the point
SIDES = {
    verdicts.HOLDS: "where the claim has it",
    verdicts.FAILS: "beyond the claim's bound",
    verdicts.OPEN: "on both sides of the claim's bound",
}


def rows(claims: Sequence[Mapping], held: Mapping[str, Mapping]) -> list[dict]:
    """A row for each claim of `evidence.gathered`; `held` is what its files hold."""
    return [_row(claim, *_judged(claim, held)) for claim in claims]


def summary(rows: Sequence[Mapping]) -> dict:
    """How many claims hold, do not, and are not decided, in all and by paper."""
    papers = {row["paper"] for row in rows}
    return {
        "claims": len(rows),
        "verdicts": _counts(rows),
        "papers": {
            paper: _counts([row for row in rows if row["paper"] == paper])
            for paper in papers
        },
        "trained": f"training loss of {TRAINED:g} or less where training ended",
    }


def rule(claim: Mapping) -> str:
    """The rule of a claim in words, nets that were never trained included."""
    if not claim["rule"]:
        return ""
    left_out = (
        ""
        if claim["untrained"]
        else f" Nets whose training loss ended above {TRAINED:g} do not count."
    )
    return verdicts.words(claim["rule"]) + left_out


def _judged(claim: Mapping, held: Mapping) -> tuple:
    """The interval (None without samples), n, what it is of, verdict and reason."""
    if claim["unmeasured"]:
        return None, 0, "", verdicts.OPEN, claim["unmeasured"]
    if not claim["cases"]:
        return None, 0, "", verdicts.OPEN, NO_RUNS
    samples, independent, lost = _samples(claim, held)
    if not len(samples):
        return None, 0, "", verdicts.OPEN, f"No sample is left: {lost}."
    found = verdicts.interval(samples, claim["rule"])
    verdict, reason = _decided(found, independent, claim["rule"])
    told = verdicts.told(claim["rule"], len(samples))
    if independent < len(samples):
        told += f", {independent} independent"
    words = [reason, f"Left out: {lost}." if lost else "", claim["note"] or ""]
    return found, len(samples), told, verdict, " ".join(filter(None, words))


def _decided(found: verdicts.Interval, independent: int, rule: Mapping) -> tuple:
    """The verdict, and why it is that."""
    verdict = verdicts.verdict(found, rule)
    counted = f"{independent} independent samples"
    if independent == 1:
        counted = "One independent sample"
    if independent < rule["least"]:
        asked = f"{counted} of the {rule['least']} that the rule asks for"
        return verdicts.OPEN, f"{asked}, {SIDES[verdict]}."
    what = f"{counted}," if independent == 1 else "The interval lies"
    return verdict, f"{what} {SIDES[verdict]}."


def _samples(claim: Mapping, held: Mapping) -> tuple[ndarray, int, str]:
    """All samples that are defined, how many are independent, and what was left out."""
    is_paired = "correlation" in claim["how"]
    found, independent, untrained, undefined = [], 0, 0, 0
    for case in claim["cases"]:
        known = [_are_trained(histories, held) for histories in case["trained"]]
        untrained += known.count(False) if is_paired else not all(known)
        paths = [p for p, k in zip(case["paths"], known, strict=True) if k]
        if not paths or (not is_paired and not all(known)):
            continue
        loaded = [{role: held[path] for role, path in part.items()} for part in paths]
        drawn = np.array(
            [quantities.samples(claim["how"], one) for one in draws(loaded)]
        )
        is_known = ~np.isnan(drawn).any(axis=2) if is_paired else ~np.isnan(drawn)
        # A tie is a tie, whatever the last digits of two equal means are.
        found.append(drawn[is_known].round(DIGITS) + 0.0)
        count = int(is_known.any(axis=0).sum())
        independent += min(count, 1) if quantities.are_shared(claim["how"]) else count
        undefined += int((~is_known).sum())
    left_out = [
        f"{untrained} with a net that was never trained" if untrained else "",
        f"{undefined} undefined" if undefined else "",
    ]
    samples = np.concatenate(found) if found else np.array([])
    return samples, independent, ", ".join(filter(None, left_out))


def draws(case: Sequence[Mapping]) -> list[list[dict]]:
    """A case once for each draw of its directions; itself, if there is but one."""
    counts = {
        len(file["seeds"])
        for files in case
        for role, file in files.items()
        if role != "repeats" and "seeds" in file
    }
    if not counts:
        return [list(case)]
    return [[_drawn(files, draw) for files in case] for draw in range(min(counts))]


def _drawn(files: Mapping, draw: int) -> dict:
    return {
        role: {
            name: values if name in ("t", "x", "y") else values[draw]
            for name, values in file.items()
        }
        if "seeds" in file
        else file
        for role, file in files.items()
    }


def _are_trained(histories: Sequence[str], held: Mapping) -> bool:
    # A loss that is not a number is not below anything.
    return all(held[path]["train_loss"][-1] <= TRAINED for path in histories)


def _row(claim: Mapping, found, n: int, told: str, verdict: str, reason: str) -> dict:
    has_interval = found is not None and n > 1
    return {
        "claim": claim["claim"],
        "paper": claim["paper"],
        "sentence": claim["sentence"],
        "quantity": claim["quantity"],
        "unit": claim["unit"],
        "value": found.value if found else None,
        "low": found.low if has_interval else None,
        "high": found.high if has_interval else None,
        "n": n,
        "interval": told,
        "paper_value": claim["paper_value"],
        "tag": claim["tag"],
        "rule": rule(claim),
        "verdict": verdict,
        "reason": reason,
        "evidence": " ; ".join(evidence.of_claim(claim)),
    }


def _counts(rows: Sequence[Mapping]) -> dict[str, int]:
    told = [row["verdict"] for row in rows]
    names = (verdicts.HOLDS, verdicts.FAILS, verdicts.OPEN)
    return {name: told.count(name) for name in names}
