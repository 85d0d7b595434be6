"""Every claim of the catalogue with files for which it holds, does not, and is open."""

import pytest

import judging
from losslandscape import claims, verdicts

SEVERAL = {"own", "members", "disagreement"}  # planted for two seeds


@pytest.mark.parametrize("name", judging.MEASURED)
@pytest.mark.parametrize("verdict", [verdicts.HOLDS, verdicts.FAILS, verdicts.OPEN])
def test_planted_files_make_every_verdict_of_a_claim(tmp_path, name, verdict):
    row = judging.judged(tmp_path, name, judging.planted(name, verdict))

    assert row["verdict"] == verdict


@pytest.mark.parametrize("name", judging.MEASURED)
def test_a_study_without_the_runs_says_so(tmp_path, name):
    row = judging.judged(tmp_path, name, [])

    assert (row["verdict"], row["reason"]) == (verdicts.OPEN, claims.NO_RUNS)
    assert (row["value"], row["n"], row["evidence"]) == (None, 0, "")


@pytest.mark.parametrize("name", judging.MEASURED)
def test_nets_that_were_never_trained_decide_only_what_is_said_of_them(tmp_path, name):
    row = judging.judged(
        tmp_path, name, judging.planted(name, verdicts.HOLDS), trained=False
    )

    counts = judging.CATALOGUE[name].get("untrained", False)
    assert row["verdict"] == (verdicts.HOLDS if counts else verdicts.OPEN)
    assert counts or "never trained" in row["reason"]


@pytest.mark.parametrize("name", judging.MEASURED)
def test_one_sample_decides_where_the_rule_says_so_and_is_told(tmp_path, name):
    how, rule = judging.CATALOGUE[name]["how"], judging.CATALOGUE[name]["rule"]
    ((kind, measures),) = how.items()
    if kind == "correlation" or SEVERAL & measures.keys():
        return

    row = judging.judged(tmp_path, name, judging.cases(how, judging.values(name)[0]))

    decides = rule["least"] == 1
    assert row["verdict"] == (verdicts.HOLDS if decides else verdicts.OPEN)
    assert row["reason"].startswith("One independent sample")


def test_too_few_nets_decide_no_correlation(tmp_path):
    found = judging.correlated(judging.CATALOGUE["L5"]["how"], [5, 4, 3, 2, 1])

    row = judging.judged(tmp_path, "L5", found)

    assert (row["value"], row["n"]) == (pytest.approx(-1), 5)
    assert row["verdict"] == verdicts.OPEN


def test_a_claim_that_no_file_decides_says_why(tmp_path):
    row = judging.judged(tmp_path, "G21", [])

    assert row["verdict"] == verdicts.OPEN
    assert row["reason"] == judging.CATALOGUE["G21"]["unmeasured"]


def test_a_row_has_the_columns_and_what_the_paper_says(tmp_path):
    row = judging.judged(
        tmp_path, "L2a", judging.planted("L2a", verdicts.HOLDS), note="Small nets."
    )

    assert list(row) == [
        *("claim", "paper", "sentence", "quantity", "unit", "value", "low", "high"),
        *("n", "interval", "paper_value", "tag", "rule", "verdict", "reason"),
        "evidence",
    ]
    assert (row["paper_value"], row["tag"]) == ("0.41 (64 / 158)", "P-fig")
    assert row["reason"] == (
        "2 independent samples: all samples lie where the claim has it. Small nets."
    )
    assert len(row["evidence"].split(" ; ")) == 5


def test_a_summary_counts_verdicts_in_all_and_by_paper(tmp_path):
    rows = [
        judging.judged(tmp_path, "L2a", judging.planted("L2a", verdicts.HOLDS)),
        judging.judged(tmp_path, "L2b", judging.planted("L2b", verdicts.FAILS)),
        judging.judged(tmp_path, "G14", []),
    ]

    summary = claims.summary(rows)

    assert summary["claims"] == 3
    assert list(summary["verdicts"].values()) == [1, 1, 1]
    assert list(summary["papers"]["li2018"].values()) == [1, 1, 0]
