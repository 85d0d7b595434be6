"""A study of five jobs, made up but whole: files, and receipts that fit them."""

import json
from pathlib import Path

from losslandscape import crate, provenance, receipt

CITED = {
    "title": "small",
    "abstract": "A workflow of a few rules.",
    "license": "MIT",
    "version": "1.2.0",
    "authors": [{"name": "The authors"}],
    "keywords": ["loss", "landscape"],
    "references": [
        {
            "title": "On nets",
            "authors": [{"given-names": "Ada", "family-names": "Lovelace"}],
            "year": 1843,
            "identifiers": [{"type": "other", "value": "arXiv:1843.0001"}],
            "url": "https://example.org/nets",
        }
    ],
}
RUN = "results/tiny/digits/net/sgd-seed0"
STUDY = crate.Study(
    name="tiny",
    root="results/tiny",
    workflow="results/tiny/workflow/Snakefile",
    config="results/tiny/workflow/config.yaml",
    readme="results/tiny/README.md",
)
WEIGHTS = ["*.safetensors"]
# Each rule with what it makes, what it reads and its parameters.
JOBS = {
    "dataset": (["resources/digits.h5"], [], {"source": {"digits": {}}}),
    "train": (
        [f"{RUN}/weights.safetensors", f"{RUN}/history.csv"],
        ["resources/digits.h5"],
        {"recipe": {"epochs": 2, "momentum": None}, "seed": 7},
    ),
    "surface": (
        [f"{RUN}/plane/surface.h5"],
        ["resources/digits.h5", f"{RUN}/weights.safetensors"],
        {"recipe": {"epochs": 2, "momentum": None}},
    ),
    "figure": (
        ["results/tiny/figures/one.pdf", "results/tiny/figures/one.png"],
        [f"{RUN}/plane/surface.h5", f"{RUN}/history.csv"],
        {"caption": "A caption."},
    ),
    "workflow_copy": ([STUDY.workflow, STUDY.config, STUDY.readme], [], {}),
}


def receipt_of(rule: str) -> str:
    """Where the receipt of a rule's job is."""
    return str(Path(JOBS[rule][0][0]).with_suffix(provenance.ENDING))


def work(rule: str, hour: int) -> None:
    """Do the job of a rule: write what it makes, and its receipt."""
    outputs, inputs, params = JOBS[rule]
    for path in outputs:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(f"{rule} made {path}")
    facts = {
        "rule": rule,
        "wildcards": {"dataset": "digits"} if rule == "train" else {},
        "params": {"code": f"{hour:016}", **params},
        "inputs": {path: receipt.digest(path) for path in inputs},
        "device": {"name": "cuda", "model": "A card"},
        "code": {"commit": "c0ffee", "clean": False, "lock": "10cc"},
        "software": {"python": "3.11.7", "snakemake": "9.27.1", "torch": "2.15.0"},
        "threads": 1,
        "attempt": 2,
        "start": f"2026-11-29T{hour:02}:00:00.000+00:00",
        "outputs": {path: receipt.digest(path) for path in outputs},
        "end": f"2026-11-29T{hour:02}:30:00.000+00:00",
    }
    receipt.save(receipt_of(rule), facts)


def study() -> None:
    """Make the study in the folder where we are."""
    for hour, rule in enumerate(JOBS):
        work(rule, hour)


def receipts() -> list[dict]:
    """All receipts of the study, in the order of the work."""
    return [provenance.read(receipt_of(rule)) for rule in JOBS]


def graph(left_out: list[str] = WEIGHTS) -> dict[str, dict]:
    """The entities of the crate of the study, by their names."""
    made = crate.made(STUDY, receipts(), CITED, left_out)
    crate.save(made, f"{STUDY.root}/ro-crate-metadata.json")
    return entities()


def entities(root: str | Path = STUDY.root) -> dict[str, dict]:
    """What the metadata of a crate say, by the names of entities."""
    told = json.loads(Path(root, "ro-crate-metadata.json").read_text())["@graph"]
    assert len({each["@id"] for each in told}) == len(told)
    return {each["@id"]: each for each in told}


def linked(graph: dict, entity: dict, key: str) -> list[dict]:
    """The entities that a property of an entity leads to."""
    told = entity.get(key, [])
    links = told if isinstance(told, list) else [told]
    return [graph[link["@id"]] for link in links]


def values(graph: dict, entity: dict, key: str) -> dict:
    """The named values that a property of an entity leads to."""
    found = linked(graph, entity, key)
    named = [each for each in found if each["@type"] == "PropertyValue"]
    return {each["name"]: each["value"] for each in named}
