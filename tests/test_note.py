"""The note of a recipe inside files, read back by other means than ours."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from losslandscape import note, page, store

FACTS = {
    "rule": "shard",
    "wildcards": {"model": "deep", "recipe": "sgd", "seed": "0", "plane": "fine"},
    "params": {"code": "12ab", "net": "34cd", "weight_decay": 0.1},
}
ROWS = [
    {"contours": {"plane": "fine", "runs": ["digits/deep/sgd-seed0"], "title": "λ"}}
]


@pytest.fixture
def surfaces(tmp_path) -> list[Path]:
    """Two measured files, and one that is no HDF5 file."""
    paths = [tmp_path / name for name in ("one.h5", "two.h5")]
    for path, policy in zip(paths, ("re-estimated", "frozen"), strict=True):
        store.save(path, {"x": np.ones(3)}, batchnorm=policy, precision="float32")
    return [*paths, tmp_path / "history.csv"]


def test_an_hdf5_file_says_its_recipe_beside_its_terms(surfaces):
    note.leave(FACTS, surfaces)

    with h5py.File(surfaces[0]) as file:
        told = json.loads(file.attrs["recipe"])
        assert set(file.attrs) == {"batchnorm", "precision", "recipe"}
        assert file["x"][()].tolist() == [1, 1, 1]
    assert told == {
        **{"rule": "shard", "model": "deep", "recipe": "sgd", "seed": "0"},
        **{"plane": "fine", "batchnorm": "re-estimated", "precision": "float32"},
        **{"code": "12ab", "net": "34cd"},
    }


def test_the_same_note_is_the_same_bytes_and_another_is_not(surfaces):
    def left(facts) -> bytes:
        store.save(surfaces[0], {"x": np.ones(3)}, batchnorm="frozen")
        note.leave(facts, surfaces)
        return surfaces[0].read_bytes()

    once, again = left(FACTS), left(FACTS)

    assert once == again
    assert once != left(FACTS | {"rule": "line"})


@pytest.mark.parametrize("scatteritem", ["1-of-1", "2-of-3"])
def test_the_note_of_a_part_leaves_no_trace_in_the_whole(surfaces, scatteritem):
    cut = FACTS | {"wildcards": FACTS["wildcards"] | {"scatteritem": scatteritem}}
    note.leave(cut, surfaces[:1])

    store.save(surfaces[1], {}, **store.attributes(surfaces[0]))
    note.leave(FACTS | {"rule": "surface"}, surfaces[1:])

    whole = surfaces[1].read_bytes()
    assert b'"rule": "surface"' in whole
    assert b"scatteritem" not in whole


def test_a_figure_says_its_rows_and_all_terms_of_what_it_shows(surfaces):
    told = note.of_figure("figure5", ROWS, "12ab", surfaces)

    assert told.isascii()
    assert json.loads(told) == {
        "rule": "figure",
        "figure": "figure5",
        "rows": ROWS,
        "batchnorm": ["frozen", "re-estimated"],
        "precision": ["float32"],
        "code": "12ab",
    }


def test_a_figure_carries_its_note_as_png_and_as_pdf(surfaces, tmp_path):
    told = note.of_figure("figure5", ROWS, "12ab", surfaces)

    page.save(Figure(), tmp_path / "a.png", tmp_path / "a.pdf", recipe=told)

    with Image.open(tmp_path / "a.png") as picture:
        assert picture.text["Recipe"] == told
    escaped = told.replace("\\", "\\\\").replace("(", r"\(").replace(")", r"\)")
    assert f"/Keywords ({escaped})".encode() in (tmp_path / "a.pdf").read_bytes()
