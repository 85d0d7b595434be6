"""The weights on a run's way, on disk."""

import h5py
import numpy as np
import pytest
import torch
from torch import Tensor, nn

import small
from losslandscape import checkpoint, store, trajectory


def test_a_way_is_read_as_it_was_kept(tmp_path):
    series = small.series(tmp_path / "series")

    trajectory.save(tmp_path / "way.h5", series, [np.nan, 0.1, 0.01], small.net())
    way = trajectory.load(tmp_path / "way.h5", small.net())

    assert way.epoch.tolist() == [0, 5, 10]
    assert np.array_equal(way.lr, [np.nan, 0.1, 0.01], equal_nan=True)
    assert way.weights.dtype == torch.float32
    for row, epoch in enumerate((0, 5, 10)):
        assert torch.equal(way.weights[row].cpu(), series.load(epoch))


def test_the_file_is_compressed_and_says_what_it_holds(tmp_path, caplog):
    caplog.set_level("INFO")
    path, size = tmp_path / "way.h5", 2**19
    series = checkpoint.Series(tmp_path / "series")
    for epoch in range(3):
        series.add(epoch, torch.full([size], float(epoch)))

    trajectory.save(path, series, [0.1] * 3, nn.Linear(size, 1, bias=False))

    with h5py.File(path) as file:
        stored = file["weights"]
        kind = (stored.compression, stored.shuffle, stored.chunks, stored.dtype)
    assert kind == ("gzip", True, (1, 2**18), np.float32)
    facts = store.attributes(path)
    assert facts["raw_bytes"] == 3 * 4 * size
    assert facts["tensors"] == f'[["weight", [1, {size}]]]'
    assert path.stat().st_size < facts["raw_bytes"] / 10
    megabytes = path.stat().st_size / 1e6
    assert caplog.messages == [
        f"weights of 3 epochs: {megabytes:.1f} MB on disk, 6.3 MB without compression"
    ]


def test_the_same_way_is_the_same_bytes(tmp_path):
    series = small.series(tmp_path / "series")
    paths = [tmp_path / name for name in "ab"]

    for path in paths:
        trajectory.save(path, series, [0.1, 0.2, 0.3], small.net())

    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_one_vector_at_a_time_is_in_memory(tmp_path, monkeypatch):
    series, alive = small.series(tmp_path / "series", 5), []
    load = series.load

    class Vector:
        """Counts itself."""

        def __init__(self, vector: Tensor):
            self.vector = vector
            alive.append(1)

        def __del__(self):
            alive.pop()

        def numpy(self) -> np.ndarray:
            assert len(alive) == 1
            return self.vector.numpy()

    monkeypatch.setattr(series, "load", lambda epoch: Vector(load(epoch)))

    trajectory.save(tmp_path / "way.h5", series, [0.1] * 5, small.net())

    assert len(store.load(tmp_path / "way.h5")["weights"]) == 5


def test_a_way_of_another_net_is_refused_by_name(tmp_path):
    path = tmp_path / "way.h5"
    trajectory.save(path, small.series(tmp_path / "series"), [0.1] * 3, small.net())
    other = nn.Linear(152, 1, bias=False)

    with pytest.raises(ValueError, match=r"way\.h5 does not fit the net"):
        trajectory.load(path, other)


def test_the_weights_after_an_epoch_are_those_of_its_row(tmp_path):
    series, path = small.series(tmp_path / "series"), tmp_path / "way.h5"
    trajectory.save(path, series, [0.1] * 3, small.net())

    for epoch in (0, 5, 10):
        found = trajectory.after(path, epoch, small.net())
        assert torch.equal(found.cpu(), series.load(epoch))


def test_an_epoch_that_was_not_kept_is_refused_by_name(tmp_path):
    path = tmp_path / "way.h5"
    trajectory.save(path, small.series(tmp_path / "series"), [0.1] * 3, small.net())

    with pytest.raises(ValueError, match=r"way\.h5 has no weights of epoch 4"):
        trajectory.after(path, 4, small.net())
