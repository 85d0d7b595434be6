"""Axes by name, and volumes: references that are broken or do not fit."""

import pytest

import studies
from studies import RUN, broken, row

AXES = """
{axes: [{gradient: {}}]}
    planes.coarse.directions: 1 axes do not span x and y
{axes: [{gradient: {}}, {eigenvector: {}}, {random: {}}]}
    planes.coarse.directions: 3 axes do not span x and y
{orthogonal: [{gradient: {}}, {run: digits/deep/rms-seed1}]}
    planes.coarse.directions: run 'digits/deep/rms-seed1': recipes has no 'rms'
{axes: [{gradient: {}}, {run: digits/deep/sgd-seed1--sgd-seed2/bow}]}
    planes.coarse.directions: curves has no 'bow'
{axes: [{gradient: {}}, {random: {of: states}}]}
    planes.coarse: batchnorm frozen needs directions of weights
{axes: [{gradient: {}}, {run: digits/deep/sgd-seed0}]}
    figures.shown.surfaces: the direction from 'digits/deep/sgd-seed0' leads to itself
{axes: [{gradient: {}}, {principal: {}}]}
    figures.shown.surfaces: the recipe of 'digits/deep/sgd-seed0' does not keep its way
"""


@pytest.mark.parametrize(("directions", "said"), studies.cases(AXES))
def test_axes_that_do_not_fit_are_told_with_their_place(directions, said):
    assert broken({"planes.coarse.directions": directions}) == [said]


def test_a_component_needs_as_many_kept_nets():
    axes = [{"gradient": {}}, {"principal": {"index": 2}}]
    way = {"recipes.sgd.keep": {"every": 1}}

    said = broken(way | {"planes.coarse.directions": {"axes": axes}})

    assert said == [
        f"figures.shown.surfaces: '{RUN}' keeps 3 nets, too few for component 2"
    ]


@pytest.mark.parametrize("batchnorm", ["frozen", "re-estimated"])
def test_axes_that_fit_are_sound(batchnorm):
    axes = [{"eigenvector": {}}, {"run": "digits/deep/sgd-seed1"}]
    said = broken(
        {
            "planes.coarse.directions": {"axes": axes},
            "planes.coarse.batchnorm": batchnorm,
        }
    )

    assert said == []


AXIS = {"from": -1, "to": 1, "points": 3}
SOLID = {f"planes.{name}.z": AXIS for name in ("coarse", "fine", "finest")}
VOLUMES = """
{slices: {plane: finest}}

{volumes: {plane: coarse}}

{slices: {plane: line}}
    figures.shown.slices: draws a volume (x, y and z), which 'line' is not
{contours: {plane: finest}}
    figures.shown.contours: draws a plane (x and y), which 'finest' is not
"""


@pytest.mark.parametrize(("entry", "said"), studies.cases(VOLUMES))
def test_volumes_are_drawn_by_kinds_of_their_own(entry, said):
    assert broken(SOLID | row(entry)) == [said] * bool(said)


def test_a_volume_refines_a_volume_and_is_no_table_of_flatness():
    shows = {"flatness": {"plane": "coarse", "runs": [RUN]}}
    tables = {"tables": {"table": {"shows": shows}}}
    drawn = row({"slices": {"plane": "finest"}})
    flat = {key: SOLID[key] for key in ("planes.fine.z", "planes.finest.z")}

    assert broken(SOLID | drawn | tables) == [
        "tables.table.flatness: draws a plane (x and y), which 'coarse' is not"
    ]
    assert broken(flat | drawn) == [
        "planes.fine.refines: planes has no volume 'coarse'"
    ]
    assert broken({"planes.coarse.directions": {"initial": {}}} | SOLID | drawn)[0] == (
        "planes.coarse.directions: the two of 'initial' do not span x, y and z"
    )
