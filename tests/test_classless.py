"""Studies of tasks without classes: what is asked of them in vain."""

from pathlib import Path

import pytest

from losslandscape import supplies
from studies import refused

TASK = {"datasets.digits.task": {"regression": {}}}
PAIR = "digits/deep/sgd-seed0--sgd-seed1"
SEGMENT = {
    "shape": {"segment": {}},
    "points": 3,
    "ensemble": 2,
    "images": {"train": "all", "test": "all"},
}
CURVE = {"curves": {"segment": SEGMENT}}


def profiles(**options) -> dict:
    row = {"profiles": {"pairs": [PAIR], "curves": ["segment"], **options}}
    return {**CURVE, "figures.shown.rows": [row]}


@pytest.mark.parametrize("measure", ["regularised_loss", "test_error"])
def test_losses_along_curves_need_no_classes(measure):
    assert refused(TASK | profiles(measure=measure)) == []


@pytest.mark.parametrize(
    "options",
    [
        {"measure": "pair_error"},
        {"measure": "disagreement"},
        {"measure": "test_error", "votes": True},
        {"measure": "test_loss", "scaled": True},
    ],
)
def test_votes_along_curves_need_classes(options):
    (said,) = refused(TASK | profiles(**options))

    assert said == (
        "figures.shown.profiles: nets vote on classes, which the task of 'digits', "
        "regression, does not have"
    )
    assert refused(profiles(**options)) == []


def test_ensembles_need_classes():
    ensembles = {"both": {"recipes": ["sgd"], "seeds": [0, 1], "budget": 2}}
    table = {"shows": {"ensembles": {"ensembles": ["digits/deep/both"]}}}
    asked = {"ensembles": ensembles, "tables": {"votes": table}}

    assert refused(asked) == []
    (said,) = refused(TASK | asked)
    assert said.startswith("tables.votes.ensembles: nets vote on classes")


def test_claims_of_the_papers_are_of_classes():
    claim = {"claims": {"L1": {"cases": [["digits/deep/sgd-seed0"]]}}}

    assert refused(claim) == []
    assert refused(TASK | claim) == [
        "claims.L1: the papers' claims are not of 'digits', whose task is regression"
    ]


OWN = {"file": "mine.py", "name": "Points"}
ASKED = {"own": {"file": "mine.py", "loss": "far", "measure": "near"}}


def test_what_a_dataset_names_and_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = {
        "datasets.digits": {"source": {"own": OWN}, "task": ASKED},
        "datasets.more": {"source": {"folder": {"path": "here", "size": 8}}}
        | {"mean": [0.5] * 3, "std": [1] * 3},
    }

    said = refused(asked)

    assert [each.partition(";")[0] for each in said] == [
        "datasets.digits.source.own: there is no file mine.py",
        "datasets.digits.task.own: there is no file mine.py",
        "datasets.more.source.folder: there are no images here/train/{class}/*.png",
        "datasets.more.source.folder: there are no images here/test/{class}/*.png",
    ]


def test_functions_that_a_file_does_not_have_are_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "class Points: ...\ndef far(outputs, targets): ...\n"
    Path("mine.py").write_text(text)

    said = refused({"datasets.digits": {"source": {"own": OWN}, "task": ASKED}})

    assert said == [
        "datasets.digits.task.own: mine.py has no 'near'; it has Points, far"
    ]
    assert supplies.code({"source": {"own": OWN}, "task": ASKED}) == ["mine.py"]


def test_functions_that_cannot_be_called_as_they_will_be_are_said(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    text = (
        "class Points:\n    def __init__(self, split, number=3): ...\n"
        "def far(outputs): ...\ndef near(outputs, targets, weight=1): ...\n"
    )
    Path("mine.py").write_text(text)

    said = refused({"datasets.digits": {"source": {"own": OWN}, "task": ASKED}})

    assert said == [
        "datasets.digits.source.own: 'Points' of mine.py does not take these options "
        "(missing a required argument: 'split'); it takes: split, number; it is called "
        "with train=True, train=False, and its options",
        "datasets.digits.task.own: 'far' of mine.py does not take these arguments (too "
        "many positional arguments); it takes: outputs; it is called with outputs and "
        "targets",
    ]
    Path("mine.py").write_text(text.replace("split", "train").replace("s):", "s, t):"))
    assert refused({"datasets.digits": {"source": {"own": OWN}, "task": ASKED}}) == []


def test_folders_of_images_need_three_channels(tmp_path):
    (said, _) = refused(
        {
            "datasets.digits": {"source": {"npz": {"path": "a.npz"}}, "mean": [1]},
            "datasets.more": {"source": {"cifar10": {}}, "mean": [0] * 3},
        }
    )

    assert said == "datasets.digits.std: needs one value a channel, 1, not 0"
