"""The same line or plane in several random directions, against single ones."""

import numpy as np
import pytest
import torch

import small
from losslandscape import (
    bundle,
    checkpoint,
    grid,
    landscape,
    losses,
    models,
    repeats,
    surface,
    weights,
)

NOTHING = checkpoint.Checkpoint(None)
RANDOM = {
    "random": {"seed": 5, "normalise": "filter", "ignore": "biasbn", "of": "weights"}
}
SPANS = {
    "x": {"from": -1, "to": 0.5, "points": 4},
    "y": {"from": -1, "to": 1, "points": 3},
}


def single_precision():
    """An engine, the net and its weights in the precision of the workflow."""
    net, seen = small.net().float(), small.seen()
    train, test = (
        part._replace(images=part.images.float()) for part in (seen.train, seen.test)
    )
    seen = seen._replace(train=train, test=test)
    return landscape.engine(net, seen, "frozen"), net, weights.flatten(net)


def resnet():
    """A net of 78 thousand weights, and these."""
    net = models.build({"resnet": {"depth": 8}}, channels=3, size=8, classes=10)
    return net, weights.flatten(net)


@pytest.mark.parametrize("dimensions", [1, 2])
def test_the_first_draw_is_to_the_bit_what_the_plane_itself_has(dimensions):
    loss, net, origin = single_precision()
    axes = grid.axes(SPANS)[:dimensions]
    points = grid.points(axes)

    parts = repeats.drawn(net, origin, dimensions, RANDOM, 3)
    values = repeats.measure(loss, parts, axes, loss(origin).tolist(), NOTHING)

    span = small.span(net, origin, dimensions, RANDOM)
    own = surface.measure(loss, origin, span, points, NOTHING)
    for name in losses.MEASURES:
        assert values[name][0].tobytes() == own[name].tobytes()
        assert values[name].shape == (3, *(3, 4)[2 - dimensions :])
    assert values.keys() - own.keys() == {*(["t"], ["x", "y"])[dimensions - 1]}
    assert all(map(np.array_equal, axes, (values[n] for n in values if len(n) == 1)))


def test_values_over_planes_have_rows_of_y_and_columns_of_x():
    # A loss that tells its point: weights 0 are x, weights 1 are y, times the draw.
    parts = [bundle.Part(torch.zeros(2), k * torch.eye(2)) for k in (1, 10)]
    axes = [np.array([1.0, 2.0, 3.0]), np.array([0.25, 0.5])]

    values = repeats.measure(
        lambda w: torch.stack([w[0], w[1], w[0] + w[1], w[0]]), parts, axes, [], NOTHING
    )

    assert values["train_loss"][1].tolist() == [[10, 20, 30], [10, 20, 30]]
    assert values["train_error"][1].tolist() == [[2.5] * 3, [5] * 3]


def test_each_draw_has_the_seed_after_the_one_before():
    net, origin = resnet()

    parts = repeats.drawn(net, origin, 2, RANDOM, 3)

    assert repeats.seeds(RANDOM, 3) == [5, 6, 7]
    for part, seed in zip(parts, (5, 6, 7), strict=True):
        choice = {"random": RANDOM["random"] | {"seed": seed}}
        assert torch.equal(part.span, small.span(net, origin, 2, choice))
        assert torch.equal(part.origin, origin)


def test_draws_of_other_seeds_really_differ():
    net, origin = resnet()

    cosines = repeats.cosines(repeats.drawn(net, origin, 1, RANDOM, 10))

    between = np.abs(cosines[~np.eye(10, dtype=bool)])
    assert cosines.shape == (10, 10)
    assert np.allclose(np.diag(cosines), 1, rtol=1e-12)
    # sqrt(2 / (π n)) = 0.003 if each weight were moved alike; filters of unlike norms
    # count for less, so it is a little more.
    assert between.min() > 0
    assert between.max() < 0.03


def test_draws_of_the_same_seed_are_the_same():
    net, origin = resnet()

    one, other = (repeats.drawn(net, origin, 2, RANDOM, 2) for _ in range(2))

    assert all(torch.equal(a.span, b.span) for a, b in zip(one, other, strict=True))
    assert repeats.cosines([one[0], other[0]]).min() == pytest.approx(1, rel=1e-12)


def test_cosines_are_of_the_first_directions():
    spans = ([[3.0, 0], [0, 1]], [[1.0, 1], [0, 1]], [[0.0, -2], [0, 1]])
    parts = [bundle.Part(torch.zeros(2), torch.tensor(span)) for span in spans]

    half = 0.5**0.5
    expected = [[1, half, 0], [half, 1, -half], [0, -half, 1]]
    assert np.allclose(repeats.cosines(parts), expected, atol=1e-12)


def test_directions_that_are_not_random_are_refused():
    net = small.net()

    with pytest.raises(ValueError, match="drawn again, not 'difference'"):
        repeats.drawn(net, weights.flatten(net), 1, {"difference": {"to": []}}, 2)
