"""A job of a small whole study as an action: where it ran, by which code, how."""

import pytest

import deposited

KNOWN = ("processor", "cpu", "instructions", "visible_gpus")


@pytest.fixture(autouse=True)
def _whole(tmp_path, monkeypatch):
    """A study that was really made, in the folder where we are."""
    monkeypatch.chdir(tmp_path)
    deposited.study()


def test_a_job_leads_to_its_machine_its_versions_and_its_code():
    graph = deposited.graph()
    (told,) = [each for each in deposited.receipts() if each["rule"] == "train"]
    job = graph[f"#job/{deposited.RUN}/weights"]

    (machine,) = deposited.linked(graph, job, "location")
    (tool,) = deposited.linked(graph, job, "instrument")
    packages = deposited.linked(graph, tool, "softwareRequirements")

    host = told["host"]
    assert machine["name"] == host["name"]
    assert {"processor", "cpu"} <= {name for name in KNOWN if host.get(name)}
    assert deposited.values(graph, machine, "additionalProperty") == {
        "system": host["system"],
        **{name: host[name] for name in KNOWN if host.get(name)},
        "device_name": "cuda",
        "device_model": "A card",
    }
    assert deposited.values(graph, job, "resourceUsage") == {
        "peak_memory_mb": told["host"]["peak_memory_mb"],
        "threads": 1,
    }
    assert deposited.values(graph, job, "additionalProperty") == {
        "exit_status": 0,
        "attempt": 2,
        **told["host"]["scheduler_job"],
    }
    assert {e["name"]: e["softwareVersion"] for e in packages} == told["software"]
    assert deposited.values(graph, tool, "additionalProperty") == told["code"]


def test_equal_values_of_two_rules_are_examples_of_their_own_parameters():
    graph = deposited.graph()

    of = {
        place: {
            each["name"]: each["exampleOfWork"]["@id"]
            for each in deposited.linked(graph, graph[f"#job/{place}"], "object")
            if each["@type"] == "PropertyValue"
        }
        for place in (f"{deposited.RUN}/weights", f"{deposited.RUN}/plane/surface")
    }

    assert [each["recipe"] for each in of.values()] == [
        "#parameter/train/recipe",
        "#parameter/surface/recipe",
    ]
