"""What figures call axes that were chosen by name."""

import pytest

import studies
from losslandscape import axis_names

RUN = "digits/deep/sgd-seed1"


def names(axes: list[dict], labels: dict | None = None) -> list[str]:
    directions = {"axes": axes}
    changes = {"planes.coarse.directions": directions, "labels": labels or {}}
    return axis_names.of(studies.tiny(changes), "finest")


def test_a_plane_has_the_names_of_what_it_refines_and_kinds_have_none():
    assert names([{"gradient": {}}, {"random": {"seed": 1}}]) == [
        "gradient",
        "random, seed 1",
    ]
    assert axis_names.of(studies.tiny(), "finest") == []


@pytest.mark.parametrize(
    ("axis", "labels", "name"),
    [
        ({"principal": {"index": 0}}, {}, "component 1"),
        ({"run": RUN}, {}, "to sgd, seed 1"),
        ({"run": RUN}, {"sgd": "SGD"}, "to SGD, seed 1"),
        ({"run": RUN}, {RUN: "The other"}, "to The other"),
        ({"run": "digits/deep/sgd-seed0--sgd-seed1/arch"}, {}, "to arch"),
        (
            {"run": "digits/deep/sgd-seed0--sgd-seed1/arch"},
            {"arch": "Bezier"},
            "to Bezier",
        ),
    ],
)
def test_an_axis_says_what_it_is_or_where_it_leads(axis, labels, name):
    assert names([axis], labels) == [name]


@pytest.mark.parametrize(
    ("which", "index", "told"),
    [
        ("largest", 0, "largest"),
        ("largest", 1, "2nd largest"),
        ("smallest", 2, "3rd smallest"),
        ("smallest", 19, "20th smallest"),
    ],
)
def test_an_eigenvector_is_named_by_its_place_in_the_spectrum(which, index, told):
    axis = {"eigenvector": {"which": which, "index": index}}

    assert names([axis]) == [f"eigenvector, {told} λ"]


def test_what_is_left_of_an_axis_at_right_angles_is_marked():
    axes = [{"gradient": {}}, {"random": {"seed": 1}}]
    study = studies.tiny({"planes.coarse.directions": {"orthogonal": axes}})

    assert axis_names.of(study, "finest") == ["gradient", "random, seed 1 ⊥"]
