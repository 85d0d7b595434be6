"""Receipts are read whole, and their chain leads from a figure to the images."""

import json

import pytest

from losslandscape import provenance


def job(name: str, *needed: str) -> dict:
    """What the receipt of a job that made one file says."""
    return {
        "rule": name,
        "receipt": f"{name}.receipt.json",
        "inputs": {path: {} for path in needed},
        "outputs": {name: {}},
    }


# Two figures of one surface: it is measured once, on weights trained on the same data.
JOBS = [
    job("figure", "surface"),
    job("other", "surface", "weights"),
    job("surface", "data", "weights"),
    job("weights", "data"),
    job("data", "mine.npz"),
]


def names(jobs) -> list[str]:
    return [each["rule"] for each in jobs]


def test_a_chain_leads_from_the_data_to_the_figure_and_names_each_job_once():
    makers = provenance.makers(JOBS)

    assert names(provenance.chain(makers, "figure")) == [
        *("data", "weights", "surface", "figure")
    ]
    assert names(provenance.chain(makers, "other", "figure")) == [
        *("data", "weights", "surface", "other", "figure")
    ]
    assert names(provenance.chain(makers, "weights")) == ["data", "weights"]


def test_an_artifact_without_a_receipt_has_no_chain():
    with pytest.raises(KeyError, match="drawn by hand"):
        provenance.chain(provenance.makers(JOBS), "drawn by hand")


def test_receipts_of_some_folders_are_found_at_any_depth(tmp_path):
    (tmp_path / "a" / "deep").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    for name in ("a/deep/x.receipt.json", "b/y.receipt.json", "b/z.json"):
        facts = {"rule": name, "inputs": {}, "outputs": {}}
        (tmp_path / name).write_text(json.dumps(facts))

    found = provenance.receipts(tmp_path / "a", tmp_path / "b")

    assert names(found) == ["a/deep/x.receipt.json", "b/y.receipt.json"]
    assert found[0]["receipt"] == str(tmp_path / "a/deep/x.receipt.json")


@pytest.mark.parametrize("text", ['{"rule": "train", ', '{"rule": "train"}', "[]", "1"])
def test_what_is_no_receipt_is_refused_by_name(tmp_path, text):
    path = tmp_path / "weights.receipt.json"
    path.write_text(text)

    with pytest.raises(ValueError, match=r"weights\.receipt\.json is not a"):
        provenance.read(path)


def test_a_receipt_that_a_killed_job_left_beside_is_none(tmp_path):
    told = json.dumps({"rule": "train", "inputs": {}, "outputs": {}})
    for name in (".part-weights.receipt.json", "weights.receipt.json"):
        (tmp_path / name).write_text(told)

    (found,) = provenance.receipts(tmp_path)

    assert found["receipt"] == str(tmp_path / "weights.receipt.json")
