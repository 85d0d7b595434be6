"""Work that is replayed on a GPU gives what it gives when it is called."""

import logging
import random

import numpy as np
import pytest
import torch

import small
import trainings
from losslandscape import capture, curves, losses, models, train, weights


def on_a_gpu() -> bool:
    return torch.get_default_device().type == "cuda"


def test_on_the_cpu_functions_are_called():
    calls = []
    function = capture.replayed(lambda x: calls.append(1) or x + 1)

    found = [function(torch.full((1,), float(k), device="cpu")) for k in range(9)]

    assert [x.item() for x in found] == list(range(1, 10))
    assert len(calls) == 9


def test_a_loss_is_that_of_each_vector_however_often_it_was_asked():
    net, seen = small.net(), small.seen()
    loss = losses.measures(net, seen.train, seen.test)

    for seed in range(6):
        vector = weights.flatten(small.net(seed=seed))
        expected = losses.plain(net, vector, seen)
        assert loss(vector).tolist() == pytest.approx(expected, rel=1e-9)


def curve(x):
    """A step on a curve, whose t is drawn on the host."""
    ends = torch.stack([weights.flatten(small.net(seed)) for seed in (1, 2)])
    return curves.Curve(small.net(), ends, "bezier", 1, 0.0)(small.split(3).images)


HOST = {
    "curve": curve,
    "python": lambda x: x + random.random(),
    "numpy": lambda x: x + np.random.random(),
}


@pytest.fixture
def taken(monkeypatch) -> list:
    """What would have been captured, on any device."""
    found = []

    def rounded(x):
        """What a graph would do: take the numbers into what it was captured over."""
        return x.float() + 1

    monkeypatch.setattr(capture, "_beside", lambda function, like: function(*like))
    monkeypatch.setattr(
        capture,
        "_capture",
        lambda function, like: found.append([x.shape for x in like]) or rounded,
    )
    return found


@pytest.mark.parametrize("case", HOST)
def test_what_is_drawn_on_the_host_is_never_frozen(taken, case):
    function = capture.Replayed(HOST[case])

    found = [function(torch.ones(2)) for _ in range(8)]

    assert not taken
    assert not torch.equal(found[-1], found[-2])


def test_the_shape_that_comes_again_is_captured(taken):
    function = capture.Replayed(lambda x: x + 1)

    for size in (128, 128, 128, 116, 128, 128, 128, 116, 116, 116, 116):
        assert torch.equal(function(torch.ones(size)), torch.full((size,), 2.0))

    assert taken == [[torch.Size([128])]]


def test_another_type_is_not_rounded_to_what_was_captured(taken):
    function = capture.Replayed(lambda x: x + 1)

    for _ in range(5):
        function(torch.ones(2, dtype=torch.float32))

    assert function(torch.ones(2, dtype=torch.float64)).dtype == torch.float64
    assert len(taken) == 1


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_training_in_captured_steps_ends_where_plain_steps_end(monkeypatch, precision):
    ends = []
    for replayed in (capture.replayed, lambda function: function):
        monkeypatch.setattr(capture, "replayed", replayed)
        net = models.build({"convnet": {"width": 0.02}}, 2, 4, 3)
        recipe = trainings.recipe(
            epochs=4, batch_size=8, precision=precision, weight_decay=0.01
        )
        vector, _ = train.run(net, trainings.seen(), recipe, 0, trainings.NOTHING)
        ends.append(vector)

    captured, plain = ends
    assert torch.allclose(captured, plain, rtol=1e-4, atol=1e-6)


def test_what_cannot_be_captured_is_called(caplog):
    if not on_a_gpu():
        pytest.skip("nothing is captured on the CPU")
    caplog.set_level(logging.WARNING)
    function = capture.replayed(lambda x: x + x.sum().item())

    for k in range(6):
        x = torch.full((2,), float(k))
        assert torch.equal(function(x), x + 2 * k)

    assert "kernel by kernel" in caplog.text
