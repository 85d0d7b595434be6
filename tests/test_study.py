"""What the names in a sound study mean."""

import pytest

import studies
from losslandscape import exhibits, study

FIRST, SECOND = "digits/deep/sgd-seed0", "digits/dense/adam-seed12"


@pytest.mark.parametrize("name", ["coarse", "fine", "finest"])
def test_a_plane_spans_what_it_refines_in_the_end(name):
    assert study.spanned(studies.tiny()["planes"], name) == "coarse"


def test_a_line_of_differences_ends_where_they_lead():
    planes = studies.tiny()["planes"]

    assert study.ends(planes, "between") == ["digits/deep/sgd-seed1"]
    assert study.ends(planes, "finest") == []


@pytest.mark.parametrize(("every", "nets"), [(None, 0), (1, 6), (2, 4), (3, 3), (5, 2)])
def test_the_nets_that_a_run_keeps_are_counted(every, nets):
    changes = {"recipes.sgd.epochs": 5, "recipes.sgd.keep": {"every": every}}
    if every is None:
        del changes["recipes.sgd.keep"]

    assert study.kept(studies.tiny(changes), FIRST) == nets


def test_a_run_is_looked_up_part_by_part():
    assert study.run(SECOND, studies.tiny()) == {
        "dataset": "digits",
        "model": "dense",
        "recipe": "adam",
        "seed": "12",
    }


def sound(rows: list[dict], **changes) -> dict:
    """The study with a figure of these rows, and what has a default said."""
    return studies.tiny({"figures.shown.rows": rows, "labels": {}} | changes)


def panels(rows: list[dict], **changes) -> list[dict]:
    """The panels of a figure of these rows."""
    return exhibits.panels(sound(rows, **changes), "shown")


@pytest.mark.parametrize(
    ("labels", "label", "expected"),
    [
        ({}, "model", ["deep", "dense"]),
        ({}, "recipe", ["sgd", "adam"]),
        ({}, "plane", ["line", "line"]),
        ({"line": "The line"}, "plane", ["The line", "The line"]),
        ({"deep": "ResNet-20"}, "model", ["ResNet-20", "dense"]),
        ({"deep": "ResNet-20", "adam": "Adam"}, "recipe", ["sgd", "Adam"]),
        ({"deep": "ResNet-20", FIRST: "The first"}, "model", ["The first", "dense"]),
    ],
)
def test_a_label_is_that_of_the_run_or_of_what_the_entry_says(labels, label, expected):
    row = {"lines": {"plane": "line", "runs": [FIRST, SECOND], "label": label}}

    assert [panel["label"] for panel in panels([row], labels=labels)] == expected


def test_panels_stand_in_the_order_of_the_rows_with_the_files_they_draw():
    found = panels(
        [
            {"lines": {"plane": "line", "runs": [FIRST, SECOND], "label": "model"}},
            {"paths": {"plane": "finest", "runs": [FIRST], "label": "model"}},
        ]
    )

    assert [panel["files"] for panel in found] == [
        [("history", f"{FIRST}/history.csv"), ("line", f"{FIRST}/line/line.h5")],
        [("history", f"{SECOND}/history.csv"), ("line", f"{SECOND}/line/line.h5")],
        [
            ("history", f"{FIRST}/history.csv"),
            ("surface", f"{FIRST}/finest/surface.h5"),
            ("path", f"{FIRST}/finest/path.h5"),
        ],
    ]


def test_a_line_to_another_run_shows_the_history_of_both():
    (found,) = panels(
        [{"lines": {"plane": "between", "runs": [FIRST], "label": "plane"}}]
    )

    assert found["files"][:2] == [
        ("history", f"{FIRST}/history.csv"),
        ("history", "digits/deep/sgd-seed1/history.csv"),
    ]


def test_more_directions_are_another_file():
    line = {"plane": "line", "runs": [FIRST], "label": "model", "directions": 10}

    (found,) = panels([{"lines": line}])

    assert found["files"][1] == ("repeats", f"{FIRST}/line/repeats-10.h5")


def test_a_panel_of_several_runs_has_a_name_for_each():
    row = {"norms": {"panels": {"Both": [FIRST, SECOND]}, "label": "recipe"}}

    assert panels([row]) == [
        {
            "label": "Both",
            "names": ["sgd", "adam"],
            "files": [
                ("history", f"{FIRST}/history.csv"),
                ("history", f"{SECOND}/history.csv"),
            ],
        }
    ]


def test_a_table_is_drawn_from_its_file():
    (found,) = panels([{"scatter": {"table": "flat", "x": "radius"}}])

    assert found["files"] == [("table", "tables/flat.csv")]


@pytest.mark.parametrize(
    ("shows", "files"),
    [
        ({"errors": {}}, ["history.csv"]),
        ({"flatness": {"plane": "coarse"}}, ["history.csv", "coarse/surface.h5"]),
        ({"flatness": {"plane": "line"}}, ["history.csv", "line/line.h5"]),
        (
            {"curvature": {"plane": "coarse"}},
            ["history.csv", "coarse/curvature.h5", "coarse/spectrum.h5"],
        ),
    ],
)
def test_a_table_shows_files_of_each_of_its_runs(shows, files):
    ((kind, options),) = shows.items()
    entry = {
        kind: options | {"runs": [FIRST, "digits/deep/sgd-seed1"], "label": "model"}
    }
    config = studies.tiny({"tables": {"table": {"shows": entry}}, "labels": {}})

    found = exhibits.tabled(config, "table")

    assert [row["run"] for row in found] == [FIRST, "digits/deep/sgd-seed1"]
    assert {row["group"] for row in found} == {"digits/deep/sgd"}
    assert [path for _, path in found[0]["files"]] == [f"{FIRST}/{f}" for f in files]


def test_files_and_roles_are_those_of_all_panels_in_order():
    shown = [
        {"label": "A", "files": [("history", "a.csv"), ("line", "a.h5")]},
        {"label": "B", "files": [("history", "b.csv")]},
    ]

    assert exhibits.files(shown) == [
        f"<results>/{name}" for name in ("a.csv", "a.h5", "b.csv")
    ]
    assert exhibits.roles(shown) == [
        {"label": "A", "roles": ["history", "line"]},
        {"label": "B", "roles": ["history"]},
    ]


def test_a_name_leads_to_the_figures_and_tables_that_have_it_or_its_paper():
    rows = {"rows": []}
    config = {
        "figures": {"one": rows | {"paper": "li"}, "two": rows, "flat": rows},
        "tables": {"flat": {"paper": "li"}},
    }

    assert study.targets(config) == {
        "one": {"figures": ["one"], "tables": []},
        "two": {"figures": ["two"], "tables": []},
        "flat": {"figures": ["flat"], "tables": ["flat"]},
        "li": {"figures": ["one"], "tables": ["flat"]},
    }
