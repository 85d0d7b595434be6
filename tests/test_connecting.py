"""Training of bends against a plain loop over points of the curve, in float64."""

import numpy as np
import pytest
import torch
from numpy import ndarray
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import update_bn

import small
import trainings
from losslandscape import checkpoint, connecting, losses, train, weights
from trainings import NOTHING, recipe

DECAY, SEED = 0.2, 4
SEEN = small.seen()
ENDS = torch.stack([weights.flatten(small.net(seed)) for seed in (1, 2)])


def run(options, shape="bezier", bends=1, ends=ENDS):
    """The bends (bends, n) of a curve between the ends, and the history."""
    curve = {"shape": shape, "bends": bends, "seed": SEED, "recipe": options}
    return connecting.run(small.net(), SEEN, ends, curve, NOTHING)


def shares(shape: str, t: float) -> ndarray:
    """What the ends and one bend, or two of a chain, have of the point at t."""
    if shape == "bezier":
        return np.array([(1 - t) ** 2, 2 * t * (1 - t), t**2])
    return np.array([np.interp(t, np.arange(4) / 3, row) for row in np.eye(4)])


def slope(w: ndarray) -> ndarray:
    """The gradient of the mean loss in training, at parameters w, without decay."""
    net = small.net().train()
    for parameter in net.parameters():
        part, w = np.split(w, [parameter.numel()])
        parameter.data = torch.as_tensor(part).reshape(parameter.shape)
    cross_entropy(net(SEEN.train.images), SEEN.train.labels).backward()
    return np.concatenate([p.grad.cpu().numpy().ravel() for p in net.parameters()])


def at_middle(bend: ndarray) -> list[float]:
    """The four measures of the net in the middle of a Bezier curve of one bend."""
    net, ends = small.net(), ENDS[:, :138].cpu().numpy()
    w = (ends[0] + 2 * bend + ends[1]) / 4
    weights.assign(torch.cat([torch.as_tensor(w), torch.zeros(14)]).to(ENDS), net)
    update_bn([SEEN.train.images], net)
    net.eval()
    return small.classified(net, SEEN.train) + small.classified(net, SEEN.test)


@pytest.mark.parametrize("shape", ["bezier", "polychain"])
def test_bends_take_the_steps_of_the_loss_at_random_points(shape):
    options = recipe(weight_decay=DECAY, epochs=5)
    count = 1 if shape == "bezier" else 2

    found, _ = run(options, shape, count)

    first, last = ENDS[:, :138].cpu().numpy()
    line = [first + (last - first) * k / (count + 1) for k in range(1, count + 1)]
    bends, velocity = np.array(line), 0
    torch.manual_seed(train.stream("dropout", SEED))
    for t in torch.rand(5, device="cpu").tolist():
        parts = shares(shape, t)
        there = parts @ np.vstack([first, bends, last])
        gradient = np.outer(parts[1:-1], slope(there) + DECAY * there)
        velocity = 0.9 * velocity + gradient
        bends = bends - 0.1 * (gradient + 0.9 * velocity)
    assert found.shape == (count, 152)
    assert np.allclose(found[:, :138].cpu(), bends, rtol=0, atol=1e-10)


def test_the_decay_pulls_at_the_point_of_the_curve_and_so_at_a_bend_of_zero():
    # Of opposite ends the bend is zero, where a decay of the bend itself does nothing.
    first = ENDS[0]
    options = recipe(weight_decay=10.0, epochs=1)

    with_decay, _ = run(options, ends=torch.stack([first, -first]))
    without, _ = run(options | {"weight_decay": 0.0}, ends=torch.stack([first, -first]))

    torch.manual_seed(train.stream("dropout", SEED))
    t = torch.rand((), device="cpu").item()
    first = first[:138].cpu().numpy()
    there = ((1 - t) ** 2 - t**2) * first
    # The first step of Nesterov's momentum is 1.9 times the gradient.
    expected = -0.1 * 1.9 * 2 * t * (1 - t) * 10 * there
    moved = (with_decay - without)[0, :138].cpu()
    assert np.allclose(moved, expected, rtol=0, atol=1e-12)
    assert abs(expected).max() > 0.1


def test_rows_of_the_history_are_those_of_the_middle_of_the_curve():
    options = recipe(batch_size=8, weight_decay=DECAY)

    _, history = run(options)

    # A shorter run has fewer rows and the same steps.
    start = ENDS[:, :138].mean(0).cpu().numpy()
    for epoch, row in enumerate(history):
        bend = start
        if epoch:
            bend = run(options | {"epochs": epoch})[0][0, :138].cpu().numpy()
        assert row["epoch"] == epoch
        values = [row[name] for name in losses.MEASURES]
        assert values == pytest.approx(at_middle(bend), rel=1e-12)
        assert row["weight_norm"] == pytest.approx(np.linalg.norm(bend))
        assert row["distance"] == pytest.approx(np.linalg.norm(bend - start))


def test_ends_and_statistics_are_not_trained():
    before = ENDS.clone()

    found, _ = run(recipe(), "polychain", 3)

    assert torch.equal(ENDS, before)
    for row, share in zip(found, (0.25, 0.5, 0.75), strict=True):
        expected = (1 - share) * ENDS[0, 138:] + share * ENDS[1, 138:]
        assert torch.allclose(row[138:], expected, rtol=0, atol=1e-12)


def test_a_trained_curve_is_lower_in_its_middle_than_the_segment():
    adam = {"adam": {"learning_rate": 0.05}}
    options = recipe(epochs=150, evaluate_every=150, optimiser=adam)
    solutions = [
        train.run(small.net(seed), SEEN, options, seed, NOTHING) for seed in (1, 2)
    ]

    ends = torch.stack([vector for vector, _ in solutions])
    _, (segment, trained) = run(options, ends=ends)

    highest = max(history[-1]["train_loss"] for _, history in solutions)
    assert highest < 0.1 < 1 < segment["train_loss"]
    assert trained["train_loss"] < segment["train_loss"] / 3


def test_a_killed_curve_goes_on_and_ends_with_the_same_bytes(killed, tmp_path, caplog):
    caplog.set_level("INFO")
    memories = [
        checkpoint.Checkpoint(folder / "curve.safetensors")
        for folder in (tmp_path, killed)
    ]

    (whole, history), (bends, rows) = (trainings.later("curve", m) for m in memories)

    assert "going on after epoch 2" in caplog.text
    assert whole.shape == (2, 152)
    assert torch.equal(bends, whole)
    assert str(rows) == str(history)
