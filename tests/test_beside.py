"""Our numbers stand beside the paper's of the same thing, and beside no other."""

import numpy as np
import pytest

from losslandscape import beside

THEIRS = [
    {"what": "test_error", "tag": "P", "of": {"ResNet-20": 7.37, "ResNet-110": 5.79}},
    {"what": "distance", "tag": "P-fig", "of": {"optima": 78.0}},
]


def panel(label: str, *files: tuple[str, str], names: list[str] | None = None) -> dict:
    return {"label": label, "names": names or [label], "files": files}


def test_numbers_are_joined_by_what_they_are_of():
    ours = [("test_error", "ResNet-20", 0.5), ("test_error", "ResNet-32", 2.5)]

    rows = beside.joined([*ours, ("length_ratio", "Bezier", 1.1)], THEIRS)

    assert [(r["of"], r["ours"], r["paper"], r["tag"]) for r in rows] == [
        ("ResNet-20", 0.5, 7.37, "P"),
        ("ResNet-110", None, 5.79, "P"),
        ("ResNet-32", 2.5, None, ""),
        ("optima", None, 78.0, "P-fig"),
    ]


def test_a_figure_states_the_errors_where_training_ended():
    history = {"test_error": np.array([90.0, 12.5])}
    panels = [panel("ResNet-20", ("history", "h"), ("surface", "s"))] * 2

    assert beside.of_figure(panels, {"h": history}) == [
        ("test_error", "ResNet-20", 12.5)
    ]


def test_a_figure_states_what_is_highest_along_each_curve():
    t = np.linspace(0, 1, 3)
    road = {"regularised_loss": np.array([0.1, 3.0, 0.2]), "length": 60 * t}
    road |= {"distance": np.array(50.0), "ensemble_error": np.array(4.0)}
    files = ("profile", "a"), ("profile", "b")
    other = road | {"regularised_loss": np.array([0.1, 0.15, 0.2])}

    found = beside.of_figure(
        [panel("Net", *files, names=["Segment", "Bezier"])], {"a": road, "b": other}
    )

    assert ("highest_regularised_loss", "Segment", 3.0) in found
    assert ("highest_regularised_loss", "Bezier", 0.2) in found
    assert ("length_ratio", "Segment", pytest.approx(1.2)) in found
    assert ("ensemble_error", "Bezier", 4.0) in found


def test_a_figure_states_shares_of_variance_and_distances():
    path = {"explained": np.array([0.8, 0.15])}
    directions = {"distances": [[0, 40], [40, 0]]}
    panels = [panel("WD 0", ("path", "p")), panel("optima", ("directions", "d"))]

    found = beside.of_figure(panels, {"p": path, "d": directions})

    assert found == [
        ("variance_1", "WD 0", pytest.approx(80)),
        ("variance_2", "WD 0", pytest.approx(15)),
        ("distance", "optima", 40),
    ]


def test_a_table_states_its_cells_by_curve_or_label():
    rows = [
        {"label": "Net", "curve": "Bezier", "loss_max": "0.125", "note": "x"},
        {"label": "Net", "curve": "Single", "loss_max": "", "note": "x"},
    ]

    assert beside.of_table(rows, ["loss_max"]) == [("loss_max", "Bezier", 0.125)]
    assert beside.of_table([{"label": "Net", "a": "1"}], ["a"]) == [("a", "Net", 1.0)]
