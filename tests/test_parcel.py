"""Zips: equal bytes for equal files, and of a crate exactly its files."""

import os
import zipfile
from pathlib import Path

import pytest

import deposited
from losslandscape import parcel

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder with files, some of which Python compiled."""
    for name in ("b.txt", "a/deep/c.txt", "a/__pycache__/c.pyc", "other.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name * 1000)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def content(path: str) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as found:
        return {name: found.read(name) for name in found.namelist()}


def test_a_zip_holds_the_files_by_their_names(folder):
    parcel.save("x.zip", {"two/b": "b.txt", "one": folder / "other.txt"})

    assert content("x.zip") == {
        "one": (folder / "other.txt").read_bytes(),
        "two/b": (folder / "b.txt").read_bytes(),
    }
    assert (folder / "x.zip").stat().st_size < 1000


def test_a_zip_has_the_same_bytes_whenever_it_is_made(folder):
    parcel.save("x.zip", {"b": "b.txt", "a": "other.txt"})
    os.utime("b.txt", (10**9, 10**9))
    Path("b.txt").chmod(0o600)
    parcel.save("y.zip", {"a": "other.txt", "b": "b.txt"})

    assert Path("x.zip").read_bytes() == Path("y.zip").read_bytes()


def test_below_a_folder_are_the_named_files_and_those_of_named_folders(folder):
    assert parcel.below(folder, ["a", "b.txt"]) == {
        "a/deep/c.txt": folder / "a/deep/c.txt",
        "b.txt": folder / "b.txt",
    }


def test_a_name_that_is_not_there_is_refused(folder):
    with pytest.raises(FileNotFoundError, match=r"LICENCE is not there"):
        parcel.below(folder, ["b.txt", "LICENCE"])


def test_a_crate_in_one_file_is_its_metadata_and_its_parts(folder):
    deposited.study()
    deposited.graph(left_out=["*.safetensors"])

    parcel.save("x.zip", parcel.crate("results/tiny/ro-crate-metadata.json"))

    root = folder / "results/tiny"
    there = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".safetensors"
    }
    assert content("x.zip") == there


def test_a_crate_whose_files_have_changed_is_not_put_into_one(folder):
    deposited.study()
    deposited.graph()
    Path("results/tiny/figures/one.pdf").write_text("drawn by hand")

    with pytest.raises(ValueError, match=r"one\.pdf is not what the crate says"):
        parcel.crate("results/tiny/ro-crate-metadata.json")
