"""Files of arrays and tables: what comes back, and that bytes are always the same."""

import json
import math
import time

import numpy as np
import pytest
from safetensors.numpy import save_file

import small
from losslandscape import store, weights

ARRAYS = {
    "cells": np.arange(6),
    "empty": np.zeros((0,)),
    "loss": np.array([[0.1, np.inf, -np.inf], [np.nan, -0.0, 1e-310]]),
    "single": np.array([0.1, 3e38], dtype=np.float32),
}


def test_arrays_come_back_to_the_bit(tmp_path):
    store.save(tmp_path / "surface.h5", ARRAYS)

    loaded = store.load(tmp_path / "surface.h5")

    assert loaded.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert loaded[name].dtype == array.dtype
        assert loaded[name].shape == array.shape
        assert loaded[name].tobytes() == array.tobytes()


def test_attributes_come_back_and_can_be_stored_again(tmp_path):
    terms = {"batchnorm": "frozen", "images": 400, "centre": [0.1, math.inf, math.nan]}
    store.save(tmp_path / "shard.h5", ARRAYS, **terms)

    store.save(tmp_path / "surface.h5", {}, **store.attributes(tmp_path / "shard.h5"))
    found = store.attributes(tmp_path / "surface.h5")

    assert found.keys() == terms.keys()
    assert (found["batchnorm"], found["images"]) == ("frozen", 400)
    assert np.array_equal(found["centre"], terms["centre"], equal_nan=True)


def test_the_same_arrays_give_the_same_bytes_a_second_later(tmp_path):
    store.save(tmp_path / "one.h5", ARRAYS, batchnorm="frozen", centre=[1.0, 2.0])
    time.sleep(1.1)
    store.save(tmp_path / "other.h5", ARRAYS, batchnorm="frozen", centre=[1.0, 2.0])

    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "other.h5").read_bytes()


def test_a_file_that_is_there_is_replaced(tmp_path):
    store.save(tmp_path / "surface.h5", {"old": np.zeros(3)}, kind="old")

    store.save(tmp_path / "surface.h5", {"new": np.ones(2)})

    assert store.load(tmp_path / "surface.h5").keys() == {"new"}
    assert store.attributes(tmp_path / "surface.h5") == {}


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.7, 0.999])
@pytest.mark.parametrize("read", [store.load, store.attributes])
def test_a_file_cut_short_is_refused_by_name(tmp_path, share, read):
    path = tmp_path / "surface.h5"
    store.save(path, ARRAYS)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])

    with pytest.raises(ValueError, match=r"surface.h5 is not a whole HDF5 file"):
        read(path)


NUMBERS = [0.1, 1 / 3, 1e-310, 1.7e308, -0.0, 2.0**53, math.inf, -math.inf, math.nan]


@pytest.mark.parametrize("kind", [float, np.float64, np.float32, np.array])
def test_numbers_of_a_table_come_back_to_the_bit(tmp_path, kind):
    with np.errstate(over="ignore"):
        rows = [{"epoch": 1, "loss": kind(number)} for number in NUMBERS]

    store.save_table(tmp_path / "history.csv", rows)
    loaded = store.load_table(tmp_path / "history.csv")

    expected = np.array([float(row["loss"]) for row in rows])
    assert loaded["loss"].tobytes() == expected.tobytes()
    assert loaded["epoch"].tolist() == [1] * len(NUMBERS)


def test_a_table_is_what_people_would_write(tmp_path):
    rows = [
        {"tensor": "conv1.weight", "filter": np.int64(0), "norm": np.float64(0.1)},
        {"tensor": "of 2, the last", "filter": 15, "norm": math.inf},
    ]

    store.save_table(tmp_path / "norms.csv", rows)

    assert (tmp_path / "norms.csv").read_bytes() == (
        b'tensor,filter,norm\nconv1.weight,0,0.1\n"of 2, the last",15,inf\n'
    )


def test_a_summary_is_json_in_one_order(tmp_path):
    for path, keys in (("one.json", "ab"), ("other.json", "ba")):
        store.save_summary(tmp_path / path, {key: [0.1, None] for key in keys})

    text = (tmp_path / "one.json").read_text()
    assert text == (tmp_path / "other.json").read_text()
    assert json.loads(text) == {"a": [0.1, None], "b": [0.1, None]}
    assert text.endswith("}\n")


