"""The crate of a small whole study: it is valid, and it is true."""

import hashlib
import json
from pathlib import Path

import pytest

import deposited
import validated
from losslandscape import crate, provenance


@pytest.fixture(autouse=True)
def _whole(tmp_path, monkeypatch):
    """A study that was really made, in the folder where we are."""
    monkeypatch.chdir(tmp_path)
    deposited.study()


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return validated.cached(tmp_path_factory.mktemp("cache"))


def files(graph: dict) -> list[dict]:
    return [each for each in graph.values() if "File" in each["@type"]]


def path(name: str) -> Path:
    """The file that goes by a name in the crate."""
    return Path(name[1:] if name.startswith("#") else f"results/tiny/{name}")


def paths(told: list[dict]) -> set[str]:
    """The files among some entities."""
    return {str(path(each["@id"])) for each in told if "sha256" in each}


@pytest.mark.parametrize("profile", validated.PROFILES)
def test_a_crate_is_all_that_its_profiles_require(profile, cache):
    deposited.graph()

    assert validated.faults(Path("results/tiny"), profile, cache) == []


def test_a_file_that_is_missing_would_have_been_noticed(cache):
    deposited.graph()
    Path("results/tiny/figures/one.pdf").unlink()

    faults = validated.faults(Path("results/tiny"), validated.PROFILES[0], cache)

    assert any("figures/one.pdf" in fault for fault in faults)


def test_every_file_has_the_bytes_that_the_crate_says():
    graph = deposited.graph()

    assert len(files(graph)) == 9 + len(deposited.JOBS)
    for file in files(graph):
        content = path(file["@id"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["contentSize"] == str(len(content))


@pytest.mark.parametrize("left_out", [[], ["*.safetensors"], ["one.p*", "history.csv"]])
def test_a_crate_is_the_whole_folder_but_what_is_left_out(left_out):
    graph = deposited.graph(left_out)

    there = {each for each in Path("results/tiny").rglob("*") if each.is_file()}
    out = {each for pattern in left_out for each in there if each.match(pattern)}
    parts = {path(part["@id"]) for part in graph["./"]["hasPart"]}
    told = {path(file["@id"]) for file in files(graph)}

    assert parts == there - out - {Path("results/tiny/ro-crate-metadata.json")}
    assert out < told


def test_what_lies_elsewhere_is_told_of_and_no_part():
    graph = deposited.graph()

    assert graph["#resources/digits.h5"]["name"] == "resources/digits.h5"
    assert {"@id": "#resources/digits.h5"} not in graph["./"]["hasPart"]


def test_every_receipt_is_one_action_with_what_it_says():
    graph = deposited.graph()
    actions = [each for each in graph.values() if each["@type"] == "CreateAction"]
    jobs = {each["@id"]: each for each in actions if each["@id"] != "#run"}

    for told in deposited.receipts():
        (receipt,) = [each for each in files(graph) if each["name"] == told["receipt"]]
        job = jobs.pop(receipt["about"]["@id"])
        (tool,) = deposited.linked(graph, job, "instrument")
        read = deposited.linked(graph, job, "object")
        made = deposited.linked(graph, job, "result")
        params = deposited.values(graph, job, "object")

        assert (tool["name"], tool["softwareVersion"]) == (
            told["rule"],
            told["params"]["code"],
        )
        assert paths(read) == told["inputs"].keys()
        assert paths(made) == told["outputs"].keys()
        assert (job["startTime"], job["endTime"]) == (told["start"], told["end"])
        assert job["actionStatus"] == "http://schema.org/CompletedActionStatus"
        assert {key: plain(params[key]) for key in params} == told["params"]
    assert jobs == {}


def plain(value: object) -> object:
    """A value of the crate as the receipt has it."""
    is_more = isinstance(value, str) and value.startswith(("{", "["))
    return json.loads(value) if is_more else value


def test_a_rule_is_a_step_and_every_job_was_run_for_its_own():
    graph = deposited.graph()
    workflow = graph[graph["./"]["mainEntity"]["@id"]]
    steps = deposited.linked(graph, workflow, "step")
    (organisation,) = [e for e in graph.values() if e["@type"] == "OrganizeAction"]

    assert [(each["name"], each["position"]) for each in steps] == [
        (rule, str(number)) for number, rule in enumerate(deposited.JOBS)
    ]
    controls = deposited.linked(graph, organisation, "object")
    assert len(controls) == len(deposited.JOBS)
    for control in controls:
        (job,) = deposited.linked(graph, control, "object")
        (step,) = deposited.linked(graph, control, "instrument")
        assert step["workExample"] == job["instrument"]
    (engine,) = deposited.linked(graph, organisation, "instrument")
    assert (engine["name"], engine["softwareVersion"]) == ("snakemake", "9.27.1")


def test_the_run_goes_from_the_config_to_what_nobody_read():
    graph = deposited.graph()
    run = graph["#run"]

    read = [each["name"] for each in deposited.linked(graph, run, "object")]
    made = [each["name"] for each in deposited.linked(graph, run, "result")]

    assert read == [deposited.STUDY.config]
    assert made == [*deposited.JOBS["figure"][0], deposited.STUDY.readme]
    assert run["startTime"] == "2026-11-29T00:00:00.000+00:00"
    assert run["endTime"] == "2026-11-29T04:30:00.000+00:00"


def test_with_other_code_a_rule_is_another_tool_of_the_same_step():
    receipts = deposited.receipts()
    Path("results/tiny/two.receipt.json").write_text("{}")
    again = receipts[3] | {"receipt": "results/tiny/two.receipt.json", "outputs": {}}
    again |= {"params": {"code": "other"}}

    made = crate.made(deposited.STUDY, [*receipts, again], deposited.CITED, [])

    tools = made.get("#step/figure")["workExample"]
    assert [tool["softwareVersion"] for tool in tools] == [f"{3:016}", "other"]


def test_the_same_receipts_are_the_same_bytes():
    metadata = Path("results/tiny/ro-crate-metadata.json")
    deposited.graph()
    first = metadata.read_bytes()
    deposited.graph()

    assert metadata.read_bytes() == first


def test_a_chain_that_does_not_fit_together_is_refused():
    receipts = deposited.receipts()
    receipts[1]["outputs"][f"{deposited.RUN}/history.csv"]["sha256"] = "other"

    with pytest.raises(ValueError, match=r"history\.csv is not what later jobs"):
        crate.made(deposited.STUDY, receipts, deposited.CITED, [])


def test_the_jobs_behind_a_figure_are_found_beside_what_they_made():
    found = provenance.behind(deposited.receipt_of("figure"))

    assert [each["rule"] for each in found] == ["dataset", "train", "surface", "figure"]
