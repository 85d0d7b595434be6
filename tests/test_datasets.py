"""The stored form of a dataset: its content, its hash, its bytes."""

import hashlib
import time

import h5py
import numpy as np
import pytest

from losslandscape import datasets

RANDOM = np.random.default_rng(0)
TINY = datasets.Arrays(
    train_images=RANDOM.integers(0, 256, (3, 2, 2, 2), np.uint8),
    train_labels=np.array([0, 2, 1], np.uint8),
    test_images=RANDOM.integers(0, 256, (1, 2, 2, 2), np.uint8),
    test_labels=np.array([1], np.uint8),
    maximum=255,
    source="tiny",
)


def test_everything_is_found_again(tmp_path):
    path = tmp_path / "tiny.h5"

    datasets.save(path, TINY, mean=[0.5, 0.4], std=[0.2, 0.1])

    with h5py.File(path) as file:
        assert np.array_equal(file["train/images"], TINY.train_images)
        assert np.array_equal(file["test/images"], TINY.test_images)
        assert file["train/images"].dtype == np.uint8
        assert file["train/labels"][:].tolist() == [0, 2, 1]
        assert file["test/labels"][:].tolist() == [1]
        assert file["test/labels"].dtype == np.int64
        attributes = dict(file.attrs)
    assert attributes.pop("mean").tolist() == [0.5, 0.4]
    assert attributes.pop("std").tolist() == [0.2, 0.1]
    assert attributes.pop("sha256") == datasets.sha256(TINY)
    assert attributes == {"maximum": 255, "classes": 3, "source": "tiny"}


def test_the_hash_is_that_of_shapes_and_bytes():
    content = (
        b"(3, 2, 2, 2)"
        + TINY.train_images.tobytes()
        # Labels are stored as integers of eight bytes, the least first.
        + b"(3,)"
        + b"".join(bytes([label]) + bytes(7) for label in (0, 2, 1))
        + b"(1, 2, 2, 2)"
        + TINY.test_images.tobytes()
        + b"(1,)"
        + bytes([1])
        + bytes(7)
    )

    assert datasets.sha256(TINY) == hashlib.sha256(content).hexdigest()


def test_the_layout_in_memory_does_not_change_the_hash():
    turned = np.asfortranarray(TINY.train_images)

    assert datasets.sha256(TINY._replace(train_images=turned)) == datasets.sha256(TINY)


def test_the_same_arrays_give_the_same_bytes_at_any_time(tmp_path):
    paths = tmp_path / "one.h5", tmp_path / "other.h5"

    datasets.save(paths[0], TINY, [0.5, 0.4], [0.2, 0.1])
    time.sleep(1.1)  # times in HDF5 are whole seconds
    datasets.save(paths[1], TINY, [0.5, 0.4], [0.2, 0.1])

    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(("mean", "std"), [([0.5], [0.2, 0.1]), ([0.5] * 2, [0.2])])
def test_a_value_for_each_channel_is_needed(tmp_path, mean, std):
    with pytest.raises(
        ValueError, match="one value for each of the 2 channels of tiny"
    ):
        datasets.save(tmp_path / "tiny.h5", TINY, mean, std)

    assert not (tmp_path / "tiny.h5").exists()
