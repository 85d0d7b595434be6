"""What receipts tell of a study: the steps behind each item, its runs and its cost."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from os.path import relpath
from pathlib import Path

from losslandscape import provenance

TRAINED = {"train", "trajectory", "given"}
DIGESTS = {"code", "net"}  # parameters that are digests of code


def told(receipts: Iterable[Mapping], artifacts: Iterable[str], home: str) -> dict:
    """The jobs behind some artifacts, each once, and the numbers of those of each.

    {"jobs": receipts, "traces": {artifact: numbers of jobs, from the data to it}}; an
    artifact and where a receipt lies are told as seen from the folder `home`. Raises
    KeyError for an artifact without a receipt.
    """
    makers = provenance.makers(receipts)
    jobs: dict[str, int] = {}
    behind: list[Mapping] = []
    traces = {}
    for artifact in artifacts:
        chain = provenance.chain(makers, artifact)
        new = [job for job in chain if job["receipt"] not in jobs]
        behind += new
        jobs |= {job["receipt"]: len(jobs) + place for place, job in enumerate(new)}
        traces[relpath(artifact, home)] = [jobs[job["receipt"]] for job in chain]
    beside = [job | {"receipt": relpath(job["receipt"], home)} for job in behind]
    return {"jobs": beside, "traces": traces}


def behind(
    traces: Mapping[str, Sequence[int]], artifact: str, files: Iterable[str]
) -> list[int]:
    """The numbers of the jobs behind some files, then of that which made an artifact.

    Of `told`'s traces; for an artifact that stands on more than these files.
    """
    numbers = [number for file in files for number in traces[file]]
    return list(dict.fromkeys([*numbers, traces[artifact][-1]]))


def step(job: Mapping) -> dict:
    """What a trace says of a job."""
    params = job.get("params", {})
    chosen = {name: params[name] for name in params if name not in DIGESTS}
    code = job.get("code", {})
    return {
        "rule": job["rule"],
        "made": {path: fact["sha256"] for path, fact in job["outputs"].items()},
        "seed": job.get("wildcards", {}).get("seed"),
        "params": json.dumps(chosen, ensure_ascii=False),
        "code": " ".join(params[name] for name in sorted(DIGESTS & params.keys())),
        "commit": code.get("commit"),
        "clean": code.get("clean"),
        "machine": provenance.machine(job),
        "seconds": provenance.seconds(job),
        "start": job.get("start"),
        "receipt": job["receipt"],
    }


def runs(
    jobs: Iterable[Mapping], read: Callable[[str], Mapping[str, Iterable]]
) -> list[dict]:
    """A row for each run: its recipe, where it ended, how long it took.

    `read` gives the columns of a history; one that is gone leaves its cells empty.
    """
    return [_run(job, read) for job in jobs if job["rule"] in TRAINED]


def _run(job: Mapping, read: Callable) -> dict:
    named, recipe = job["wildcards"], job["params"]["recipe"]
    (history,) = (path for path in job["outputs"] if path.endswith("/history.csv"))
    ended = read(history) if Path(history).exists() else {}
    measures = "train_loss", "train_error", "test_loss", "test_error"
    return {
        "run": "{dataset}/{model}/{recipe}-seed{seed}".format(**named),
        "epochs": recipe["epochs"],
        "batch": recipe.get("batch_size", ""),
        "optimiser": _optimiser(recipe),
        "weight_decay": recipe["weight_decay"],
        **{name: ended[name][-1] if name in ended else None for name in measures},
        "seconds": provenance.seconds(job),
        "machine": provenance.machine(job),
    }


def _optimiser(recipe: Mapping) -> str:
    if "weights" in recipe:
        return "trained elsewhere"
    ((name, how),) = recipe["optimiser"].items()
    return f"{name}, {how['learning_rate']:g}"


def costs(jobs: Iterable[Mapping]) -> list[dict]:
    """A row for each rule, the dearest first: jobs, hours of CPUs and GPUs, memory.

    A CPU's hours are those of each thread that a job was given; a GPU's are those of
    jobs that had one. The last row is the sum.
    """
    rules: dict[str, list[Mapping]] = {}
    for job in jobs:
        rules.setdefault(job["rule"], []).append(job)
    rows = [_cost(rule, rules[rule]) for rule in rules]
    rows.sort(key=lambda row: -row["seconds"])
    total = _cost("all", [job for jobs in rules.values() for job in jobs])
    return [*rows, total]


def _cost(rule: str, jobs: list[Mapping]) -> dict:
    taken = [(provenance.seconds(job) or 0.0, job) for job in jobs]
    has_gpu = [job.get("device", {}).get("name") == "cuda" for job in jobs]
    memory = (job.get("host", {}).get("peak_memory_mb", 0) for job in jobs)
    return {
        "rule": rule,
        "jobs": len(jobs),
        "seconds": sum(time for time, _ in taken),
        "cpu_hours": sum(time * job.get("threads", 1) for time, job in taken) / 3600,
        "gpu_hours": sum(t for (t, _), gpu in zip(taken, has_gpu, strict=True) if gpu)
        / 3600,
        "memory_mb": max(memory, default=0),
    }
