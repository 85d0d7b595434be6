"""What is kept of a computation: it goes on as if it was never interrupted."""

import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import cross_entropy

import small
from losslandscape import checkpoint, weights
from losslandscape.optimisers import SGD, Adam, Optimiser

OPTIMISERS = {
    "momentum": lambda p: SGD(p, momentum=0.9, nesterov=True, weight_decay=0),
    "plain": lambda p: SGD(p, momentum=0.0, nesterov=False, weight_decay=0.1),
    "adam": lambda p: Adam(p, weight_decay=0),
}


def step(net: nn.Module, optimiser: Optimiser, times: int) -> None:
    """Take so many steps on the same images."""
    split = small.split(30)
    net.train()
    optimiser.rate.fill_(0.1)
    for _ in range(times):
        optimiser.clear()
        cross_entropy(net(split.images), split.labels).backward()
        optimiser.step()


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_net_goes_on_from_a_file_as_if_never_interrupted(tmp_path, name):
    kept = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    net = small.net()
    optimiser = OPTIMISERS[name](net.parameters())
    step(net, optimiser, times=3)
    kept.save(checkpoint.pack(net, optimiser))
    step(net, optimiser, times=3)

    other = small.net(seed=5)
    going_on = OPTIMISERS[name](other.parameters())
    checkpoint.unpack(kept.load(), other, going_on)
    step(other, going_on, times=3)

    assert torch.equal(weights.flatten(other), weights.flatten(net))
    assert other[1].num_batches_tracked == net[1].num_batches_tracked == 6


def test_what_is_packed_of_the_memory_does_not_follow_later_steps():
    net = small.net()
    optimiser = OPTIMISERS["momentum"](net.parameters())
    step(net, optimiser, times=1)
    state = checkpoint.pack(net, optimiser)
    before = {name: tensor.clone() for name, tensor in state.items()}

    step(net, optimiser, times=1)

    memory = [name for name in state if name.startswith("optimiser.")]
    assert len(memory) == len(list(net.parameters())) + 1
    assert all(torch.equal(state[name], before[name]) for name in memory)


def test_what_was_kept_is_replaced_as_a_whole(tmp_path):
    kept = checkpoint.Checkpoint(tmp_path / "state.safetensors")

    kept.save({"epoch": torch.tensor([1.0]), "old": torch.tensor([1.0])})
    kept.save({"epoch": torch.tensor([2.0])})

    loaded = kept.load()
    assert list(loaded) == ["epoch"]
    assert loaded["epoch"].item() == 2
    assert [path.name for path in tmp_path.iterdir()] == ["state.safetensors"]


def test_a_file_that_is_half_written_is_never_seen(tmp_path, monkeypatch):
    def broken(source, target):
        source.write_bytes(b"half of the sta")
        raise OSError("the disk is full")

    kept = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    kept.save({"epoch": torch.tensor([1.0])})
    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="full"):
        kept.save({"epoch": torch.tensor([2.0])})

    assert kept.load()["epoch"].item() == 1


def test_the_first_time_there_is_nothing(tmp_path):
    assert checkpoint.Checkpoint(tmp_path / "state.safetensors").load() is None


def test_without_a_path_nothing_is_kept():
    nowhere = checkpoint.Checkpoint(None)

    nowhere.save({"epoch": torch.tensor([1.0])})

    assert nowhere.load() is None


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.uint8])
def test_tensors_keep_their_type_and_numbers_in_any_layout(tmp_path, dtype):
    kept = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    tensor = (10 * small.numbers(2, 3, 4, 5)).abs().to(dtype)

    kept.save({"a": tensor.to(memory_format=torch.channels_last), "b": tensor[..., 0]})

    loaded = kept.load()
    assert loaded["a"].dtype == dtype
    assert torch.equal(loaded["a"], tensor.cpu())
    assert torch.equal(loaded["b"], tensor[..., 0].cpu())


def test_draws_go_on_where_they_were():
    with torch.random.fork_rng():
        state = checkpoint.random_state()
        drawn = torch.rand(5)

        checkpoint.set_random_state(state)

        assert torch.equal(torch.rand(5), drawn)


def test_a_file_that_is_not_whole_is_told_and_not_used(tmp_path, caplog):
    path = tmp_path / "state.safetensors"
    memory = checkpoint.Checkpoint(path)
    memory.save({"values": torch.ones(100)})
    path.write_bytes(path.read_bytes()[:50])

    assert memory.load() is None

    assert f"{path} is not whole" in caplog.text


@pytest.mark.parametrize("place", [-1, -400, 120])
def test_one_bit_that_changed_in_a_state_is_told_and_not_used(tmp_path, caplog, place):
    path = tmp_path / "state.safetensors"
    memory = checkpoint.Checkpoint(path)
    memory.save({"values": torch.ones(100)})
    memory.series.add(1, torch.ones(100))
    memory.series.add(2, torch.ones(100))
    for file in (path, tmp_path / "state" / "2.safetensors"):
        content = bytearray(file.read_bytes())
        content[place] ^= 1
        file.write_bytes(content)

    assert memory.load() is None
    assert memory.series.indices() == [1]

    assert caplog.text.count(" is ") == 2
    assert "starting again" in caplog.text


def test_a_state_without_a_digest_is_not_used(tmp_path, caplog):
    save_file({"values": torch.ones(9)}, tmp_path / "state.safetensors")

    assert checkpoint.Checkpoint(tmp_path / "state.safetensors").load() is None

    assert "is damaged" in caplog.text


def test_a_series_gives_its_vectors_by_their_numbers(tmp_path):
    series = checkpoint.Series(tmp_path / "state")
    vectors = {index: small.numbers(5, seed=index) for index in (10, 9, 0)}

    assert series.indices() == []
    series.add(9, vectors[0])
    for index, vector in vectors.items():
        series.add(index, vector)

    assert series.indices() == [0, 9, 10]
    for index, vector in vectors.items():
        assert torch.equal(series.load(index), vector.cpu())


def test_the_series_of_a_checkpoint_stands_beside_it(tmp_path):
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")

    memory.series.add(3, torch.ones(2))

    assert checkpoint.Series(tmp_path / "state").indices() == [3]
    assert memory.load() is None


def test_a_vector_that_is_half_written_is_not_in_the_series(tmp_path, monkeypatch):
    def broken(source, target):
        source.write_bytes(b"half of the vec")
        raise OSError("the disk is full")

    series = checkpoint.Series(tmp_path / "state")
    series.add(1, torch.ones(100))
    series.add(2, torch.ones(100))
    path = tmp_path / "state" / "2.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="full"):
        series.add(3, torch.ones(100))

    assert series.indices() == [1]


def test_without_a_folder_there_is_no_series():
    series = checkpoint.Checkpoint(None).series

    series.add(1, torch.ones(2))

    assert series.indices() == []
