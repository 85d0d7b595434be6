"""What a study names for the claims: files, and references that are refused."""

from pathlib import Path

import pytest
import yaml

import studies
from losslandscape import evidence

ROOT = Path(__file__).parents[1]
CATALOGUE = yaml.safe_load((ROOT / "workflow" / "claims.yaml").read_text())
CONFIGS = sorted((ROOT / "config").glob("*.yaml"))
RUN, OTHER = "digits/deep/sgd-seed0", "digits/deep/adam-seed0"
PAIR = "digits/deep/sgd-seed0--sgd-seed1"
JOINED = {
    "curves": {"segment": {"shape": {"segment": {}}, "points": 3}},
    "ensembles": {"all": {"recipes": ["sgd"], "seeds": [0], "budget": 2}},
}


def study(name: str, cases: list, **options) -> dict:
    return studies.tiny(JOINED | {"claims": {name: {"cases": cases} | options}})


def said_of(name: str, cases: list, **options) -> list[str]:
    return list(evidence.broken(study(name, cases, **options), CATALOGUE))


def gathered(name: str, cases: list, **options) -> list[dict]:
    """The cases that a study has of a claim."""
    found = evidence.gathered(study(name, cases, **options), CATALOGUE)
    (claim,) = [claim for claim in found if claim["claim"] == name]
    return claim["cases"]


def test_a_claim_without_an_entry_has_no_cases():
    found = evidence.gathered(studies.tiny({}), CATALOGUE)

    assert [claim["claim"] for claim in found] == list(CATALOGUE)
    assert not any(claim["cases"] for claim in found)
    assert evidence.files(found) == []


@pytest.mark.parametrize(
    ("name", "case", "options", "files", "trained"),
    [
        (
            "L2a",
            [RUN, OTHER],
            {},
            [{"history": f"{RUN}/history.csv"}, {"history": f"{OTHER}/history.csv"}],
            [[f"{RUN}/history.csv"], [f"{OTHER}/history.csv"]],
        ),
        (
            "L7",
            [f"{RUN}/coarse", f"{OTHER}/fine"],
            {},
            [
                {"surface": f"{RUN}/coarse/surface.h5"},
                {"surface": f"{OTHER}/fine/surface.h5"},
            ],
            [[f"{RUN}/history.csv"], [f"{OTHER}/history.csv"]],
        ),
        (
            "L4a",
            [f"{RUN}/line", f"{OTHER}/line"],
            {"directions": 4},
            [
                {"line": f"{RUN}/line/repeats-4.h5"},
                {"line": f"{OTHER}/line/repeats-4.h5"},
            ],
            [[f"{RUN}/history.csv"], [f"{OTHER}/history.csv"]],
        ),
        (
            "G1b",
            [f"{PAIR}/segment"],
            {},
            [{"profile": f"{PAIR}/segment/profile.h5"}],
            [[f"{RUN}/history.csv", "digits/deep/sgd-seed1/history.csv"]],
        ),
        (
            "G14",
            ["digits/deep/all", "digits/dense/all"],
            {},
            [
                {"ensemble": "digits/deep/all/ensemble.csv"},
                {"ensemble": "digits/dense/all/ensemble.csv"},
            ],
            [[], []],
        ),
        ("L16a", [RUN], {}, [{"history": f"{RUN}/history.csv"}], [[]]),
    ],
)
def test_a_case_has_the_files_of_its_paths(name, case, options, files, trained):
    assert said_of(name, [case], **options) == []

    (found,) = gathered(name, [case], **options)

    assert (found["paths"], found["trained"]) == (files, trained)


def test_a_line_to_another_run_rests_on_both():
    (found,) = gathered("L1", [[f"{RUN}/between", f"{OTHER}/between"]])

    assert found["trained"][0] == [
        f"{RUN}/history.csv",
        "digits/deep/sgd-seed1/history.csv",
    ]


def test_a_case_names_the_nets_behind_its_paths():
    (curve,) = gathered("G1b", [[f"{PAIR}/segment"]])
    (both,) = gathered("G14", [["digits/deep/all", "digits/dense/all"]])
    (run,) = gathered("L16a", [[RUN]])

    assert curve["nets"] == [[RUN, "digits/deep/sgd-seed1"]]
    assert both["nets"] == [[RUN], ["digits/dense/sgd-seed0"]]
    assert run["nets"] == [[RUN]]


