"""What counts as the value of the net itself, one measure at a time."""

import numpy as np
import pytest

from losslandscape import centre

ITSELF = [2.0, 30.0, 0.5, 40.0]
CELLS = np.array([[x, y] for y in (-1, 0, 1) for x in (-1, 0)])


def changed(measure, value):
    return [value if k == measure else one for k, one in enumerate(ITSELF)]


def test_the_same_values_are_accepted():
    centre.require(ITSELF, ITSELF, "a line")


@pytest.mark.parametrize("measure", [0, 2])
@pytest.mark.parametrize("sign", [-1, 1])
def test_losses_may_differ_by_a_ten_thousandth(measure, sign):
    loss = ITSELF[measure]

    centre.require(changed(measure, loss * (1 + sign * 0.9e-4)), ITSELF, "a line")
    with pytest.raises(ArithmeticError, match="a line: at the centre"):
        centre.require(changed(measure, loss * (1 + sign * 1.1e-4)), ITSELF, "a line")


def test_losses_near_zero_may_differ_by_a_millionth():
    centre.require(changed(0, 0.9e-6), changed(0, 0.0), "a line")
    with pytest.raises(ArithmeticError, match="a line: at the centre"):
        centre.require(changed(0, 1.1e-6), changed(0, 0.0), "a line")


@pytest.mark.parametrize("measure", [1, 3])
@pytest.mark.parametrize("sign", [-1, 1])
def test_errors_may_differ_by_a_fifth_of_a_percent(measure, sign):
    error = ITSELF[measure]

    centre.require(changed(measure, error + sign * 0.19), ITSELF, "a line")
    with pytest.raises(ArithmeticError, match="a line: at the centre"):
        centre.require(changed(measure, error + sign * 0.21), ITSELF, "a line")


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_losses_that_are_infinite_or_undefined_in_both_are_the_same(value):
    centre.require(changed(0, value), changed(0, value), "a line")


@pytest.mark.parametrize("measure", range(4))
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.0, np.inf),
        (np.inf, 1.0),
        (1.0, np.nan),
        (np.nan, 1.0),
        (np.inf, -np.inf),
        (np.nan, np.inf),
        (np.inf, np.nan),
    ],
)
def test_values_that_are_infinite_or_undefined_in_one_are_refused(
    measure, value, expected
):
    with pytest.raises(ArithmeticError, match="a line: at the centre"):
        centre.require(changed(measure, value), changed(measure, expected), "a line")


def test_a_refusal_tells_both_values():
    with pytest.raises(ArithmeticError) as told:
        centre.require([2.5, *ITSELF[1:]], ITSELF, "surface.h5")

    assert "surface.h5: at the centre {'train_loss': 2.5," in str(told.value)
    assert "the net itself has [2.0, 30.0, 0.5, 40.0]" in str(told.value)


def at_each(cells, wrong):
    """Values that are right in one cell only."""
    values = {
        name: np.full((3, 2), value + wrong)
        for name, value in zip(centre.MEASURES, ITSELF, strict=True)
    }
    for name, value in zip(centre.MEASURES, ITSELF, strict=True):
        values[name].flat[cells] = value
    return values


def test_the_point_at_zero_must_be_the_net_itself():
    centre.require_cell(at_each(3, wrong=1), CELLS, ITSELF, "surface.h5")

    for other in (0, 1, 2, 4, 5):
        with pytest.raises(ArithmeticError, match=r"surface\.h5"):
            centre.require_cell(at_each(other, wrong=1), CELLS, ITSELF, "surface.h5")


def test_a_point_that_is_zero_but_for_rounding_is_the_centre():
    nudged = CELLS + 1e-16

    with pytest.raises(ArithmeticError, match=r"surface\.h5"):
        centre.require_cell(at_each(0, wrong=1), nudged, ITSELF, "surface.h5")


def test_a_landscape_without_a_point_at_zero_is_accepted():
    centre.require_cell(at_each(0, wrong=1), CELLS + 0.1, ITSELF, "surface.h5")


def test_the_centre_of_a_line_is_looked_for_on_its_one_axis():
    line = np.linspace(-1, 1, 6)[:, None] + 0.2

    centre.require_cell(at_each(2, wrong=1), line, ITSELF, "line.h5")
    with pytest.raises(ArithmeticError, match=r"line\.h5"):
        centre.require_cell(at_each(3, wrong=1), line, ITSELF, "line.h5")
