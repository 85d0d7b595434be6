"""A training that is told to stop: it ends its epoch, keeps it, and goes on later."""

import os
import signal

import pytest
import torch

import small
import trainings
from losslandscape import checkpoint, stopping, train


def options(**changes) -> dict:
    """Six epochs of four steps, the history every third."""
    usual = {"epochs": 6, "batch_size": 8, "evaluate_every": 3}
    return trainings.recipe(**usual | changes)


def run(memory: checkpoint.Checkpoint, **changes):
    """Train a net with all that is random."""
    net = torch.nn.Sequential(torch.nn.Dropout(), small.net().float())
    augmented = {"augmentation": {"pad": 1, "flip": True}} | changes
    return train.run(net, trainings.seen(), options(**augmented), 0, memory)


def stopped(memory, monkeypatch, step: int, **changes) -> None:
    """Train until a step, in which it is told to stop."""
    descend, steps = train.Training._step, []

    def interrupted(training, *images):
        steps.append(1)
        if len(steps) == step:
            os.kill(os.getpid(), signal.SIGTERM)
        descend(training, *images)

    monkeypatch.setattr(train.Training, "_step", interrupted)
    with pytest.raises(KeyboardInterrupt), stopping.heard():
        run(memory, **changes)
    monkeypatch.setattr(train.Training, "_step", descend)


# The third step is in the first epoch, the 14th in the fourth.
@pytest.mark.parametrize(("step", "epoch"), [(3, 1), (8, 2), (11, 3), (14, 4), (24, 6)])
def test_it_ends_the_epoch_keeps_it_and_goes_on_to_the_same_bytes(
    tmp_path, monkeypatch, caplog, step, epoch
):
    caplog.set_level("INFO")
    whole, history = run(trainings.NOTHING)
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")

    stopped(memory, monkeypatch, step)
    vector, rows = run(memory)

    assert f"going on after epoch {epoch}" in caplog.text
    assert torch.equal(vector, whole)
    assert str(rows) == str(history)


def test_what_it_keeps_on_its_way_is_there(tmp_path, monkeypatch):
    keep = {"keep": {"every": 2}}
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    other = checkpoint.Checkpoint(tmp_path / "other.safetensors")
    run(other, **keep)

    stopped(memory, monkeypatch, 17, **keep)
    assert memory.series.indices() == [0, 2, 4]
    run(memory, **keep)

    assert memory.series.indices() == [0, 2, 4, 6]
    for epoch in (0, 2, 4, 6):
        assert torch.equal(memory.series.load(epoch), other.series.load(epoch))
