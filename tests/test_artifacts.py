"""Files of a crate: parts where they lie in its folder, told of where they do not."""

from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from losslandscape import artifacts

DIGEST = {"sha256": "abc", "bytes": 3}


@pytest.fixture
def crate(tmp_path, monkeypatch) -> ROCrate:
    """A crate, in a folder where two files lie in it and one does not."""
    monkeypatch.chdir(tmp_path)
    for name in ("study/deep/a.csv", "study/w.safetensors", "studying.csv"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("abc")
    return ROCrate(version="1.1")


def files(crate: ROCrate, kinds: dict[str, list[str]] | None = None) -> artifacts.Files:
    return artifacts.Files(crate, "study", ["*.safetensors"], kinds or {})


@pytest.mark.parametrize(
    ("path", "name", "form"),
    [
        ("study/deep/a.csv", "deep/a.csv", "text/csv"),
        ("study/w.safetensors", "#study/w.safetensors", "application/octet-stream"),
        ("studying.csv", "#studying.csv", "text/csv"),
        ("study/no more.h5", "#study/no%20more.h5", "application/x-hdf5"),
    ],
)
def test_a_part_goes_by_its_place_and_other_files_by_their_path(
    crate, path, name, form
):
    made = files(crate).add(path, DIGEST)

    assert made.properties() == {
        "@id": name,
        "@type": "File",
        "name": path,
        "sha256": "abc",
        "contentSize": "3",
        "encodingFormat": form,
    }
    assert (made in crate.root_dataset.get("hasPart", [])) != name.startswith("#")


def test_a_file_is_there_once_and_may_be_more_than_a_file(crate):
    found = files(crate, {"study/deep/a.csv": ["File", "HowTo"]})
    first = found.add("study/deep/a.csv", DIGEST)

    assert found.add("study/deep/a.csv", DIGEST) is first
    assert found["study/deep/a.csv"] is first
    assert first.type == ["File", "HowTo"]


def test_a_file_of_two_contents_is_refused(crate):
    found = files(crate)
    found.add("study/deep/a.csv", DIGEST)

    with pytest.raises(ValueError, match=r"study/deep/a\.csv is not what later jobs"):
        found.add("study/deep/a.csv", {"sha256": "abd", "bytes": 3})
