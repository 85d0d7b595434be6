"""The catalogue of claims by itself, and what studies have to decide its claims."""

import re
from pathlib import Path

import pytest
import yaml

import judging
from losslandscape import evidence, needs, samples, verdicts

ROOT = Path(__file__).parents[1]
STUDIES = ("demo", "cifar10", "paper")
# Claims that a study lists and cannot decide, and why.
SHORT = {
    ("demo", "G14"): "of every net; it has ensembles of one",
    ("cifar10", "G14"): "of every net; it has ensembles of one",
}
# Claims that no study lists, and why.
UNLISTED = {
    "L17": "depths of these nets are 6 n + 2, so that 156 layers is none of them",
    "G21": "times are not measured",
    "G22": "no study has ImageNet",
}
BY_SEED = {"own", "gain", "members", "disagreement", "steps"}


def gathered(study: str) -> dict[str, dict]:
    """The claims that a study lists, with its cases."""
    config = yaml.safe_load((ROOT / "config" / f"{study}.yaml").read_text())
    found = evidence.gathered(config, judging.CATALOGUE)
    return {claim["claim"]: claim for claim in found if claim["cases"]}


def independent(claim: dict) -> int:
    """How many independent samples a claim has if every net is trained well."""
    ((how, measures),) = claim["how"].items()
    paths = [path for case in claim["cases"] for path in case["nets"]]
    if how == "correlation":
        return len(samples.together([set(nets) for nets in paths]))
    behind = [{net for nets in case["nets"] for net in nets} for case in claim["cases"]]
    units = len(set(samples.together(behind)))
    # The ensembles of the studies have one net, or run of members, for each seed.
    seeds = {len({net.rpartition("-seed")[2] for net in nets}) for nets in paths}
    return units * (min(seeds) if BY_SEED & measures.keys() else 1)


@pytest.mark.parametrize("study", STUDIES)
def test_a_listed_claim_can_be_decided_by_its_study_or_it_is_said_why_not(study):
    found = gathered(study)

    short = {
        (study, name)
        for name, claim in found.items()
        if independent(claim) < claim["rule"]["least"]
    }

    assert short == {place for place in SHORT if place[0] == study}
    assert all(found[name]["note"] for _, name in short)


def test_a_claim_that_no_study_lists_is_told():
    listed = set().union(*(gathered(study) for study in STUDIES))

    assert judging.CATALOGUE.keys() - listed == UNLISTED.keys()


def test_the_catalogue_has_what_a_claim_needs_and_no_more():
    needed = {"paper", "sentence", "quantity", "unit", "paper_value", "tag"}
    measured = needed | {"how", "case", "rule"}
    allowed = {"slide", "mark", "untrained"}
    for name, claim in judging.CATALOGUE.items():
        wanted = measured if "how" in claim else needed | {"unmeasured"}
        assert wanted <= claim.keys() <= wanted | allowed, name
        assert claim["tag"] in ("P", "P-fig", "P2", "D", "NF"), name


def test_a_mark_in_the_picture_stands_in_the_papers_words():
    for name, claim in judging.CATALOGUE.items():
        numbers = re.findall(r"-?\d+(?:\.\d+)?", str(claim["paper_value"]))
        assert claim.get("mark") in (None, *map(float, numbers)), name


@pytest.mark.parametrize("name", judging.MEASURED)
def test_a_rule_of_the_catalogue_is_one_and_measures_are_known(name):
    rule, how = judging.CATALOGUE[name]["rule"], judging.CATALOGUE[name]["how"]

    assert rule.keys() == {
        "of",
        "least",
        *({"above", "below", "between"} & rule.keys()),
    }
    assert len(rule) == 3
    assert ("correlation" in how) == (rule["of"] == "correlation")
    assert needs.roles(how, 0)


def test_the_conclusions_of_the_slides_are_claims():
    slides = [
        claim["slide"] for claim in judging.CATALOGUE.values() if "slide" in claim
    ]

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
    numbers = {name.rstrip("abcd") for name in judging.CATALOGUE}

    expected = [*(f"L{k}" for k in range(1, 20)), *(f"G{k}" for k in range(1, 23))]
    assert numbers == set(expected)


@pytest.mark.parametrize("name", judging.MEASURED)
def test_the_papers_own_number_is_where_its_claim_has_it(name):
    claim = judging.CATALOGUE[name]

    low, high = verdicts.limits(claim["rule"])

    assert "mark" not in claim or low <= claim["mark"] <= high
