"""Directions against plain loops over filters, and along a way, in float64."""

import itertools

import numpy as np
import pytest
import torch
from numpy import ndarray
from torch import nn

import small
from losslandscape import components, directions, landscape, losses, weights

RANDOM = {"seed": 3, "normalise": "filter", "ignore": "biasbn", "of": "weights"}


def drawn(net, origin, count=2, **options):
    """Random directions of the small net."""
    return small.span(net, origin, count, {"random": RANDOM | options})


def by_name(net, vector) -> dict[str, ndarray]:
    """The tensors of a vector as arrays."""
    return weights.named(vector, net)


def length(array: ndarray) -> float:
    return sum(number**2 for number in array.ravel().tolist()) ** 0.5


def looped(draw: ndarray, weight: ndarray, how: str) -> ndarray:
    """A normalised tensor, filter by filter and number by number."""
    result = draw.copy()
    for index in np.ndindex(draw.shape):
        if how == "weight":
            result[index] *= weight[index]
        if how == "layer":
            result[index] *= length(weight) / length(draw)
        if how == "filter":
            result[index] *= length(weight[index[0]]) / length(draw[index[0]])
    return result


@pytest.mark.parametrize(
    ("how", "ignore", "of"),
    [
        *itertools.product(
            ("filter", "layer", "weight", "none"),
            ("biasbn", "nothing"),
            ("weights", "states"),
        )
    ],
)
def test_a_random_direction_is_that_of_a_loop_over_its_filters(how, ignore, of):
    net = small.net()
    origin, draw = weights.flatten(net), small.numbers(152, seed=5)

    both = by_name(net, torch.stack([draw, 2 * draw]))
    found = directions.random(
        by_name(net, origin), weights.buffers(net), both, how, ignore, of
    )

    draws, origins = by_name(net, draw), by_name(net, origin)
    for name, (part, twice) in found.items():
        weight = origins[name]
        longer = how in ("weight", "none") and weight.ndim > 1
        assert np.allclose(twice, (1 + longer) * part, rtol=1e-9, atol=0), name
        expected = weight if ignore == "nothing" else np.zeros(weight.shape)
        if weight.ndim > 1:
            expected = looped(draws[name], weight, how)
        if of == "weights" and "running" in name:
            expected = np.zeros(weight.shape)
        assert np.allclose(part, expected, rtol=1e-9, atol=0), name


def test_a_direction_leaves_its_arguments_as_they_are():
    net = small.net()
    origin, draw = weights.flatten(net), small.numbers(1, 152, seed=5)
    parts, draws = by_name(net, origin), by_name(net, draw)

    directions.random(parts, weights.buffers(net), draws, "none", "nothing", "weights")
    directions.difference(parts, weights.buffers(net), [parts], "weights")

    assert torch.equal(origin, weights.flatten(small.net()))
    assert torch.equal(draw, small.numbers(1, 152, seed=5))


def test_filters_of_no_length_are_harmless():
    net = small.net()
    origin, draw = weights.flatten(net), small.numbers(1, 152, seed=5)
    origin[:18] = 0
    draw[:, 18:36] = 0
    parts, draws = by_name(net, origin), by_name(net, draw)

    found = directions.random(
        parts, weights.buffers(net), draws, "filter", "biasbn", "weights"
    )

    direction = weights.joined(found, net)[0]
    assert not direction[:36].any()
    assert direction[36:54].any()
    assert direction.isfinite().all()


def test_a_tensor_is_drawn_the_same_in_any_order_and_company():
    parts = by_name(small.net(), weights.flatten(small.net()))
    others = {name: parts[name] for name in ("7.weight", "0.weight")}

    whole, few = (
        directions.drawn(directions.Start(named, set()), 2, **RANDOM)
        for named in (parts, others)
    )

    assert list(few) == list(others)
    for name, part in few.items():
        assert np.array_equal(part, whole[name])


def test_tensors_of_one_shape_are_drawn_apart():
    origin = {name: np.ones((3, 40)) for name in ("first", "second")}

    found = directions.drawn(directions.Start(origin, set()), 1, **RANDOM)

    assert not np.isclose(found["first"], found["second"]).any()


def test_a_direction_depends_on_its_seed_alone():
    net, origin = small.net(), weights.flatten(small.net())
    torch.manual_seed(1)
    first = drawn(net, origin)
    torch.manual_seed(2)

    again = drawn(small.net(seed=9), origin)
    other = drawn(net, origin, seed=4)

    assert torch.equal(first, again)
    assert not torch.isclose(first[:, :54], other[:, :54]).any()