def test_directions_are_those_of_the_plane_that_is_refined():
    (found, _) = gathered("G12a", [[f"{RUN}/finest", f"{OTHER}/finest"]])

    assert found["paths"] == [{"directions": f"{RUN}/coarse/directions.json"}]


def test_paths_that_nothing_relates_are_cases_of_their_own():
    assert len(gathered("L3a", [[RUN, OTHER]])) == 2
    assert len(gathered("L2a", [[RUN, OTHER]])) == 1


def test_files_are_listed_once_in_order():
    config = studies.tiny(
        {
            "claims": {
                "L2a": {"cases": [[RUN, OTHER]]},
                "L4b": {"cases": [[OTHER, RUN]]},
            }
        }
    )

    found = evidence.gathered(config, CATALOGUE)

    assert evidence.files(found) == [f"{RUN}/history.csv", f"{OTHER}/history.csv"]


@pytest.mark.parametrize(
    ("name", "case", "said"),
    [
        ("L99", [RUN], "claims.L99: no claim that is measured has this name"),
        ("G21", [RUN], "claims.G21: no claim that is measured has this name"),
        (
            "L2a",
            [RUN],
            "claims.L2a: a case is small batch, large batch: 2 paths, not 1",
        ),
        ("L2a", [RUN, f"{PAIR}/segment"], "has no history; a case is small batch"),
        ("L7", [RUN, RUN], "claims.L7: 'digits/deep/sgd-seed0' has no surface"),
        (
            "G1b",
            [PAIR],
            "claims.G1b: 'digits/deep/sgd-seed0--sgd-seed1' has no profile",
        ),
        (
            "L2a",
            [RUN, "digits/wide/sgd-seed0"],
            "claims.L2a.training: run 'digits/wide",
        ),
        (
            "L7",
            [f"{RUN}/coarse", f"{RUN}/fin"],
            "claims.L7.contours: planes has no 'fin'",
        ),
        (
            "L7",
            [f"{RUN}/coarse", f"{RUN}/line"],
            "claims.L7.contours: draws a plane (x",
        ),
        ("L4a", [f"{RUN}/line", f"{RUN}/fine"], "claims.L4a.lines: draws a line (x al"),
        ("L9a", [f"{RUN}/coarse"], "claims.L9a.maps: plane 'coarse' has no hessian"),
        ("L14", [f"{RUN}/coarse"], "claims.L14.paths: the recipe of"),
        ("G12a", [f"{RUN}/coarse"], "claims.G12a.planes: draws a plane through three"),
        ("G1b", [f"{PAIR}/arch"], "claims.G1b.profiles: curves has no 'arch'"),
        (
            "G18a",
            [f"{RUN}/segment"],
            "claims.G18a.profiles: curve 'segment' joins pairs",
        ),
        (
            "G22",
            ["digits/deep/none"],
            "claims.G22.budgets: 'digits/deep/none': ensembles",
        ),
        ("L18", [f"{RUN}/line"], "claims.L18: needs directions, the number of draws"),
    ],
)
def test_what_is_not_there_is_told_with_its_place(name, case, said):
    (told, *_) = said_of(name, [case])

    assert said in told


def test_images_that_a_dataset_does_not_have_are_told():
    config = study("L7", [[f"{RUN}/fine", f"{OTHER}/fine"]])
    config["planes"]["coarse"]["images"]["test"] = 361

    assert list(evidence.broken(config, CATALOGUE)) == [
        "planes.coarse.images.test: 361, but digits has 360 images"
    ]


def test_faults_are_raised_together():
    config = studies.tiny(
        {"claims": {"L98": {"cases": [[RUN]]}, "L99": {"cases": [[RUN]]}}}
    )

    with pytest.raises(ValueError, match=r"(?s)claims\.L98.*claims\.L99"):
        evidence.check(config, CATALOGUE)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_the_claims_of_a_shipped_study_are_its_own(path):
    evidence.check(yaml.safe_load(path.read_text()), CATALOGUE)