def test_words_come_back_beside_numbers_and_empty_cells(tmp_path):
    rows = [{"label": "VGG-9", "error": 7.5}, {"label": "ResNet", "error": None}]

    store.save_table(tmp_path / "errors.csv", rows)
    loaded = store.load_table(tmp_path / "errors.csv")

    assert loaded["label"].tolist() == ["VGG-9", "ResNet"]
    assert np.array_equal(loaded["error"], [7.5, math.nan], equal_nan=True)


def test_parameters_are_what_can_be_learned(tmp_path):
    net = small.net()
    vector = weights.flatten(net)
    weights.save(tmp_path / "weights.safetensors", vector, net)

    found = store.read(tmp_path / "weights.safetensors")

    learnable = vector[: weights.count(net)].cpu().numpy()
    assert np.array_equal(np.sort(found), np.sort(learnable))


def test_a_foreign_file_of_tensors_is_parameters_alone(tmp_path):
    save_file({"a": np.ones((2, 2)), "b": np.zeros(3)}, tmp_path / "w.safetensors")

    assert (
        sorted(store.load_parameters(tmp_path / "w.safetensors")) == [0] * 3 + [1] * 4
    )


def test_tensors_cut_short_are_refused_by_name(tmp_path):
    path = tmp_path / "w.safetensors"
    save_file({"a": np.ones(9)}, path)
    path.write_bytes(path.read_bytes()[:-7])

    with pytest.raises(ValueError, match=r"w.safetensors is not a whole safetensors"):
        store.load_parameters(path)


def test_a_file_is_read_by_its_ending(tmp_path):
    store.save(tmp_path / "surface.h5", ARRAYS)
    store.save_table(tmp_path / "history.csv", [{"epoch": 1}])

    assert store.read(tmp_path / "surface.h5").keys() == ARRAYS.keys()
    assert store.read(tmp_path / "history.csv") == {"epoch": 1}


def test_a_summary_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "summary.json"
    summary = {"places": [[0.0, 0.1], [1.0, 1e-300]], "angle": None, "zeroed": ["é"]}

    store.save_summary(path, summary)

    assert store.load_summary(path) == store.read(path) == summary
    assert json.loads(path.read_text()) == summary


HALVES = {
    "surface.h5": lambda path: store.save(path, ARRAYS),
    "history.csv": lambda path: store.save_table(path, [{"a": 1, "b": 2}] * 9),
    "w.safetensors": lambda path: store.save_tensors(path, {"a": np.ones(99)}, ()),
    "summary.json": lambda path: store.save_summary(path, {"a": [1, 2, 3]}),
}


@pytest.mark.parametrize("share", [0, 0.5])
@pytest.mark.parametrize("name", HALVES)
def test_a_file_cut_short_is_refused_by_name_with_what_to_do(tmp_path, name, share):
    path = tmp_path / name
    HALVES[name](path)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content)) - 1 if share else 0])

    with pytest.raises(ValueError, match=rf"{name} is not a whole ") as told:
        store.read(path)

    assert "delete it and run the same command" in str(told.value)


def test_noise_in_a_file_of_arrays_is_refused_by_name(tmp_path):
    path, lot = tmp_path / "surface.h5", np.random.default_rng(0)
    store.save(path, ARRAYS)
    content = np.frombuffer(path.read_bytes(), np.uint8).copy()
    content[96:] = lot.integers(0, 256, len(content) - 96)
    path.write_bytes(content.tobytes())

    with pytest.raises(ValueError, match=r"surface.h5 is not a whole HDF5 file"):
        store.load(path)


def test_arrays_are_written_in_parts(tmp_path):
    rows = np.random.default_rng(0).normal(size=(20, 5000)).astype("f4")

    with store.written(tmp_path / "way.h5") as file:
        how = {"chunks": (1, 500), "compression": "gzip", "shuffle": True}
        made = file.create_dataset("rows", rows.shape, rows.dtype, **how)
        for index, row in enumerate(rows):
            made[index] = row

    assert np.array_equal(store.load(tmp_path / "way.h5")["rows"], rows)
