"""A study as a Workflow Run RO-Crate: what was made, by what, from what, on what.

Made of the receipts of jobs and of a citation file alone, so that it can stand beside
any workflow that leaves receipts. Follows RO-Crate 1.1, Workflow RO-Crate 1.0 and
Process, Workflow and Provenance Run Crate 0.5 (https://w3id.org/ro/wfrun).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rocrate.model import Entity
from rocrate.model.computerlanguage import get_lang
from rocrate.rocrate import ROCrate

from losslandscape import actions, artifacts, citation, entities

RUN_TERMS = "https://w3id.org/ro/terms/workflow-run/context"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/ro/wfrun/provenance/0.5": "Provenance Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
WORKFLOW = ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"]
ENGINE = "snakemake"


class Study(NamedTuple):
    """What a crate is of. Its files are outputs of jobs."""

    name: str
    root: str  # the folder that becomes the crate
    workflow: str  # the main file of the workflow
    config: str
    readme: str


def made(
    study: Study, receipts: Sequence[Mapping], cited: Mapping, left_out: Sequence[str]
) -> ROCrate:
    """The crate of a study, of receipts in the order of the work (`provenance.chain`).

    `cited` is a citation file. Files that match a pattern of `left_out` are told of
    with their hash, but are no part of the crate. Raises ValueError where a job read
    other bytes than those that another made.
    """
    crate = ROCrate(version="1.1")
    crate.metadata.extra_contexts.append(RUN_TERMS)
    kinds = {study.workflow: WORKFLOW}
    files = artifacts.Files(crate, study.root, left_out, kinds)
    jobs = [actions.job(crate, files, facts) for facts in receipts]
    main = files[study.workflow]
    _plan(crate, main, jobs)
    run = _run(crate, files, study, receipts)
    _organise(crate, run, jobs)
    _cite(crate, main, cited)
    _tell(
        crate.root_dataset,
        name=f"{cited['title']}: {study.name}",
        description=cited["abstract"],
        datePublished=run["endTime"],
        conformsTo=[_profile(crate, address) for address in PROFILES],
        mainEntity=main,
        mentions=[run, *jobs],
    )
    files[study.readme]["about"] = crate.root_dataset
    return crate


def save(crate: ROCrate, path: str | Path) -> None:
    """Store the metadata of a crate, and none of its files."""
    told = json.dumps(crate.metadata.generate(), indent=1, ensure_ascii=False)
    Path(path).write_text(f"{told}\n", encoding="utf-8")


def _plan(crate: ROCrate, main: Entity, jobs: Sequence[Entity]) -> None:
    """Say which steps the workflow has: a rule each, in the order of the work."""
    tools: dict[str, dict[str, Entity]] = {}
    for job in jobs:
        tool = job["instrument"]
        tools.setdefault(tool["name"], {})[tool.id] = tool
    steps = [
        entities.add(
            crate,
            f"#step/{rule}",
            "HowToStep",
            name=rule,
            position=str(number),
            workExample=list(versions.values()),
        )
        for number, (rule, versions) in enumerate(tools.items())
    ]
    parts = [tool for versions in tools.values() for tool in versions.values()]
    engine = crate.add(get_lang(crate, ENGINE))
    _tell(main, step=steps, hasPart=parts, programmingLanguage=engine)


def _run(
    crate: ROCrate, files: artifacts.Files, study: Study, receipts: Sequence[Mapping]
) -> Entity:
    """The run as a whole: from the config and what nobody made to what nobody read."""
    given, ends = _outside(receipts)
    main = files[study.workflow]
    taken = [files[path] for path in (study.config, *given)]
    made = [files[p] for p in ends if p not in (study.workflow, study.config)]
    _tell(
        main, input=_whole(crate, "input", taken), output=_whole(crate, "output", made)
    )
    return entities.add(
        crate,
        "#run",
        "CreateAction",
        name=f"{study.name}, as a whole",
        instrument=main,
        object=taken,
        result=made,
        startTime=min(facts["start"] for facts in receipts),
        endTime=max(facts["end"] for facts in receipts),
        actionStatus=actions.DONE,
    )


def _outside(receipts: Sequence[Mapping]) -> tuple[list[str], list[str]]:
    """The files that jobs read and none made, and those that were made and not read."""
    read = [path for facts in receipts for path in facts["inputs"]]
    written = [path for facts in receipts for path in facts["outputs"]]
    known = {*written, *(facts["receipt"] for facts in receipts)}
    given = dict.fromkeys(path for path in read if path not in known)
    ends = dict.fromkeys(path for path in written if path not in {*read})
    return list(given), list(ends)


def _whole(crate: ROCrate, which: str, files: Sequence[Entity]) -> Entity:
    """What the workflow as a whole takes or gives, with the files that it is."""
    told = {"name": which, "additionalType": "File"}
    found = entities.add(crate, f"#parameter/{which}", "FormalParameter", **told)
    for file in files:
        file["exampleOfWork"] = found
    return found


def _organise(crate: ROCrate, run: Entity, jobs: Sequence[Entity]) -> None:
    """Say that the engine ran each job for a step of the workflow."""
    controls = [
        entities.add(
            crate,
            f"#control/{job.id.removeprefix('#')}",
            "ControlAction",
            name=f"{ENGINE} runs {job['name']}",
            instrument=crate.get(f"#step/{job['instrument']['name']}"),
            object=job,
            actionStatus=actions.DONE,
        )
        for job in jobs
    ]
    entities.add(
        crate,
        "#organisation",
        "OrganizeAction",
        name=f"{ENGINE} runs {run['name']}",
        instrument=_engines(jobs),
        object=controls,
        result=run,
        startTime=run["startTime"],
        endTime=run["endTime"],
        actionStatus=actions.DONE,
    )


def _engines(jobs: Sequence[Entity]) -> list[Entity]:
    """The engine in each version that jobs have had."""
    found = {
        package.id: package
        for job in jobs
        for package in entities.several(job["instrument"]["softwareRequirements"])
        if package["name"] == ENGINE
    }
    return list(found.values())


def _cite(crate: ROCrate, main: Entity, cited: Mapping) -> None:
    """Say who wrote the workflow, under which licence, and which papers it follows."""
    facts = citation.facts(crate, cited)
    _tell(crate.root_dataset, **facts)
    version = cited.get("version", "unknown")
    _tell(main, **facts, name=cited["title"], version=str(version))


def _profile(crate: ROCrate, address: str) -> Entity:
    name, version = PROFILES[address], address.rpartition("/")[2]
    return entities.add(crate, address, "CreativeWork", name=name, version=version)


def _tell(entity: Entity, **properties) -> None:
    """Add properties to an entity."""
    for name, value in properties.items():
        entity[name] = entities.single(value)
