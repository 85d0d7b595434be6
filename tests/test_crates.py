"""The crate of a study that the workflow itself has built."""

import hashlib
import zipfile
from collections import Counter

import deposited
import validated

STUDY = "results/smoke"


def test_a_zipped_study_is_a_whole_and_valid_crate(smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")
    told = clone.snakemake("--", "crate_zip")
    assert told.returncode == 0, told.stderr
    with zipfile.ZipFile(clone.folder / f"{STUDY}.crate.zip") as zipped:
        zipped.extractall(tmp_path / "crate")

    faults = validated.faults(
        tmp_path / "crate", "provenance-run-crate-0.5", validated.cached(tmp_path)
    )

    graph = deposited.entities(tmp_path / "crate")
    assert faults == []
    assert {part["@id"] for part in graph["./"]["hasPart"]} >= {
        *("README.md", "figures/everything.pdf", "tables/curves.tex"),
        *("digits/resnet8/sgd-seed0/fine/surface.vts", "workflow/config.yaml"),
    }
    for part in graph["./"]["hasPart"]:
        content = (tmp_path / "crate" / part["@id"]).read_bytes()
        stated = graph[part["@id"]]["sha256"]
        assert hashlib.sha256(content).hexdigest() == stated


def test_every_receipt_of_a_study_is_an_action_of_its_crate(smoke):
    graph = deposited.entities(smoke.folder / STUDY)
    actions = [each for each in graph.values() if each["@type"] == "CreateAction"]
    files = [each for each in graph.values() if "File" in each["@type"]]

    told = {each["name"] for each in files if each["name"].endswith(".receipt.json")}
    there = {
        str(path.relative_to(smoke.folder))
        for path in smoke.folder.glob("res*/**/*.receipt.json")
    }

    # But for the one of the crate itself.
    assert told == there - {f"{STUDY}/ro-crate.receipt.json"}
    assert len(actions) == len(told) + 1


def test_the_workflow_in_a_crate_plans_its_study_from_its_config(smoke, tmp_path):
    crate = smoke.folder / STUDY
    with zipfile.ZipFile(crate / "workflow/workflow.zip") as zipped:
        zipped.extractall(tmp_path)
    unpacked = type(smoke)(tmp_path)

    planned = unpacked.counted("--configfile", str(crate / "workflow/config.yaml"))

    graph = deposited.entities(crate)
    jobs = [each for name, each in graph.items() if name.startswith("#job/")]
    ran = Counter(graph[job["instrument"]["@id"]]["name"] for job in jobs)
    assert planned == {**ran, "crate": 1, "all": 1}
