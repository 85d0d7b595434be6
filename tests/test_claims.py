"""Every claim of the catalogue with files for which it holds, does not, and is open."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

import plants
from losslandscape import claims, quantities, store, verdicts

ROOT = Path(__file__).parents[1]
CATALOGUE = yaml.safe_load((ROOT / "workflow" / "claims.yaml").read_text())
MEASURED = [name for name, claim in CATALOGUE.items() if "how" in claim]
# Values within and beyond the bound, where a step of 0.05 from it is not possible.
VALUES = {
    "L3a": (1.0, 0.8),
    "L11": (1.0, 0.5),
    "L13": (0.005, 0.02),
    "L16b": (4.1, 3.6),
    "L6b": (-0.2, 0.2),
    "L6c": (-0.2, 0.2),
    "L8c": (0.2, -0.2),
    "L9b": (0.2, -0.2),
    "L10": (0.6, 0.4),
    "G4": (0.005, 0.02),
    "G6": (0.5, 1.0),
    "G10a": (1.2, 1.0),
    "G7a": (0.2, 0.3),
    "G7b": (0.5, 0.7),
    "G8": (0.8, 0.1),
}
CONSTANT = 0.5  # what a difference or a ratio is taken of
SEVERAL = {"own", "members", "disagreement"}  # planted for two seeds
SUFFIX = {"history": ".csv", "ensemble": ".csv", "directions": ".json"}


def values(name: str) -> tuple[float, float]:
    """A value within the bound of a claim and one beyond it."""
    if name in VALUES:
        return VALUES[name]
    rule = CATALOGUE[name]["rule"]
    if "between" in rule:
        low, high = rule["between"]
        return (low + high) / 2, high + 0.05
    step = 0.05 if "above" in rule else -0.05
    bound = rule.get("above", rule.get("below"))
    return bound + step, bound - step


def cases(how: dict, value: float) -> list[list[dict]]:
    """A case, by the files of its paths, whose sample is a value."""
    ((kind, measures),) = how.items()
    ((name, options), *_) = measures.items()
    made = getattr(plants, name)
    if kind == "case":
        return [made(value)]
    start = 0.3 if name == "radius" else CONSTANT
    start = {"errors": 2.0, "peak": 50.0}.get(name, start)
    planted = {
        "each": [value],
        "ratio": [start, start * value],
        "difference": [start, start + value],
        "flip": [value, 1 / (value or 1)],
        "growth": [start, start * value, start * value**2],
    }[kind]
    return [[made(each, **options) for each in planted]]


def correlated(how: dict, order: list[int]) -> list[list[dict]]:
    """Nets by increasing radius whose test errors are in an order."""
    options = how["correlation"]["radius"]
    radii = 0.2 + 0.05 * np.arange(len(order))
    return [
        [
            plants.radius(each, **options) | plants.last(error, "test_error")
            for each, error in zip(radii, order, strict=True)
        ]
    ]


def planted(name: str, verdict: str) -> list[list[dict]]:
    """The cases of a claim that make a verdict."""
    claim = CATALOGUE[name]
    if "correlation" in claim["how"]:
        falling = list(range(8, 0, -1))
        mixed = [4, 7, 2, 8, 1, 6, 3, 5]
        orders = {verdicts.HOLDS: falling, verdicts.FAILS: falling[::-1]}
        return correlated(claim["how"], orders.get(verdict, mixed))
    good, bad = values(name)
    chosen = {verdicts.HOLDS: [good] * 2, verdicts.FAILS: [bad] * 2}
    found = chosen.get(verdict, [good, bad])
    return [case for value in found for case in cases(claim["how"], value)]


def judged(folder: Path, name: str, found: list, trained=True, **changes) -> dict:
    """The row of a claim whose cases are planted as files in a folder."""
    past = folder / "past.csv"
    ends = [2.3, 0.01 if trained else 1.0]
    store.save_table(past, [{"epoch": k, "train_loss": v} for k, v in enumerate(ends)])
    claim = dict.fromkeys(("mark", "untrained", "unmeasured", "slide", "note", "how"))
    claim |= {"claim": name, "rule": None} | CATALOGUE[name] | changes
    claim["cases"] = [
        {
            "paths": [
                {
                    role: written(folder / f"{k}-{n}-{role}", file)
                    for role, file in path.items()
                }
                for n, path in enumerate(case)
            ],
            "trained": [[str(past)] * (not claim["untrained"]) for _ in case],
        }
        for k, case in enumerate(found)
    ]
    files = {
        p for case in claim["cases"] for path in case["paths"] for p in path.values()
    }
    held = {path: store.read(path) for path in {*files, str(past)}}
    (row,) = claims.rows([claim], held)
    return row


def written(stem: Path, file: dict) -> str:
    """A planted file on disk."""
    role = stem.name.rpartition("-")[2]
    path = stem.with_suffix(SUFFIX.get(role, ".h5"))
    if path.suffix == ".json":
        store.save_summary(path, file)
    elif path.suffix == ".csv":
        names = list(file)
        rows = zip(*file.values(), strict=True)
        store.save_table(path, [dict(zip(names, row, strict=True)) for row in rows])
    else:
        store.save(path, file)
    return str(path)


@pytest.mark.parametrize("name", MEASURED)
@pytest.mark.parametrize("verdict", [verdicts.HOLDS, verdicts.FAILS, verdicts.OPEN])
def test_planted_files_make_every_verdict_of_a_claim(tmp_path, name, verdict):
    row = judged(tmp_path, name, planted(name, verdict))

    assert row["verdict"] == verdict


@pytest.mark.parametrize("name", MEASURED)
def test_a_study_without_the_runs_says_so(tmp_path, name):
    row = judged(tmp_path, name, [])

    assert (row["verdict"], row["reason"]) == (verdicts.OPEN, claims.NO_RUNS)
    assert (row["value"], row["n"], row["evidence"]) == (None, 0, "")


@pytest.mark.parametrize("name", MEASURED)
def test_nets_that_were_never_trained_decide_only_what_is_said_of_them(tmp_path, name):
    row = judged(tmp_path, name, planted(name, verdicts.HOLDS), trained=False)

    counts = CATALOGUE[name].get("untrained", False)
    assert row["verdict"] == (verdicts.HOLDS if counts else verdicts.OPEN)
    assert counts or "never trained" in row["reason"]


@pytest.mark.parametrize("name", MEASURED)
def test_one_sample_decides_where_the_rule_says_so_and_is_told(tmp_path, name):
    how, rule = CATALOGUE[name]["how"], CATALOGUE[name]["rule"]
    ((kind, measures),) = how.items()
    if kind in ("correlation", "growth") or SEVERAL & measures.keys():
        return

    row = judged(tmp_path, name, cases(how, values(name)[0]))

    decides = rule["least"] == 1
    assert row["verdict"] == (verdicts.HOLDS if decides else verdicts.OPEN)
    assert row["reason"].startswith("One independent sample")


def test_too_few_nets_decide_no_correlation(tmp_path):
    found = correlated(CATALOGUE["L5"]["how"], [5, 4, 3, 2, 1])

    row = judged(tmp_path, "L5", found)

    assert (row["value"], row["n"]) == (pytest.approx(-1), 5)
    assert row["verdict"] == verdicts.OPEN


def test_one_untrained_net_of_many_leaves_the_others():
    how = CATALOGUE["L5"]["how"]
    (case,) = correlated(how, [9, 8, 7, 6, 5, 4, 30])
    paths = [{role: f"{n}{role}" for role in files} for n, files in enumerate(case)]
    held = {
        f"{n}{role}": f for n, files in enumerate(case) for role, f in files.items()
    }
    held["6history"]["train_loss"][-1] = np.inf
    claim = dict.fromkeys(("mark", "untrained", "unmeasured", "slide", "note"))
    claim |= {"claim": "L5"} | CATALOGUE["L5"]
    claim["cases"] = [
        {"paths": paths, "trained": [[path["history"]] for path in paths]}
    ]

    (row,) = claims.rows([claim], held)

    assert (row["n"], row["value"]) == (6, pytest.approx(-1))
    assert row["verdict"] == verdicts.HOLDS
    assert "1 with a net that was never trained" in row["reason"]


def test_directions_widen_the_interval_but_are_one_independent_sample(tmp_path):
    t = plants.AXIS
    one = abs(t) / np.array([[0.5], [0.6], [0.4]])
    other = abs(t) / np.array([[0.25], [0.36], [0.28]])
    drawn = [
        {"line": {"t": t, "train_loss": losses, "seeds": np.arange(3)}}
        for losses in (one, other)
    ]

    row = judged(tmp_path, "L4a", [drawn])

    assert (row["n"], row["verdict"]) == (3, verdicts.OPEN)
    assert [row["low"], row["value"], row["high"]] == pytest.approx([0.5, 0.6, 0.7])
    assert row["interval"] == "range of 3 samples, 1 independent"


def test_budgets_of_the_same_nets_are_one_independent_sample(tmp_path):
    found = cases(CATALOGUE["G14"]["how"], 0.5)

    row = judged(tmp_path, "G14", found)

    assert (row["n"], row["verdict"]) == (3, verdicts.OPEN)
    assert "One independent sample" in row["reason"]


def test_a_tie_up_to_rounding_is_a_tie(tmp_path):
    found = [
        [plants.last(1.1, "test_error"), plants.last(1.1 + 1e-15, "test_error")]
    ] * 2

    assert judged(tmp_path, "L4b", found)["verdict"] == verdicts.FAILS


def test_samples_that_are_not_defined_are_left_out_and_told(tmp_path):
    found = [
        case
        for v in (0.7, 0.9)
        for case in cases({"ratio": {"width": {"level": 1}}}, v)
    ]
    cut = [plants.width(0.5, 1), plants.width(2.0, 1)]

    row = judged(tmp_path, "L4a", [*found, cut])

    assert (row["n"], row["verdict"]) == (2, verdicts.HOLDS)
    assert row["reason"].endswith("Left out: 1 undefined.")


def test_a_claim_that_no_file_decides_says_why(tmp_path):
    row = judged(tmp_path, "G21", [])

    assert row["verdict"] == verdicts.OPEN
    assert row["reason"] == CATALOGUE["G21"]["unmeasured"]


def test_a_row_has_the_columns_and_what_the_paper_says(tmp_path):
    row = judged(tmp_path, "L2a", planted("L2a", verdicts.HOLDS), note="Small nets.")

    assert list(row) == [
        *("claim", "paper", "sentence", "quantity", "unit", "value", "low", "high"),
        *("n", "interval", "paper_value", "tag", "rule", "verdict", "reason"),
        "evidence",
    ]
    assert (row["paper_value"], row["tag"]) == ("0.41 (64 / 158)", "P-fig")
    assert row["reason"] == "The interval lies where the claim has it. Small nets."
    assert len(row["evidence"].split(" ; ")) == 5


def test_a_summary_counts_verdicts_in_all_and_by_paper(tmp_path):
    rows = [
        judged(tmp_path, "L2a", planted("L2a", verdicts.HOLDS)),
        judged(tmp_path, "L2b", planted("L2b", verdicts.FAILS)),
        judged(tmp_path, "G14", []),
    ]

    summary = claims.summary(rows)

    assert summary["claims"] == 3
    assert list(summary["verdicts"].values()) == [1, 1, 1]
    assert list(summary["papers"]["li2018"].values()) == [1, 1, 0]


def test_the_catalogue_has_what_a_claim_needs_and_no_more():
    needed = {"paper", "sentence", "quantity", "unit", "paper_value", "tag"}
    measured = needed | {"how", "case", "rule"}
    allowed = {"slide", "mark", "untrained"}
    for name, claim in CATALOGUE.items():
        wanted = measured if "how" in claim else needed | {"unmeasured"}
        assert wanted <= claim.keys() <= wanted | allowed, name
        assert claim["tag"] in ("P", "P-fig", "P2", "D", "NF"), name


def test_a_mark_in_the_picture_stands_in_the_papers_words():
    for name, claim in CATALOGUE.items():
        numbers = re.findall(r"-?\d+(?:\.\d+)?", str(claim["paper_value"]))
        assert claim.get("mark") in (None, *map(float, numbers)), name


@pytest.mark.parametrize("name", MEASURED)
def test_a_rule_of_the_catalogue_is_one_and_measures_are_known(name):
    rule, how = CATALOGUE[name]["rule"], CATALOGUE[name]["how"]

    assert rule.keys() == {
        "of",
        "least",
        *({"above", "below", "between"} & rule.keys()),
    }
    assert len(rule) == 3
    assert ("correlation" in how) == (rule["of"] == "correlation")
    assert quantities.roles(how, 0)


def test_the_conclusions_of_the_slides_are_claims():
    slides = [claim["slide"] for claim in CATALOGUE.values() if "slide" in claim]

    assert sorted(slides) == [
        "Depth without skips makes landscapes chaotic",
        "Fast geometric ensembling gains",
        "Flat means better generalisation",
        "Minima are connected",
        "Skip connections make landscapes smoother",
        "The paths are not unique",
        "Width makes landscapes smoother",
    ]


def test_every_claim_of_the_papers_is_in_the_catalogue():
    numbers = {name.rstrip("abcd") for name in CATALOGUE}

    expected = [*(f"L{k}" for k in range(1, 20)), *(f"G{k}" for k in range(1, 23))]
    assert numbers == set(expected)
