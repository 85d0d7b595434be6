"""What training keeps on its way: epochs that are named, and members of an ensemble.

All images are the same one, so that their order is nothing: a run is then a plain loop
over steps, of a linear net whose slope is a formula.
"""

import itertools

import numpy as np
import pytest
import torch
from numpy import ndarray
from torch import nn

import small
import trainings
from losslandscape import checkpoint, data, train, trajectory, weights
from trainings import NOTHING, recipe

IMAGE, LABEL = small.numbers(2, 4, 4, seed=1), 2
STEPS = 5  # of an epoch: batches of two images out of ten
SGD = {"sgd": {"learning_rate": 0.1, "momentum": 0.9, "nesterov": False}}
TRIANGLE = {"triangle": {"cycle": 1, "factor": 0.01}}
EVEN = {"triangle": {"cycle": 2, "factor": 0.2}}
COSINE = {"cosine_cycles": {"cycles": 2}}


def seen() -> data.Data:
    """Ten times the same image."""
    split = data.Split(IMAGE.repeat(10, 1, 1, 1), torch.full((10,), LABEL))
    return data.Data(split, split, torch.zeros(2), 3)


def run(memory=NOTHING, epochs=3, **changes):
    """Train the linear net; gives its weights and the rows of the history."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(32, 3)).double()
    weights.assign(small.numbers(99, seed=2), net)
    usual = {"epochs": epochs, "batch_size": 2, "optimiser": SGD}
    return train.run(net, seen(), recipe(**usual | changes), 0, memory)


def looped(rates: list[float]) -> list[ndarray]:
    """The weights after each step of SGD with momentum at these rates."""
    image = np.append(IMAGE.cpu().numpy().ravel(), 1)
    w = small.numbers(99, seed=2).cpu().numpy()
    w, velocity, found = np.c_[w[:96].reshape(3, 32), w[96:]], 0, []
    for rate in rates:
        shares = np.exp(w @ image)
        gradient = np.outer(shares / shares.sum() - np.eye(3)[LABEL], image)
        velocity = 0.9 * velocity + gradient
        w = w - rate * velocity
        found.append(np.append(w[:, :32].ravel(), w[:, 32]))
    return found


def triangle(cycle: int, lowest: float, count: int) -> list[float]:
    """Rates from nearly 0.1 down to the lowest and up again, in cycles of steps."""
    places = [(i % cycle + 1) / cycle for i in range(count)]
    return list(np.interp(places, [0, 0.5, 1], [0.1, lowest, 0.1]))


def cosine(cycle: int, count: int) -> list[float]:
    """Rates from 0.1 to nearly nought, in cycles of steps."""
    return [0.05 * (1 + np.cos(np.pi * (i % cycle) / cycle)) for i in range(count)]


RATES = [
    (TRIANGLE, triangle(5, 0.001, 15), {1: 2, 2: 7, 3: 12}),
    (EVEN, triangle(10, 0.02, 15), {1: 5, 3: 15}),
    # Fifteen steps are cycles of eight, of which the last has but seven.
    (COSINE, cosine(8, 15), {2: 8, 3: 15}),
    ({"constant": {}}, [0.1] * 15, {3: 15}),
]


@pytest.mark.parametrize(("schedule", "rates", "members"), RATES)
def test_members_are_the_nets_of_a_plain_loop_at_their_steps(
    tmp_path, schedule, rates, members
):
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")

    vector, _ = run(memory, schedule=schedule, keep={"members": {}})

    expected = looped(rates)
    assert np.allclose(vector.cpu(), expected[-1], rtol=0, atol=1e-12)
    assert memory.series.indices() == list(members)
    for epoch, step in members.items():
        found = memory.series.load(epoch)
        assert np.allclose(found, expected[step - 1], rtol=0, atol=1e-12)
        assert not np.allclose(found, expected[step - 2], rtol=0, atol=1e-6)


@pytest.mark.parametrize(("schedule", "rates", "members"), RATES)
def test_the_rate_of_a_row_is_that_of_the_last_step_of_its_epoch(
    schedule, rates, members
):
    _, history = run(schedule=schedule)

    lasts = [row["lr"] for row in history[1:]]
    assert lasts == pytest.approx([rates[4], rates[9], rates[14]], rel=1e-12)
    options = recipe(batch_size=2, optimiser=SGD, schedule=schedule)
    assert train.rates(options, seen(), [1, 2, 3]) == lasts


def test_the_distance_of_a_row_is_from_where_training_started():
    _, history = run(schedule=TRIANGLE)

    states = [small.numbers(99, seed=2).cpu().numpy()]
    states += looped(triangle(5, 0.001, 15))[4::5]
    expected = [np.linalg.norm(state - states[0]) for state in states]
    assert [row["distance"] for row in history] == pytest.approx(expected, rel=1e-12)
    assert history[0]["distance"] == 0


@pytest.mark.parametrize("epochs", [[2], [1, 3], [3, 2]])
def test_a_recipe_that_names_epochs_keeps_their_ends_and_no_others(tmp_path, epochs):
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")

    run(memory, evaluate_every=2, keep={"at": epochs})

    assert memory.series.indices() == sorted(epochs)
    expected = looped([0.1] * 15)
    for epoch in epochs:
        found = memory.series.load(epoch)
        assert np.allclose(found, expected[5 * epoch - 1], rtol=0, atol=1e-12)


@pytest.mark.parametrize("keep", [{"at": [2]}, {"members": {}}])
def test_keeping_changes_nothing_else(tmp_path, keep):
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    vector, history = run(schedule=TRIANGLE)

    other, rows = run(memory, schedule=TRIANGLE, keep=keep)

    assert torch.equal(other, vector)
    assert str(rows) == str(history)


def test_what_is_measured_may_be_something_else():
    values = torch.arange(4.0)

    net = nn.Sequential(nn.Flatten(), nn.Linear(32, 3)).double()
    _, history = train.run(
        *(net, seen(), recipe(), 0, NOTHING), lambda vector: values * len(vector)
    )

    found = [row[name] for row in history for name in train.losses.MEASURES]
    assert found == [0, 99, 198, 297] * 4


def test_a_killed_run_of_members_goes_on_and_ends_with_the_same_bytes(
    killed, tmp_path, caplog
):
    caplog.set_level("INFO")
    memories = [
        checkpoint.Checkpoint(folder / "members.safetensors")
        for folder in (tmp_path, killed)
    ]
    # Two epochs were kept, and two more were over.
    assert memories[1].series.indices() == [1, 2, 3, 4]

    (whole, history), (vector, rows) = (trainings.later("members", m) for m in memories)

    assert "going on after epoch 2" in caplog.text
    assert torch.equal(vector, whole)
    assert str(rows) == str(history)
    net, files = nn.Sequential(nn.Dropout(), small.net()), []
    for memory in memories:
        assert memory.series.indices() == [1, 2, 3, 4, 5, 6]
        files.append(tmp_path / f"{len(files)}.h5")
        trajectory.save(files[-1], memory.series, range(6), net)
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("keep", [{"members": {}}, {"at": [1]}])
def test_a_state_of_which_a_kept_net_is_lost_is_not_used(tmp_path, caplog, keep):
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    whole, _ = run(memory, schedule=TRIANGLE, keep=keep)
    (tmp_path / "state" / "1.safetensors").unlink()

    vector, _ = run(memory, schedule=TRIANGLE, keep=keep)

    assert "weights of epochs [1] are lost: starting again" in caplog.text
    assert 1 in memory.series.indices()
    assert torch.equal(vector, whole)


def test_runs_that_go_on_draw_otherwise_than_those_that_begin():
    plain = {"batch_size": 8, "augmentation": {"pad": 1, "flip": True}}
    starts = (None, {"recipe": "long", "epoch": 2}, {"recipe": "long", "epoch": 3})

    ends = [
        train.run(
            small.net(),
            seen(),
            trainings.recipe(**plain, **({"start": start} if start else {})),
            0,
            NOTHING,
        )[0]
        for start in starts
    ]

    for one, other in itertools.combinations(ends, 2):
        assert not torch.equal(one, other)