def test_raw_numbers_do_not_depend_on_the_weights():
    net, origin = small.net(), weights.flatten(small.net())

    here = drawn(net, origin, normalise="none")
    there = drawn(net, 2 * origin, normalise="none")

    assert torch.equal(here, there)


@pytest.mark.parametrize("neurons", [1, 3, 5, 16, 23])
def test_the_axis_of_a_line_is_the_first_of_a_plane(neurons):
    net = nn.Linear(7, neurons, bias=False)
    origin = weights.flatten(net)

    x, y = drawn(net, origin)
    (alone,) = drawn(net, origin, count=1)

    assert torch.equal(alone, x)
    assert not torch.isclose(x, y).any()


def test_the_global_generator_stays_as_it_is():
    net = small.net()
    before = torch.get_rng_state()

    drawn(net, weights.flatten(net))

    assert torch.equal(torch.get_rng_state(), before)


def test_raw_numbers_are_standard_normal_and_independent():
    net = nn.Linear(300, 300, bias=False)

    x, y = drawn(net, weights.flatten(net), normalise="none").double()

    error = 1 / 300
    assert abs(x.mean()) < 5 * error
    assert abs(x.std() - 1) < 5 * error
    assert abs((x**4).mean() - 3) < 5 * 96**0.5 * error
    assert abs((x * y).mean()) < 5 * error


WAY = small.numbers(6, 152, seed=7).cumsum(0)
MOVED = {
    ("nothing", "states"): lambda name, part: True,
    ("nothing", "weights"): lambda name, part: "running" not in name,
    ("biasbn", "states"): lambda name, part: part.dim() > 1,
    ("biasbn", "weights"): lambda name, part: part.dim() > 1,
}


@pytest.mark.parametrize(("ignore", "of"), MOVED)
def test_principal_directions_reach_as_far_as_the_way(ignore, of):
    net, choice = small.net(), {"principal": {"ignore": ignore, "of": of}}

    span = small.span(net, WAY[-1], 2, choice, WAY)

    tensors = weights.tensors(net).items()
    kinds = [MOVED[ignore, of](*item) for item in tensors]
    sizes = [part.numel() for _, part in tensors]
    moved = torch.as_tensor(np.repeat(kinds, sizes)).to(WAY.device)
    whole = components.principal({"all": (WAY * moved).cpu().numpy()})
    units = torch.as_tensor(whole.directions["all"])
    reach = ((WAY - WAY[-1]) @ units.T).abs().amax(0)
    assert torch.allclose(span, reach[:, None] * units, rtol=0, atol=1e-12)
    coordinates = (WAY - WAY[-1]) @ span.T / span.norm(dim=1) ** 2
    assert coordinates.abs().amax(0).tolist() == pytest.approx([1, 1])


def test_a_line_has_the_first_of_the_principal_directions():
    choice = {"principal": {"ignore": "nothing", "of": "weights"}}

    plane, line = (
        small.span(small.net(), WAY[-1], count, choice, WAY) for count in (2, 1)
    )

    assert torch.equal(line, plane[:1])


@pytest.mark.parametrize("of", ["states", "weights"])
def test_an_initial_direction_reaches_the_initial_point_beside_a_random_one(of):
    net, options = small.net(), RANDOM | {"of": of}

    span = small.span(net, WAY[-1], 2, {"initial": options}, WAY)

    moved = 152 if of == "states" else 138
    expected = torch.cat([WAY[0, :moved], WAY[-1, moved:]])
    assert torch.allclose(WAY[-1] + span[0], expected, rtol=0, atol=1e-12)
    assert torch.equal(span[1:], drawn(net, WAY[-1], 1, of=of))


def test_a_run_that_stayed_where_it_was_has_no_initial_direction():
    with pytest.raises(ValueError, match="initial weights of the run are its last"):
        small.span(small.net(), WAY[-1], 2, {"initial": RANDOM}, WAY[-1:])


@pytest.mark.parametrize("of", ["states", "weights"])
def test_differences_reach_the_other_solutions(of):
    net, seen = small.net(), small.seen()
    origin, *others = (weights.flatten(small.net(seed)) for seed in range(3))

    span = small.span(net, origin, 2, {"difference": {"of": of}}, others)

    # Statistics are those of the origin where weights alone move.
    moved = 152 if of == "states" else 138
    loss = landscape.engine(net, seen, "interpolated")
    for direction, other in zip(span, others, strict=True):
        expected = torch.cat([other[:moved], origin[moved:]])
        assert torch.allclose(origin + direction, expected, rtol=0, atol=1e-14)
        assert loss(origin + direction).tolist() == pytest.approx(
            losses.plain(net, expected, seen), rel=1e-9
        )
