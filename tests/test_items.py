"""Datasets of a user's own class, item by item; what is refused in which words."""

import numpy as np
import pytest
import torch

from losslandscape import data, datasets, items

CODE = """
import random

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset


class Points(Dataset):
    def __init__(self, train, number=4, kind="features"):
        self.number, self.kind, self.first = number, kind, 0 if train else 100

    def __len__(self):
        return self.number

    def __getitem__(self, index):
        value = self.first + index
        return {
            "features": (torch.full((3,), value / 2), float(value)),
            "words": (np.arange(value, value + 5), np.arange(value + 1, value + 6)),
            "pixels": (Image.new("RGB", (5, 6), (value, 1, 2)), index % 2),
            "grey": (np.full((6, 5), value, np.uint8), index % 2),
            "planes": (torch.full((3, 6, 5), value, dtype=torch.uint8), index % 2),
            "noise": (torch.rand(2) + random.random() + np.random.rand(), 0),
            "single": (value / 2, value / 4),
            "ragged": (np.zeros(1 + index), 0),
            "three": (0, 0, 0),
            "text": ("word", 0),
            "nan": (float("nan"), 0),
        }[self.kind]


def fails(train):
    raise KeyError("no such file of mine")


def listed(train):
    return 3


def empty(train):
    return []


class Boom(Points):
    def __getitem__(self, index):
        return 1 / (2 - index)


class Short(Points):
    def __len__(self):
        raise MemoryError("no room") if self.kind == "big" else OSError("no list")


class Unsized(Dataset):
    def __init__(self, train):
        pass


class NoTrain(Points):
    def __init__(self, number=4):
        super().__init__(True, number)
"""

LINES = CODE.splitlines()


@pytest.fixture
def read(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(CODE)

    def called(kind="features", name="Points", **options):
        return items.read(str(path), name, {"kind": kind, **options})

    called.plain = lambda name: items.read(str(path), name, {})
    return called


def test_items_are_read_in_order_from_both_splits(read):
    arrays = read(number=2)

    assert arrays.train_images.tolist() == [[0, 0, 0], [0.5, 0.5, 0.5]]
    assert arrays.test_images.tolist() == [[50, 50, 50], [50.5, 50.5, 50.5]]
    assert (arrays.train_labels.tolist(), arrays.test_labels.tolist()) == (
        [0.0, 1.0],
        [100.0, 101.0],
    )
    assert arrays.maximum is None
    assert arrays.source.endswith("mine.py: Points")


@pytest.mark.parametrize("kind", ["pixels", "grey", "planes"])
def test_uint8_with_height_and_width_are_images(read, kind):
    arrays = read(kind)

    channels = 1 if kind == "grey" else 3
    assert arrays.test_images.shape == (4, 6, 5, channels)
    assert arrays.test_images[:, 2, 3, 0].tolist() == [100, 101, 102, 103]
    assert (arrays.maximum, arrays.train_images.dtype) == (255, np.uint8)


def test_words_stay_whole_numbers_and_a_number_is_a_feature(read):
    words, single = read("words"), read("single")

    assert words.train_images.dtype == words.train_labels.dtype == np.int64
    assert np.array_equal(words.train_images + 1, words.train_labels)
    assert single.train_images.shape == (4, 1)


def test_what_items_draw_is_the_same_again_and_nobody_elses(read):
    torch.manual_seed(3)
    before = torch.get_rng_state()

    first, again = read("noise"), read("noise")

    assert np.array_equal(first.train_images, again.train_images)
    assert not np.array_equal(first.train_images, first.test_images)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("ragged", r"inputs are of several shapes, \(1,\) and \(2,\)"),
        ("three", "an item must be an input and its target"),
        ("text", r"inputs is <U4 .* it must be numbers"),
        ("nan", "inputs holds 4 values that are NaN"),
    ],
)
def test_bad_items_are_refused_in_words(read, kind, words):
    with pytest.raises(ValueError, match=rf"mine.py: Points, train=True: ?.*{words}"):
        read(kind)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fails", "'fails' of .*mine.py fails: KeyError: 'no such file of mine'"),
        (
            "listed",
            "listed, train=True gives a int, .*: it lacks `__getitem__` and `__len__`",
        ),
        ("Unsized", "train=True gives a Unsized, .*: it lacks `__len__`$"),
        (
            "NoTrain",
            "mine.py: NoTrain has no argument `train`, but a Dataset is called with "
            "train=True and train=False: give it this argument$",
        ),
        (
            "Boom",
            "mine.py: Boom, train=True, item 2 fails: ZeroDivisionError: division by "
            rf"zero \(in line {1 + LINES.index('        return 1 / (2 - index)')}\)$",
        ),
        ("Short", "Short, train=True, __len__ fails: OSError: no list .in line"),
        ("empty", "empty, train=True has no items"),
        ("absent", "mine.py has no 'absent'"),
    ],
)
def test_what_is_no_dataset_is_refused_in_words(read, name, words):
    with pytest.raises(ValueError, match=words):
        read.plain(name)


def test_a_lack_of_memory_is_passed_on(read):
    with pytest.raises(MemoryError, match=r"^no room$"):
        read("big", "Short")


@pytest.mark.parametrize("kind", ["features", "words", "single"])
def test_stored_inputs_come_back_as_a_net_takes_them(read, tmp_path, kind):
    arrays = read(kind)
    task = {"classification": {}} if kind == "words" else {"regression": {"unit": ""}}
    datasets.save(tmp_path / "mine.h5", arrays, [], [], task)

    loaded = data.load(tmp_path / "mine.h5")

    assert np.array_equal(loaded.train.images.cpu(), arrays.train_images)
    assert np.array_equal(loaded.train.labels.cpu(), arrays.train_labels)
    assert np.array_equal(loaded.test.labels.cpu(), arrays.test_labels)
    whole = kind == "words"
    assert loaded.train.images.dtype == (torch.int64 if whole else torch.float32)
    assert loaded.test.task.words.measure == ("error" if whole else "absolute error")
    assert data.shape(loaded)["size"] == 0


def test_features_are_normalised_one_by_one_if_that_is_asked(read, tmp_path):
    arrays = read()
    mean, std = [0.0, 1.0, 2.0], [1.0, 2.0, 4.0]
    datasets.save(tmp_path / "mine.h5", arrays, mean, std, {"regression": {}})

    loaded = data.load(tmp_path / "mine.h5")

    expected = (arrays.train_images - np.array(mean)) / np.array(std)
    assert np.allclose(loaded.train.images.cpu(), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("kind", "mean", "task", "words"),
    [
        (
            "pixels",
            [],
            "classification",
            "one value for each of the 3 channels of .*mine",
        ),
        ("features", [0.0], "regression", "one value for each of the 3 channels"),
        ("words", [0.0], "classification", "inputs are words, which have no mean"),
        ("features", [], "classification", "float64 .*, but classes are integers"),
    ],
)
def test_what_does_not_fit_its_channels_or_its_task_is_refused(
    read, tmp_path, kind, mean, task, words
):
    with pytest.raises(ValueError, match=words):
        datasets.save(tmp_path / "mine.h5", read(kind), mean, mean, {task: {}})
