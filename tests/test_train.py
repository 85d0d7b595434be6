"""Training against formulas and plain loops, interrupted against uninterrupted."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

import small
import trainings
from losslandscape import checkpoint, data, losses, tasks, train, trajectory, weights
from trainings import NOTHING, recipe

MEASURES = losses.MEASURES


def parameters(net: nn.Module) -> np.ndarray:
    """All that is learnt of a net."""
    parts = [p.detach().cpu().numpy().ravel() for p in net.parameters()]
    return np.concatenate(parts)


def slope(w: np.ndarray, seen: data.Data) -> np.ndarray:
    """The gradient of the mean loss of the small net in training, at parameters w."""
    net = small.net()
    weights.assign(torch.cat([torch.as_tensor(w), torch.ones(14)]).to(net[0].bias), net)
    cross_entropy(net.train()(seen.train.images), seen.train.labels).backward()
    return np.concatenate([p.grad.cpu().numpy().ravel() for p in net.parameters()])


DROPS = {"schedule": {"step": {"at": [1], "factor": 0.1}}, "weight_decay": 0.05}


@pytest.mark.parametrize("nesterov", [True, False])
def test_sgd_takes_the_steps_of_its_formula(nesterov):
    seen = small.seen()
    sgd = {"learning_rate": 0.1, "momentum": 0.9, "nesterov": nesterov}

    vector, _ = train.run(
        small.net(), seen, recipe(optimiser={"sgd": sgd}, **DROPS), 0, NOTHING
    )

    w, velocity = parameters(small.net()), 0
    for rate in (0.1, 0.01, 0.01):
        gradient = slope(w, seen) + 0.05 * w
        velocity = 0.9 * velocity + gradient
        w = w - rate * (gradient + 0.9 * velocity if nesterov else velocity)
    assert np.allclose(vector[:138].cpu(), w, rtol=0, atol=1e-12)


def test_adam_takes_the_steps_of_its_formula():
    seen = small.seen()
    adam = {"learning_rate": 0.1}

    vector, _ = train.run(
        small.net(), seen, recipe(optimiser={"adam": adam}, **DROPS), 0, NOTHING
    )

    w, mean, square = parameters(small.net()), 0, 0
    for k, rate in enumerate((0.1, 0.01, 0.01), start=1):
        gradient = slope(w, seen) + 0.05 * w
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        size = np.sqrt(square / (1 - 0.999**k)) + 1e-8
        w = w - rate * mean / (1 - 0.9**k) / size
    assert np.allclose(vector[:138].cpu(), w, rtol=0, atol=1e-9)


def test_rows_of_the_history_are_those_of_the_net_at_that_epoch():
    seen = small.seen()
    options = recipe(batch_size=8, augmentation={"pad": 1, "flip": True})

    _, history = train.run(small.net(), seen, options, 0, NOTHING)

    assert list(history[0]) == ["epoch", "lr", *MEASURES, "weight_norm", "distance"]
    for epoch, row in enumerate(history):
        net = small.net()
        vector, _ = train.run(net, seen, options | {"epochs": epoch}, 0, NOTHING)
        plain = small.net()
        weights.assign(vector, plain)
        expected = small.classified(plain, seen.train)
        expected += small.classified(plain, seen.test)
        assert row["epoch"] == epoch
        assert [row[name] for name in MEASURES] == pytest.approx(expected, rel=1e-12)
        assert row["weight_norm"] == pytest.approx(np.linalg.norm(parameters(plain)))
        moved = parameters(plain) - parameters(small.net())
        assert row["distance"] == pytest.approx(np.linalg.norm(moved))


def test_the_trained_net_is_the_vector():
    net = small.net()

    vector, _ = train.run(net, small.seen(), recipe(), 0, NOTHING)

    assert torch.equal(vector, weights.flatten(net))


def test_the_rate_of_a_row_is_that_of_its_epoch():
    options = recipe(schedule={"step": {"at": [1, 2], "factor": 0.5}})

    _, history = train.run(small.net(), small.seen(), options, 0, NOTHING)

    assert math.isnan(history[0]["lr"])
    assert [row["lr"] for row in history[1:]] == [0.1, 0.05, 0.025]
    assert [train.rate(options, epoch) for epoch in (1, 2, 3)] == [0.1, 0.05, 0.025]
    assert math.isnan(train.rate(options, 0))


def test_epochs_between_two_rows_change_nothing_else():
    options = recipe(epochs=5, batch_size=8)
    vector, history = train.run(small.net(), small.seen(), options, 0, NOTHING)

    options["evaluate_every"] = 2
    other, rows = train.run(small.net(), small.seen(), options, 0, NOTHING)

    assert [row["epoch"] for row in rows] == [0, 2, 4, 5]
    assert str(rows) == str([history[row["epoch"]] for row in rows])
    assert torch.equal(other, vector)


HUGE = {"sgd": trainings.SGD["sgd"] | {"learning_rate": 1e30}}


def test_a_huge_rate_diverges_in_words_and_in_rows(caplog):
    net, options = small.net().float(), recipe(epochs=5, optimiser=HUGE)

    vector, history = train.run(net, trainings.seen(), options, 0, NOTHING)

    assert [row["epoch"] for row in history] == [0, 1]
    assert math.isfinite(history[0]["train_loss"])
    assert not math.isfinite(history[1]["train_loss"] + history[1]["weight_norm"])
    assert "WARNING" in [record.levelname for record in caplog.records]
    assert vector.shape == (152,)


def test_bfloat16_is_for_products_alone(monkeypatch):
    kinds = []

    def loss(logits, labels, reduction):
        if reduction == "mean":
            kinds.append(logits.dtype)
        return cross_entropy(logits, labels, reduction=reduction)

    seen, task = trainings.seen(), tasks.CLASSIFICATION._replace(loss=loss)
    net, options = small.net().float(), recipe(precision="bfloat16")
    seen = seen._replace(train=seen.train._replace(task=task))
    vector, history = train.run(net, seen, options, 0, NOTHING)

    expected = small.classified(net.eval().double(), small.seen().train)
    assert set(kinds) == {torch.bfloat16}
    assert vector.dtype == torch.float32
    assert history[-1]["train_loss"] == pytest.approx(expected[0], rel=1e-5)


@pytest.mark.parametrize("precision", ["float32", "tf32", "bfloat16"])
def test_tf32_is_for_training_alone_and_where_it_is_asked(monkeypatch, precision):
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    seen = {"training": set(), "measuring": set()}
    crop, measures = data.crop_and_flip, losses.measures

    def noted(where, value):
        seen[where] |= {matmul.allow_tf32, cudnn.allow_tf32}
        return value

    def watching(*arguments):
        measure = measures(*arguments)
        return lambda vector: noted("measuring", measure(vector))

    def cropped(*arguments, **options):
        return noted("training", crop(*arguments, **options))

    monkeypatch.setattr(data, "crop_and_flip", cropped)
    monkeypatch.setattr(losses, "measures", watching)
    net, options = small.net().float(), recipe(precision=precision)
    train.run(net, trainings.seen(), options, 0, NOTHING)

    assert seen == {"training": {precision == "tf32"}, "measuring": {False}}


@pytest.mark.parametrize("case", trainings.CASES)
def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(
    killed, tmp_path, caplog, case
):
    caplog.set_level("INFO")
    memories = [
        checkpoint.Checkpoint(folder / f"{case}.safetensors")
        for folder in (tmp_path, killed)
    ]
    # The fourth epoch was over, and is trained again.
    assert memories[1].series.indices() == [0, 4]

    (whole, history), (vector, rows) = (trainings.run(case, m) for m in memories)

    assert "going on after epoch 2" in caplog.text
    assert torch.equal(vector, whole)
    assert str(rows) == str(history)
    ways = [way(memory, tmp_path / "way.h5") for memory in memories]
    assert ways[0] == ways[1]
    assert torch.equal(memories[1].series.load(6), whole.cpu())


def way(memory: checkpoint.Checkpoint, path: Path) -> bytes:
    """The file of the weights on a run's way."""
    epochs = memory.series.indices()
    assert epochs == [0, 4, 6]
    vectors = nn.Linear(1, len(memory.series.load(0)), bias=False)
    trajectory.save(path, memory.series, epochs, vectors)
    return path.read_bytes()


