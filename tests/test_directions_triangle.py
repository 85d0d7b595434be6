"""The plane through three places against Gram and Schmidt on flat vectors."""

import numpy as np
import pytest
import torch

import small
from losslandscape import curves, directions, norms, store, weights

ORIGIN, FIRST, SECOND = small.numbers(3, 152, seed=4)


def span(origin=ORIGIN, targets=(FIRST, SECOND)):
    """The two directions of the small net's plane, (2, n)."""
    return small.span(small.net(), origin, 2, {"triangle": {}}, targets)


def schmidt(origin, first, second):
    """The same of flat arrays, statistics left out."""
    base, height = first - origin, second - origin
    return np.array([base, height - base * (base @ height) / (base @ base)])


def learnt(*vectors):
    """The learnable parts of vectors of the small net, as arrays."""
    return [vector[:138].cpu().numpy() for vector in vectors]


def test_directions_are_those_of_gram_and_schmidt():
    found = span()

    expected = schmidt(*learnt(ORIGIN, FIRST, SECOND))
    assert np.allclose(found[:, :138].cpu(), expected, rtol=0, atol=1e-13)
    assert not found[:, 138:].any()


def test_the_first_direction_leads_to_the_first_place_and_is_not_normalised():
    x, y = span()

    assert torch.equal((ORIGIN + x)[138:], ORIGIN[138:])
    assert torch.allclose((ORIGIN + x)[:138], FIRST[:138], rtol=0, atol=1e-14)
    assert abs(x @ y) < 1e-12 * x.norm() * y.norm()


def test_the_second_direction_leads_to_the_second_place_from_the_line():
    x, y = span()

    foot = (SECOND - ORIGIN - y)[:138]
    share = (foot @ x[:138]) / (x @ x)
    assert torch.allclose(foot, share * x[:138], rtol=0, atol=1e-13)
    assert 0.1 < share < 0.9


@pytest.mark.parametrize("value", [0, 1e30, torch.nan])
def test_statistics_of_batch_norm_count_for_nothing(value):
    moved = [vector.clone() for vector in (FIRST, SECOND)]
    for vector in moved:
        vector[138:] = value

    assert torch.equal(span(targets=moved), span())


def test_directions_have_the_precision_of_the_weights():
    places = [vector.float() for vector in (ORIGIN, FIRST, SECOND)]

    found = span(places[0], places[1:])

    expected = schmidt(*learnt(ORIGIN, FIRST, SECOND))
    assert found.dtype == torch.float32
    assert np.allclose(found[:, :138].cpu(), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("share", [-1.0, 0.0, 0.3, 1.0, 2.0])
def test_places_on_one_line_are_refused(share):
    third = ORIGIN + share * (FIRST - ORIGIN)

    with pytest.raises(ValueError, match="places on one line"):
        span(targets=(FIRST, third))


def test_a_first_place_that_is_the_origin_spans_no_plane():
    with pytest.raises(ValueError, match="places on one line"):
        span(targets=(ORIGIN, SECOND))


@pytest.mark.parametrize(("bends", "middle"), [(1, 0), (2, 1), (3, 1), (4, 2)])
def test_of_the_bends_of_a_curve_the_middle_one_is_the_place(tmp_path, bends, middle):
    net, path = small.net(), tmp_path / "bends.safetensors"
    states = curves.states(
        small.numbers(bends, 138, seed=8), torch.stack([ORIGIN, FIRST])
    )
    weights.save(path, states, net)
    origin = weights.named(ORIGIN, net)

    found = directions.place(store.load_tensors(path)[0], origin)

    for name, part in weights.named(states[middle], net).items():
        assert np.array_equal(found[name], part), name
    both = [weights.named(FIRST, net), found]
    plane = directions.triangle(origin, weights.buffers(net), both)
    expected = span(targets=(FIRST, states[middle]))
    assert torch.equal(weights.joined(plane, net), expected)


def test_a_solution_is_the_place_itself():
    net = small.net()
    target, origin = weights.named(FIRST, net), weights.named(ORIGIN, net)

    found = directions.place(target, origin)

    assert all(np.array_equal(found[name], part) for name, part in target.items())


def test_corners_of_the_triangle_are_at_their_places():
    net = small.net()
    origin, *targets = (weights.named(v, net) for v in (ORIGIN, FIRST, SECOND))

    told = norms.places(origin, weights.named(span(), net), targets)

    first, _ = schmidt(*learnt(ORIGIN, FIRST, SECOND))
    way = (SECOND - ORIGIN)[:138].cpu().numpy()
    share = way @ first / (first @ first)
    expected = [[0, 0], [1, 0], [share, 1]]
    assert np.allclose(told["places"], expected, rtol=0, atol=1e-13)
    corners = learnt(ORIGIN, FIRST, SECOND)
    lengths = [[np.linalg.norm(one - other) for other in corners] for one in corners]
    assert np.allclose(told["distances"], lengths, rtol=1e-7, atol=1e-5)
