"""Datasets as tensors, checked against plain loops over pixels in float64."""

from itertools import product

import h5py
import numpy as np
import pytest
import torch

from losslandscape import data, datasets, tasks
from pixels import MEAN, STD, split


def tiny(number=7, dtype=np.uint8):
    random = np.random.default_rng(1)
    images = random.integers(0, 256, (2 * number, 5, 5, 3)).astype(dtype)
    labels = np.arange(2 * number) % 3
    return datasets.Arrays(
        *(images[:number], labels[:number], images[number:], labels[number:]),
        maximum=255,
        source="tiny",
    )


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "tiny.h5"
    datasets.save(path, tiny(), MEAN, STD)
    return path


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_loaded_images_are_normalised_channel_by_channel(tmp_path, dtype):
    arrays = tiny(dtype=dtype)
    datasets.save(tmp_path / "tiny.h5", arrays, MEAN, STD)

    loaded = data.load(tmp_path / "tiny.h5")

    expected = np.zeros((7, 3, 5, 5))
    for n, c, y, x in product(*map(range, expected.shape)):
        pixel = float(arrays.test_images[n, y, x, c])
        expected[n, c, y, x] = (pixel / 255 - MEAN[c]) / STD[c]
    assert np.allclose(loaded.test.images.cpu(), expected, rtol=0, atol=2e-6)
    assert loaded.train.labels.tolist() == arrays.train_labels.tolist()
    assert loaded.classes == 3


def test_loaded_tensors_are_of_the_type_and_layout_that_convolutions_want(path):
    loaded = data.load(path)

    for part in (loaded.train, loaded.test):
        assert part.images.shape == (7, 3, 5, 5)
        assert part.images.dtype == torch.float32
        assert part.images.is_contiguous(memory_format=torch.channels_last)
        assert part.labels.dtype == torch.int64
        assert part.images.device == part.labels.device == loaded.black.device


def test_black_is_exactly_what_a_zero_pixel_becomes(tmp_path):
    arrays = tiny()
    arrays.train_images[0] = 0
    datasets.save(tmp_path / "tiny.h5", arrays, MEAN, STD)

    loaded = data.load(tmp_path / "tiny.h5")

    assert torch.equal(loaded.black, loaded.train.images[0, :, 2, 2])
    assert np.allclose(loaded.black.cpu(), -np.array(MEAN) / np.array(STD))


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.7, 0.999])
def test_a_file_cut_short_is_refused_by_name(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])

    with pytest.raises(ValueError, match=r"tiny.h5 is not a whole dataset"):
        data.load(path)


def test_a_file_of_another_kind_is_refused_by_name(path):
    with h5py.File(path, "w") as file:
        file["loss"] = np.zeros(3)
    with pytest.raises(ValueError, match=r"tiny.h5 is not a whole dataset"):
        data.load(path)

    path.write_text("not HDF5 at all")
    with pytest.raises(ValueError, match=r"tiny.h5 is not a whole dataset"):
        data.load(path)


@pytest.mark.parametrize("size", [1, 2, 10, 33, 59, 60])
def test_a_subset_gives_each_class_its_share(size):
    counts = np.array([30, 20, 10])
    labels = np.random.default_rng(0).permutation(np.repeat([0, 1, 2], counts))

    chosen = data.subset(split(labels), size, seed=0)

    found = np.bincount(chosen.labels.cpu(), minlength=3)
    assert found.sum() == size
    assert np.abs(found - size * counts / 60).max() < 1


def test_shares_of_whole_numbers_are_met_exactly():
    labels = np.repeat([0, 1, 2], [30, 20, 10])

    chosen = data.subset(split(labels), 12, seed=5)

    assert chosen.labels.bincount().tolist() == [6, 4, 2]


def test_other_shares_are_rounded_to_the_nearest():
    labels = np.repeat([0, 1], [30, 3])

    # 6 of 33 images are 5.45 and 0.55 of the classes.
    assert data.subset(split(labels), 6, seed=5).labels.bincount().tolist() == [5, 1]


def test_a_subset_keeps_images_with_their_labels_in_order():
    labels = np.random.default_rng(0).integers(0, 4, 50)

    chosen = data.subset(split(labels), 20, seed=0)

    index = chosen.images.flatten().long().tolist()
    assert index == sorted(set(index))
    assert chosen.labels.tolist() == labels[index].tolist()


def test_a_subset_depends_on_its_seed_alone_and_grows_with_its_size():
    whole = split(np.arange(60) % 3)

    def drawn(size, seed):
        return set(data.subset(whole, size, seed).images.flatten().tolist())

    torch.manual_seed(1)
    first = drawn(20, 0)
    torch.manual_seed(2)

    assert drawn(20, 0) == first
    assert drawn(20, 1) != first
    assert drawn(10, 0) < first < drawn(21, 0)
    assert len(drawn(60, 0)) == 60


def test_every_image_is_drawn_as_often_as_another():
    whole = split([0] * 6 + [1] * 4)

    drawn = [data.subset(whole, 5, seed).images.flatten().long() for seed in range(600)]

    # Each of 10 images has a chance of one half; the spread of 600 draws is 12.
    assert (torch.cat(drawn).bincount() - 300).abs().max() < 4 * 12.3


@pytest.mark.parametrize("shape", [(60,), (60, 2)])
def test_without_classes_a_lot_decides_and_subsets_are_nested_too(shape):
    targets = torch.arange(60.0 * shape[-1])[: 60 * len(shape)].reshape(shape)
    task = tasks.of({"regression": {}})
    whole = split(range(60))._replace(labels=targets, task=task)

    def drawn(size, seed):
        part = data.subset(whole, size, seed)
        index = part.images.flatten().long()
        assert torch.equal(part.labels, targets[index])
        assert part.task is task
        return set(index.tolist())

    assert drawn(10, 0) < drawn(20, 0) < drawn(21, 0)
    assert drawn(20, 1) != drawn(20, 0)


def test_words_of_a_text_are_drawn_without_a_share_of_each():
    words = torch.arange(12).reshape(6, 2)

    assert len(data.subset(split([0] * 6)._replace(labels=words), 4, 0).labels) == 4


@pytest.mark.parametrize("size", [0, -1, 7])
def test_an_impossible_subset_is_refused(size):
    with pytest.raises(ValueError, match=f"a subset of {size} images was asked of 6"):
        data.subset(split([0] * 6), size, seed=0)


def test_batches_are_the_split_in_order_with_a_smaller_last():
    whole = split(range(10))

    pieces = data.batches(whole, 4)

    assert [len(piece.labels) for piece in pieces] == [4, 4, 2]
    assert torch.equal(torch.cat([piece.images for piece in pieces]), whole.images)
    assert torch.cat([piece.labels for piece in pieces]).tolist() == list(range(10))
    assert pieces[0].images.data_ptr() == whole.images.data_ptr()
