"""What a study asks of tasks without classes, in vain: that nets vote, and claims."""

from collections.abc import Iterator, Mapping

from losslandscape import references, study

CLASSES = "classification"

# Kinds of rows and tables of nets that vote, and measures of profiles by votes.
VOTING = {"budgets", "ensembles"}
VOTES = {"pair_error", "disagreement"}


def faults(config: Mapping) -> Iterator[str]:
    """The entries of figures and tables that need classes where there are none."""
    others = {name for name in config["datasets"] if task(config, name) != CLASSES}
    for where, kind, entry in references.entries(config):
        for dataset in others & _datasets(entry) if _votes(kind, entry) else ():
            yield (
                f"{where}: nets vote on classes, which the task of '{dataset}', "
                f"{task(config, dataset)}, does not have"
            )
    for name, claim in config.get("claims", {}).items():
        for dataset in others & _claimed(claim):
            yield f"claims.{name}: the papers' claims are not of '{dataset}', " + (
                f"whose task is {task(config, dataset)}"
            )


def task(config: Mapping, dataset: str) -> str:
    """The kind of a dataset's task; by default classification."""
    (kind,) = config["datasets"][dataset].get("task", {CLASSES: {}})
    return kind


def _votes(kind: str, entry: Mapping) -> bool:
    by_votes = entry.get("measure") in VOTES or entry.get("votes")
    return kind in VOTING or (
        kind == "profiles" and bool(by_votes or entry.get("scaled"))
    )


def _datasets(entry: Mapping) -> set[str]:
    """The datasets of an entry's runs and ensembles."""
    paths = [*study.shown(entry), *entry.get("ensembles", [])]
    return {path.partition("/")[0] for path in paths}


def _claimed(claim: Mapping) -> set[str]:
    """The datasets of the cases of a claim."""
    return {path.partition("/")[0] for case in claim["cases"] for path in case}
