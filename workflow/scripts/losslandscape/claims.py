"""The claims of the papers against what a study measured: a row for each."""

from collections.abc import Mapping, Sequence

from numpy import ndarray

from losslandscape import evidence, samples, verdicts

NO_RUNS = "This study has no such runs."


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
        "trained": f"training loss of {samples.TRAINED:g} or less where training ended",
    }


def rule(claim: Mapping) -> str:
    """The rule of a claim in words, nets that were never trained included."""
    if not claim["rule"]:
        return ""
    left_out = (
        ""
        if claim["untrained"]
        else f" Nets whose training loss ended above {samples.TRAINED:g} do not count."
    )
    return verdicts.words(claim["rule"]) + left_out


def _judged(claim: Mapping, held: Mapping) -> tuple:
    """The interval (None without samples), n, what it is of, verdict and reason."""
    if claim["unmeasured"]:
        return None, 0, "", verdicts.OPEN, claim["unmeasured"]
    if not claim["cases"]:
        return None, 0, "", verdicts.OPEN, NO_RUNS
    drawn = samples.of_claim(claim, held)
    lost = drawn.lost
    if not len(drawn.values):
        return None, 0, "", verdicts.OPEN, f"No sample is left: {lost}."
    pooled = samples.pooled(drawn, claim["rule"])
    verdict, reason = _decided(pooled, drawn.independent, claim["rule"])
    words = [reason, f"Left out: {lost}." if lost else "", claim["note"] or ""]
    return (
        verdicts.interval(pooled, claim["rule"]),
        len(pooled),
        _told(pooled, drawn, claim["rule"]),
        verdict,
        " ".join(filter(None, words)),
    )


def _told(pooled: ndarray, drawn: samples.Samples, rule: Mapping) -> str:
    """What the interval of samples is of, and how many of them are independent."""
    told = verdicts.told(rule, len(pooled))
    if drawn.independent < len(pooled):
        return f"{told}, {drawn.independent} independent"
    if len(pooled) < len(drawn.values):
        return f"{told}, of {len(drawn.values)} values: a mean of those that share nets"
    return told


def _decided(pooled: ndarray, independent: int, rule: Mapping) -> tuple[str, str]:
    """The verdict, and why it is that."""
    where = verdicts.where(pooled, rule)
    counted = f"{independent} independent samples"
    if independent == 1:
        counted = "One independent sample"
    if independent < rule["least"]:
        asked = f"{counted} of the {rule['least']} that the rule asks for"
        return verdicts.OPEN, f"{asked}: {where}."
    return verdicts.verdict(pooled, rule), f"{counted}: {where}."


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
