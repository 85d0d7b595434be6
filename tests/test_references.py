"""Studies with one broken reference each: to what is not there or does not fit."""

import pytest

import studies
from studies import RUN, broken, row


def test_a_sound_study_has_no_broken_reference():
    assert broken({}) == []


REFERENCES = """
planes.fine.refines: coarser
    planes.fine.refines: planes has no plane 'coarser'
planes.fine.refines: line
    planes.fine.refines: planes has no plane 'line'
planes.line.batchnorm: interpolated
    planes.line: batchnorm interpolated needs directions of states
planes.line.directions: {random: {of: states}}
    planes.line: batchnorm frozen needs directions of weights
planes.between.batchnorm: frozen
    planes.between: batchnorm frozen needs directions of weights
planes.between.y: {from: 0, to: 1, points: 2}
    planes.between.directions: 1 runs do not span x and y
planes.between.directions.difference.to: [digits/deep/sgd-seed1, digits/deep/sgd-seed2]
    planes.between.directions: 2 runs do not span x alone
planes.between.directions.difference.to: [digits/deep/rms-seed1]
    planes.between.directions: run 'digits/deep/rms-seed1': recipes has no 'rms'
figures.shown.rows.0.lines.plane: lime
    figures.shown.lines: planes has no 'lime'
figures.shown.rows.0.lines.plane: coarse
    figures.shown.lines: draws a line (x alone), which 'coarse' is not
figures.shown.rows.1.surfaces.plane: line
    figures.shown.surfaces: draws a plane (x and y), which 'line' is not
figures.shown.rows.1.surfaces.runs: [images/deep/sgd-seed0]
    figures.shown.surfaces: run 'images/deep/sgd-seed0': datasets has no 'images'
figures.shown.rows.1.surfaces.runs: [digits/wide/sgd-seed0]
    figures.shown.surfaces: run 'digits/wide/sgd-seed0': models has no 'wide'
"""


@pytest.mark.parametrize(("change", "said"), studies.cases(REFERENCES))
def test_a_broken_reference_is_told_with_its_place(change, said):
    assert broken(change) == [said]


def test_a_direction_leads_from_one_run_of_a_net_to_another():
    assert broken({"figures.shown.rows.0.lines.plane": "between"}) == [
        "figures.shown.lines: no direction leads from 'digits/dense/adam-seed12'"
        " to 'digits/deep/sgd-seed1'"
    ]


def test_a_finer_grid_leads_where_the_plane_leads_that_it_refines():
    runs = ["digits/dense/sgd-seed1", "digits/deep/sgd-seed2"]

    said = broken(
        {
            "planes.coarse.directions": {"difference": {"to": runs}},
            "planes.coarse.batchnorm": "interpolated",
        }
    )

    assert said == [
        "figures.shown.surfaces: no direction leads from 'digits/deep/sgd-seed0'"
        " to 'digits/dense/sgd-seed1'"
    ]


@pytest.mark.parametrize(
    ("change", "circular"),
    [
        ({"planes.fine.refines": "fine"}, ["fine", "finest"]),
        ({"planes.fine.refines": "finest"}, ["fine", "finest"]),
        ({"planes.finest.refines": "finest"}, ["finest"]),
    ],
)
def test_planes_that_refine_each_other_are_refused(change, circular):
    end = "leads to no plane with directions of its own"

    assert broken(change) == [f"planes.{name}.refines: {end}" for name in circular]


WAY = {"recipes.sgd.keep": {"every": 1}, "planes.coarse.directions": {"principal": {}}}
KINDS = """
{maps: {plane: coarse}}
    maps: plane 'coarse' has no hessian
{densities: {plane: finest}}
    densities: plane 'finest' has no hessian
{maps: {plane: line}}
    maps: draws a plane (x and y), which 'line' is not
{rescalings: {plane: line}}
    rescalings: plane 'line' has no factors
{rescalings: {plane: line}}
    rescalings: plane 'line' has no hessian
{sharpness: {plane: coarse}}
    sharpness: draws a line (x alone), which 'coarse' is not
{paths: {plane: coarse}}
    paths: the recipe of 'digits/deep/sgd-seed0' does not keep its way
{paths: {plane: finest, guests: [digits/deep/new-seed0]}}
    paths.guests: run 'digits/deep/new-seed0': recipes has no 'new'
{paths: {plane: finest, guests: [digits/deep/sgd-seed0]}}
    paths.guests: 'digits/deep/sgd-seed0' is the run of the plane itself
{paths: {plane: finest, guests: [digits/wide/sgd-seed0]}}
    paths.guests: run 'digits/wide/sgd-seed0': models has no 'wide'
{paths: {plane: finest, guests: [digits/deep/sgd-seed1]}}
    paths.guests: the recipe of 'digits/deep/sgd-seed1' does not keep its way
{paths: {plane: finest, units: length}}
    paths.units: lengths are of components, which 'finest' has not
{iterates: {plane: finest}}
    iterates: the recipe of 'digits/deep/sgd-seed0' does not keep its way
{lines: {plane: between, directions: 3}}
    lines.directions: only random directions can be drawn again
{scatter: {table: flat}}
    scatter: tables has no table of flatness 'flat'
{norms: {panels: {A: [digits/deep/sgd-seed0, digits/wide/sgd-seed0]}}}
    norms: run 'digits/wide/sgd-seed0': models has no 'wide'
"""