def test_a_state_whose_way_has_gaps_is_not_used(tmp_path, caplog):
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    whole, _ = trainings.run("adam", memory)
    lost = tmp_path / "state" / "4.safetensors"
    lost.write_bytes(lost.read_bytes()[:-1])

    vector, _ = trainings.run("adam", memory)

    assert "weights of epochs [4] are lost: starting again" in caplog.text
    assert memory.series.indices() == [0, 4, 6]
    assert torch.equal(vector, whole)


@pytest.mark.parametrize(
    ("every", "epochs"), [(1, [0, 1, 2, 3]), (2, [0, 2, 3]), (3, [0, 3]), (7, [0, 3])]
)
def test_the_series_has_the_weights_of_its_epochs(tmp_path, every, epochs):
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    options = recipe(batch_size=8, evaluate_every=2)

    train.run(
        small.net(), small.seen(), options | {"keep": {"every": every}}, 0, memory
    )

    assert memory.series.indices() == epochs
    for epoch in epochs:
        shorter = options | {"epochs": epoch}
        vector, _ = train.run(small.net(), small.seen(), shorter, 0, NOTHING)
        assert torch.equal(memory.series.load(epoch), vector.cpu())


def test_without_being_told_no_weights_are_kept(tmp_path):
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")

    train.run(small.net(), small.seen(), recipe(), 0, memory)

    assert [path.name for path in tmp_path.iterdir()] == ["state.safetensors"]


def test_a_diverged_run_keeps_the_weights_it_ends_with(tmp_path):
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    options = recipe(epochs=5, optimiser=HUGE, keep={"every": 3})

    vector, _ = train.run(small.net().float(), trainings.seen(), options, 0, memory)

    assert memory.series.indices() == [0, 1]
    last = memory.series.load(1)
    assert torch.allclose(last, vector.cpu(), rtol=0, atol=0, equal_nan=True)


def test_a_run_that_was_over_is_not_trained_any_more(tmp_path, monkeypatch):
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    vector, history = trainings.run("adam", memory)

    monkeypatch.setattr(train.Training, "epoch", None)
    again, rows = trainings.run("adam", memory)

    assert torch.equal(again, vector)
    assert str(rows) == str(history)


def test_a_diverged_run_that_was_interrupted_ends_where_it_did(tmp_path):
    seen, options = trainings.seen(), recipe(epochs=5, optimiser=HUGE)
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    vector, history = train.run(small.net().float(), seen, options, 0, memory)

    again, rows = train.run(small.net().float(), seen, options, 0, memory)

    assert str(rows) == str(history)
    assert torch.allclose(again, vector, rtol=0, atol=0, equal_nan=True)
