"""The receipts of jobs as actions of an RO-Crate, with their tools and machines."""

from collections.abc import Mapping

from rocrate.model import Entity
from rocrate.rocrate import ROCrate

from losslandscape import artifacts, entities, provenance, receipt

# A receipt is left by a job that has ended well, and by no other.
DONE = "http://schema.org/CompletedActionStatus"
MEBIBYTE = "https://qudt.org/vocab/unit/MebiBYTE"
COUNT = "https://qudt.org/vocab/unit/NUM"

# What a receipt tells of a host; what it does not know is left out.
MACHINE = ("name", "system", "processor", "cpu", "instructions", "visible_gpus")


def job(crate: ROCrate, files: artifacts.Files, facts: Mapping) -> Entity:
    """A job: its tool, what went in and came out, its parameters, when and where."""
    read = [files.add(path, digest) for path, digest in facts["inputs"].items()]
    made = [files.add(path, digest) for path, digest in facts["outputs"].items()]
    place = facts["receipt"].removesuffix(provenance.ENDING)
    wildcards = [f"{name} {told}" for name, told in facts["wildcards"].items()]
    action = entities.add(
        crate,
        f"#job/{place}",
        "CreateAction",
        name=f"{facts['rule']} {place}",
        description=", ".join(wildcards) or None,
        instrument=tool(crate, facts),
        object=read + parameters(crate, facts),
        result=made,
        startTime=facts["start"],
        endTime=facts["end"],
        actionStatus=DONE,
        location=machine(crate, facts),
        resourceUsage=usage(crate, facts),
        additionalProperty=entities.values(crate, circumstances(facts)),
    )
    files.add(facts["receipt"], receipt.digest(facts["receipt"]))["about"] = action
    return action


def tool(crate: ROCrate, facts: Mapping) -> Entity:
    """A rule as it was: with other code or another package it is another tool."""
    rule, code = facts["rule"], facts["params"].get("code")
    key = entities.digest([rule, code, facts["code"], facts["software"]])
    needed = [package(crate, *each) for each in facts["software"].items()]
    return entities.add(
        crate,
        f"#tool/{rule}-{key}",
        "SoftwareApplication",
        name=rule,
        softwareVersion=code or facts["code"]["commit"],
        input=[formal(crate, rule, name) for name in facts["params"]],
        softwareRequirements=needed,
        additionalProperty=entities.values(crate, facts["code"]),
    )


def package(crate: ROCrate, name: str, version: str) -> Entity:
    """A package of software in one version."""
    identifier = f"#{name}-{version}"
    told = {"name": name, "softwareVersion": version}
    return entities.add(crate, identifier, "SoftwareApplication", **told)


def parameters(crate: ROCrate, facts: Mapping) -> list[Entity]:
    """The values of a job's parameters."""
    return [
        entities.value(crate, name, told, exampleOfWork=formal(crate, rule, name))
        for rule in [facts["rule"]]
        for name, told in facts["params"].items()
    ]


def formal(crate: ROCrate, rule: str, name: str) -> Entity:
    """A parameter of a rule, whatever its value."""
    told = {"name": name, "additionalType": "PropertyValue"}
    return entities.add(crate, f"#parameter/{rule}/{name}", "FormalParameter", **told)


def machine(crate: ROCrate, facts: Mapping) -> Entity:
    """Where a job ran: the host, its system and processors, the device."""
    host = {name: facts["host"][name] for name in MACHINE if facts["host"].get(name)}
    device = {f"device_{name}": told for name, told in facts["device"].items()}
    told = host | device
    return entities.add(
        crate,
        f"#machine-{entities.digest(told)}",
        "Place",
        name=host.pop("name"),
        additionalProperty=entities.values(crate, host | device),
    )


def usage(crate: ROCrate, facts: Mapping) -> list[Entity]:
    """What a job took of its machine."""
    told = {
        "peak_memory_mb": (facts["host"]["peak_memory_mb"], MEBIBYTE),
        "threads": (facts["threads"], COUNT),
    }
    return [
        entities.value(crate, name, amount, propertyID=name, unitCode=unit)
        for name, (amount, unit) in told.items()
    ]


def circumstances(facts: Mapping) -> dict:
    """Which attempt at the job it was, and what the scheduler called it."""
    return {
        "exit_status": 0,
        "attempt": facts["attempt"],
        **facts["host"]["scheduler_job"],
    }
