"""What receipts say of files: against files that are written by hand."""

import hashlib
from pathlib import Path

import pytest

from losslandscape import record


def fact(text: str) -> dict:
    return {"sha256": hashlib.sha256(text.encode()).hexdigest(), "bytes": len(text)}


def told(name: str, **inputs: str) -> dict:
    """The receipt of a job that wrote a file of its own name into it."""
    return {
        "receipt": f"{name}.receipt.json",
        "inputs": {path: fact(text) for path, text in inputs.items()},
        "outputs": {name: fact(name)},
    }


@pytest.fixture(autouse=True)
def _files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("weights", "surface"):
        Path(name).write_text(name)


def test_a_file_as_recorded_is_not_broken():
    found = record.Record([told("weights")])

    assert found.broken("weights", fact("weights")) == ""


def test_how_a_file_is_broken_is_said():
    found = record.Record([told("weights"), told("surface")])
    was = fact("before")["sha256"][:12]
    now = fact("weights")["sha256"][:12]

    assert found.broken("none", fact("none")) == "it is missing"
    assert found.broken("surface", fact("weights")) == "holds the bytes of surface"
    alone = record.Record([])
    assert alone.broken("weights", fact("before")) == (
        f"7 bytes of sha256 {now}…, recorded 6 of {was}…"
    )


def test_an_input_is_compared_with_what_is_recorded_of_it_now():
    surface = told("surface", weights="weights")
    Path("weights").write_text("edited later")

    as_it_was = record.Record([told("weights"), surface])
    trained_again = told("weights") | {"outputs": {"weights": fact("others")}}

    assert list(as_it_was.others(surface)) == []
    again = record.Record([trained_again, surface])
    assert list(again.others(surface)) == ["made from another weights"]


def test_an_input_without_a_receipt_is_compared_itself_if_it_is_there():
    surface = told("surface", weights="weights", gone="gone")
    found = record.Record([surface])

    assert list(found.others(surface)) == []
    Path("weights").write_text("edited")
    assert list(record.Record([surface]).others(surface)) == [
        "made from another weights"
    ]


def test_a_receipt_that_lies_elsewhere_does_not_count():
    moved = told("weights") | {"receipt": "aside/weights.receipt.json"}

    assert not record.Record.is_beside(moved)
    assert record.Record([moved]).makers == {}
