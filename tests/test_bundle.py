"""Several lines and planes at once, against each of them alone."""

import numpy as np
import pytest

import small
from losslandscape import (
    bundle,
    checkpoint,
    grid,
    landscape,
    losses,
    surface,
    weights,
)

NOTHING = checkpoint.Checkpoint(None)
FILTERS = {"normalise": "filter", "ignore": "biasbn", "of": "weights"}


def problem(dimensions: int):
    """An engine in single precision, three parts, and what is at their centre."""
    net, seen = small.net().float(), small.seen()
    train, test = (
        part._replace(images=part.images.float()) for part in (seen.train, seen.test)
    )
    loss = landscape.engine(net, seen._replace(train=train, test=test), "frozen")
    origin = weights.flatten(net)
    spans = [
        bundle.drawn(net, origin, dimensions, FILTERS | {"seed": seed})
        for seed in (1, 2, 3)
    ]
    return loss, [bundle.Part(origin, span) for span in spans], loss(origin).tolist()


@pytest.mark.parametrize("dimensions", [1, 2])
def test_every_part_has_to_the_bit_the_values_that_it_has_alone(dimensions):
    loss, parts, centre = problem(dimensions)
    points = grid.points([np.linspace(-1, 0.7, 4), np.linspace(-1, 1, 3)][:dimensions])

    together = bundle.measure(loss, parts, points, centre, NOTHING)

    assert together.keys() == set(losses.MEASURES)
    for k, (origin, span) in enumerate(parts):
        alone = surface.measure(loss, origin, span, points, NOTHING)
        for name in losses.MEASURES:
            assert together[name][k].tobytes() == alone[name].tobytes()
    assert len({*together["train_loss"][:, 0]}) == 3


def test_parts_start_from_weights_of_their_own():
    loss, (first, *_), _ = problem(1)
    moved = bundle.Part(first.origin + 0.5 * first.span[0], first.span)

    values = bundle.measure(loss, [first, moved], np.array([[1.0], [0.5]]), [], NOTHING)

    one, other = values["train_loss"]
    assert one[0] == pytest.approx(other[1], rel=1e-5)
    assert one[1] != other[1]


def test_a_part_that_is_another_function_at_its_origin_is_refused():
    loss, parts, centre = problem(1)
    parts[2] = parts[2]._replace(origin=1.01 * parts[2].origin)
    points = np.array([[-1.0], [0.0], [1.0]])

    with pytest.raises(ArithmeticError, match="one of several parts: at the centre"):
        bundle.measure(loss, parts, points, centre, NOTHING)


def test_an_interrupted_bundle_goes_on_to_the_same_values(tmp_path, monkeypatch):
    monkeypatch.setattr(surface, "EVERY", -1)
    loss, parts, centre = problem(1)
    points, calls = np.linspace(-1, 1, 5)[:, None], []
    memory = checkpoint.Checkpoint(tmp_path / "kept.safetensors")

    def stops_at_the_eighth(vector):
        calls.append(vector)
        if len(calls) == 8:
            raise KeyboardInterrupt
        return loss(vector)

    with pytest.raises(KeyboardInterrupt):
        bundle.measure(stops_at_the_eighth, parts, points, centre, memory)
    values = bundle.measure(stops_at_the_eighth, parts, points, centre, memory)

    whole = bundle.measure(loss, parts, points, centre, NOTHING)
    assert len(calls) == 8 + 15 - 7
    for name in losses.MEASURES:
        assert np.array_equal(values[name], whole[name])
