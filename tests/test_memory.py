"""Batches that become smaller where memory runs out."""

import pytest
import torch

import small
from losslandscape import losses, memory, weights


def hungry(limit: int, kind=torch.OutOfMemoryError, text="CUDA out of memory"):
    """A function that has memory for batches up to a limit, and what it was asked."""
    asked = []

    def function(vector, size):
        asked.append(size)
        if size > limit:
            raise kind(text)
        return vector + 1

    return function, asked


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (torch.OutOfMemoryError, "CUDA out of memory. Tried to allocate 2 GiB"),
        (RuntimeError, "DefaultCPUAllocator: can't allocate memory: you tried"),
        (RuntimeError, "cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        (MemoryError, ""),
    ],
)
def test_batches_are_halved_until_they_fit_and_stay_so(caplog, kind, text):
    function, asked = hungry(30, kind, text)
    spared = memory.sparing(function, 100)

    assert spared(torch.ones(1)).item() == 2
    assert spared(torch.ones(1)).item() == 2

    assert asked == [100, 50, 25, 25]
    assert "going on in batches of 25" in caplog.text


def test_one_image_that_does_not_fit_is_an_error_in_words():
    function, asked = hungry(0)

    with pytest.raises(MemoryError, match="not even one image fits into memory"):
        memory.sparing(function, 4)(torch.ones(1))

    assert asked == [4, 2, 1]


def test_other_errors_are_passed_on():
    function, asked = hungry(0, RuntimeError, "shapes do not match")

    with pytest.raises(RuntimeError, match="shapes"):
        memory.sparing(function, 4)(torch.ones(1))

    assert asked == [4]


def test_a_loss_is_the_same_in_the_batches_that_memory_leaves(monkeypatch, caplog):
    net, seen = small.net(), small.seen(train=50)
    vector = weights.flatten(small.net(seed=1))
    expected = losses.measures(net, seen.train, seen.test)(vector)
    whole = losses.data.batches

    def scarce(split, size):
        if size > 8:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return whole(split, size)

    monkeypatch.setattr(losses.data, "batches", scarce)
    found = losses.measures(net, seen.train, seen.test)(vector)

    assert torch.allclose(found, expected, rtol=1e-12)
    assert "out of memory" in caplog.text
