"""Norms and angles against plain loops over numbers, in float64."""

import numpy as np
import pytest
import torch
from numpy import ndarray

import small
from losslandscape import norms, weights

RANDOM = {"seed": 3, "normalise": "filter", "ignore": "biasbn", "of": "weights"}


def drawn(net, origin):
    """Random directions of the small net."""
    return small.span(net, origin, 2, {"random": RANDOM})


def length(array: ndarray) -> float:
    return sum(number**2 for number in array.ravel().tolist()) ** 0.5


def test_norms_are_those_of_every_filter():
    net, origin = small.net(), weights.flatten(small.net())
    span = small.numbers(2, 152, seed=5)

    rows = norms.table(weights.named(origin, net), weights.named(span, net))

    expected = []
    columns = [weights.named(vector, net) for vector in (origin, *span)]
    for name, weight in columns[0].items():
        filters = range(len(weight)) if weight.ndim > 1 else [slice(None)]
        for index, one in enumerate(filters):
            lengths = [length(column[name][one]) for column in columns]
            expected.append([name, index, *map(pytest.approx, lengths)])
    assert [list(row.values()) for row in rows] == expected
    assert list(rows[0]) == [
        *("tensor", "filter", "weight_norm", "direction0_norm", "direction1_norm")
    ]
    assert {type(row["weight_norm"]) for row in rows} == {float}


def test_filters_of_a_direction_are_as_long_as_those_of_the_weights():
    net, origin = small.net(), weights.flatten(small.net())

    rows = norms.table(
        weights.named(origin, net), weights.named(drawn(net, origin), net)
    )

    moved = [row for row in rows if row["direction0_norm"] or row["direction1_norm"]]
    assert [row["tensor"][0] for row in moved] == list("0004444777")
    for row in moved:
        assert row["direction0_norm"] == pytest.approx(row["weight_norm"], rel=1e-9)
        assert row["direction1_norm"] == pytest.approx(row["weight_norm"], rel=1e-9)


def test_a_summary_tells_the_norms_and_the_angle():
    x, y = small.numbers(152, seed=5), small.numbers(152, seed=6)

    summary = norms.summary(weights.named(torch.stack([x, y]), small.net()))

    x, y = x.cpu().numpy(), y.cpu().numpy()
    cosine = (x * y).sum() / length(x) / length(y)
    assert summary["norms"] == pytest.approx([length(x), length(y)])
    assert summary["angle"] == pytest.approx(np.degrees(np.arccos(cosine)))
    assert summary["zeroed"] == []


@pytest.mark.parametrize(("angle", "cosine"), [(0, 1), (60, 0.5), (180, -1)])
def test_a_known_angle_is_told_in_degrees(angle, cosine):
    span = torch.zeros(2, 152)
    span[0, 0], span[1, 0], span[1, 1] = 3, 7 * cosine, 7 * (1 - cosine**2) ** 0.5

    summary = norms.summary(weights.named(span, small.net()))

    assert summary["angle"] == pytest.approx(angle, abs=1e-5)


def test_a_line_has_no_angle():
    line = weights.named(small.numbers(1, 152), small.net())

    assert norms.summary(line)["angle"] is None


def test_a_summary_names_the_tensors_that_do_not_move():
    net = small.net()

    span = drawn(net, weights.flatten(net))
    summary = norms.summary(weights.named(span, net))

    matrices = ("0.weight", "4.weight", "7.weight")
    expected = [name for name in weights.tensors(net) if name not in matrices]
    assert summary["zeroed"] == expected


def test_places_are_those_of_least_squares_and_distances_plain_norms():
    net, origin = small.net(), small.numbers(152, seed=5)
    span, targets = small.numbers(2, 152, seed=6), small.numbers(3, 152, seed=7)
    span[:, :54] = 0  # the first kernel stays where it is, wherever the places are

    told = norms.places(
        weights.named(origin, net),
        weights.named(span, net),
        [weights.named(target, net) for target in targets],
    )

    moved, matrix = slice(54, None), span[:, 54:].T.cpu().numpy()
    points = [vector[moved].cpu().numpy() for vector in (origin, *targets)]
    ways = np.transpose([point - points[0] for point in points])
    expected, *_ = np.linalg.lstsq(matrix, ways)
    lengths = [[length(one - other) for other in points] for one in points]
    assert np.allclose(told["places"], expected.T, rtol=0, atol=1e-12)
    assert np.allclose(told["distances"], lengths, rtol=1e-7, atol=1e-6)


def test_inner_products_are_of_all_tensors_together():
    net, left, right = small.net(), small.numbers(2, 152), small.numbers(3, 152, seed=1)

    found = norms.inner(weights.named(left.float(), net), weights.named(right, net))

    expected = left.float().double() @ right.T
    assert found.dtype == np.float64
    assert np.allclose(found, expected.cpu(), rtol=1e-12, atol=1e-12)
