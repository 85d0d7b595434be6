"""Inputs against the receipts of those who made them."""

import json
from pathlib import Path

import pytest

from losslandscape import intact, receipt


@pytest.fixture
def made(tmp_path):
    """A file and its digest, with a receipt beside it."""
    path = tmp_path / "weights.safetensors"
    path.write_bytes(b"weights")
    facts = {"outputs": {str(path): receipt.digest(path)}}
    (tmp_path / "weights.receipt.json").write_text(json.dumps(facts))
    return path


def test_what_a_job_left_is_taken(made):
    intact.require({str(made): receipt.digest(made)})


def test_one_bit_that_changed_is_refused_by_name_with_what_to_do(made):
    made.write_bytes(b"weighus")

    with pytest.raises(ValueError, match=r"weights\.safetensors is not what") as told:
        intact.require({str(made): receipt.digest(made)})

    assert "delete it and run the same command" in str(told.value)


def test_files_of_the_users_own_are_taken(made):
    own = made.with_name("mine.npz")
    own.write_bytes(b"mine")

    intact.require({str(own): receipt.digest(own)})


def test_a_receipt_of_before_is_no_hindrance(made):
    facts = {"outputs": {str(made): {"sha256": "0" * 64, "bytes": 7}}}
    (made.parent / "old.receipt.json").write_text(json.dumps(facts))

    intact.require({str(made): receipt.digest(made)})


def test_a_receipt_is_read_once_however_many_inputs_it_tells_of(made, monkeypatch):
    inputs = {str(made): receipt.digest(made)}
    for k in range(20):
        other = made.with_name(f"{k}.csv")
        other.write_text(str(k))
        inputs[str(other)] = receipt.digest(other)
        facts = {"outputs": {str(other): inputs[str(other)]}}
        made.with_name(f"{k}.receipt.json").write_text(json.dumps(facts))
    read, whole = [], Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda path, *more: read.append(path) or whole(path, *more)
    )

    intact.require(inputs)

    assert len(read) == len(set(read)) == 21
    made.with_name("7.csv").write_text("8")
    with pytest.raises(ValueError, match=r"7\.csv is not what"):
        intact.require({path: receipt.digest(Path(path)) for path in inputs})


@pytest.mark.parametrize("text", ["", '{"rule": "train"}', "[1]"])
def test_half_a_receipt_is_noticed_and_no_hindrance(made, caplog, text):
    (made.parent / "weights.receipt.json").write_text(text)

    intact.require({str(made): receipt.digest(made)})

    assert "weights.receipt.json is not a whole receipt" in caplog.text