@pytest.mark.parametrize(("entry", "said"), studies.cases(KINDS))
def test_an_entry_that_cannot_be_drawn_is_told_with_its_place(entry, said):
    told = broken(row(entry))

    assert f"figures.shown.{said}" in told


SOUND = """
{paths: {plane: finest, guests: [digits/deep/sgd-seed1]}}
    recipes.sgd.keep
{paths: {plane: finest}}
    recipes.sgd.keep
{maps: {plane: finest}}
    planes.coarse.hessian
"""


@pytest.mark.parametrize(("entry", "needed"), studies.cases(SOUND))
def test_an_entry_that_has_what_it_needs_is_sound(entry, needed):
    assert broken(row(entry) | {needed: {"every": 1}}) == []


def test_rescaled_weights_need_factors_and_a_hessian():
    rows = row({"rescalings": {"plane": "line"}})

    assert broken(rows | {"planes.line.factors": [1], "planes.line.hessian": {}}) == []


def test_components_are_of_runs_that_keep_their_way():
    rows = row({"contours": {"plane": "coarse"}})

    assert broken(WAY | rows) == []
    assert broken({"planes.coarse.directions": {"initial": {}}} | rows) == [
        f"figures.shown.contours: the recipe of '{RUN}' does not keep its way"
    ]


def test_components_need_three_kept_nets():
    rows = row({"contours": {"plane": "coarse"}})

    assert broken(WAY | rows | {"recipes.sgd.keep": {"every": 2}}) == [
        f"figures.shown.contours: components need three kept nets; '{RUN}' keeps two"
    ]


@pytest.mark.parametrize("kind", ["principal", "initial"])
def test_components_span_no_line(kind):
    assert broken({"planes.line.directions": {kind: {}}})[0] == (
        f"planes.line.directions: the two of '{kind}' do not span x alone"
    )


FACTORS = """
planes.line.directions: {random: {normalise: none}}
    planes.line.factors: need directions with normalise filter
planes.line.directions: {random: {ignore: nothing}}
    planes.line.factors: need directions with ignore biasbn
planes.line.x: {from: 0, to: 1, points: 3}
    planes.line.factors: need an x from below 0 to above
"""


@pytest.mark.parametrize(("change", "said"), studies.cases(FACTORS))
def test_weights_are_rescaled_where_curves_may_not_see_it(change, said):
    assert broken(change | {"planes.line.factors": [1, 2]}) == [said]


def test_no_direction_leads_from_a_run_to_itself():
    end = "digits/deep/sgd-seed1"
    lines = {"plane": "between", "runs": [end]}

    assert broken({"figures.shown.rows": [{"lines": lines}]}) == [
        f"figures.shown.lines: the direction from '{end}' leads to itself"
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"planes.line.batchnorm": "re-estimated"},
        {"planes.line.directions": {"difference": {"to": [RUN], "of": "weights"}}},
    ],
)
def test_weights_are_rescaled_on_random_lines_with_frozen_batch_norm(changes):
    told = broken(changes | {"planes.line.factors": [1, 2]})

    assert "planes.line.factors: need random directions and frozen batch norm" in told


TABLES = """
{flatness: {plane: lime, runs: [digits/deep/sgd-seed0]}}
    tables.table.flatness: planes has no 'lime'
{curvature: {plane: coarse, runs: [digits/deep/sgd-seed0]}}
    tables.table.curvature: plane 'coarse' has no hessian
{errors: {runs: [digits/deep/sgd-seed0], printed: {digits/deep/adam: {}}}}
    tables.table.errors.printed: the table has no run of 'digits/deep/adam'
{errors: {runs: [digits/deep/rms-seed0]}}
    tables.table.errors: run 'digits/deep/rms-seed0': recipes has no 'rms'
"""


@pytest.mark.parametrize(("shows", "said"), studies.cases(TABLES))
def test_a_table_of_what_is_not_there_is_told_with_its_place(shows, said):
    assert broken({"tables": {"table": {"shows": shows}}}) == [said]


@pytest.mark.parametrize("plane", ["line", "coarse"])
def test_a_table_of_flatness_is_of_lines_and_of_planes(plane):
    shows = {"flatness": {"plane": plane, "runs": [RUN]}}

    assert broken({"tables": {"table": {"shows": shows}}}) == []
