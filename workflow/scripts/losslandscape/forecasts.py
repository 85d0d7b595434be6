"""What a study will take: its jobs as Snakemake plans them, with their costs.

A plan is what `snakemake --dry-run --forceall` prints; jobs that have run are known by
the times that Snakemake kept of them.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from losslandscape import costs, transcript

# Seconds of a job beside its arithmetic: with torch, and without.
START, LIGHT = 4, 1


class Job(NamedTuple):
    """A planned job."""

    rule: str
    wildcards: Mapping[str, str]
    inputs: Sequence[str]
    outputs: Sequence[str]
    benchmark: str | None
    log: str | None = None

    @property
    def net(self) -> str | None:
        """The net that it works on, {dataset}/{model}; None of what works on none."""
        names = [self.wildcards.get(name) for name in ("dataset", "model")]
        return None if None in names else "/".join(names)


def planned(text: str) -> list[Job]:
    """The jobs of a plan, in its order; what makes no file is no job."""
    told = transcript.plain(text)
    blocks = re.split(r"^(?=(?:local)?rule )", told, flags=re.MULTILINE)[1:]
    return [found for found in map(job, blocks) if found.outputs]


def job(block: str) -> Job:
    """A job from the lines by which Snakemake tells of it."""
    head, _, rest = block.partition(":\n")
    told = dict(re.findall(r"^    (\w+): (.*)$", rest, flags=re.MULTILINE))
    return Job(
        head.split()[-1],
        dict(pair.split("=", 1) for pair in _listed(told, "wildcards")),
        _listed(told, "input"),
        _listed(told, "output"),
        told.get("benchmark"),
        told.get("log"),
    )


def seconds(job: Job, config: Mapping, nets: Mapping, gflops: float) -> float:
    """How long a job takes on one device that sustains so many GFLOP/s."""
    if job.rule not in costs.COUNTS:
        return LIGHT
    forward = nets[job.net]["forward"]
    work = costs.operations(job.rule, config, job.wildcards, forward)
    return START + work / gflops / 1e9


def took(job: Job, root: Path) -> float | None:
    """The seconds that a job took the last time, if Snakemake kept them."""
    path = root / (job.benchmark or "")
    if job.benchmark is None or not path.is_file():
        return None
    lines = path.read_text().splitlines()
    return float(json.loads(lines[-1])["s"]) if lines else None


def left(job: Job, root: Path) -> int:
    """The bytes that the outputs of a job have."""
    paths = (root / path for path in job.outputs)
    return sum(path.stat().st_size for path in paths if path.is_file())


def chain(jobs: Sequence[Job], times: Sequence[float]) -> list[int]:
    """The chain of jobs that wait for each other which takes longest, first to last."""
    maker = {path: k for k, job in enumerate(jobs) for path in job.outputs}
    ended: dict[int, tuple[float, list[int]]] = {}

    def end(k: int) -> tuple[float, list[int]]:
        if k not in ended:
            before = {maker[path] for path in jobs[k].inputs if path in maker}
            spent, way = max(map(end, sorted(before)), default=(0.0, []))
            ended[k] = spent + times[k], [*way, k]
        return ended[k]

    return max(map(end, range(len(jobs))), default=(0.0, []))[1]


def longest(jobs: Sequence[Job], times: Sequence[float]) -> float:
    """The seconds of the longest chain of jobs that wait for each other."""
    return sum(times[k] for k in chain(jobs, times))


def table(
    jobs: Sequence[Job],
    times: Sequence[float],
    blind: Sequence[float],
    sizes: Sequence[float],
    root: Path,
) -> list[dict]:
    """A row for each rule, the costliest first: times in hours, sizes in bytes.

    A job holds one core of the CPU all the time (`cpu`), and some hold a GPU (`gpu`).
    `took` and `left` are what jobs that have run took and left on the disk, beside the
    `forecast` of the same ones that knew nothing of them (`blind`).
    """
    rows = []
    for rule in dict.fromkeys(job.rule for job in jobs):
        own = [k for k, job in enumerate(jobs) if job.rule == rule]
        past = {k: s for k in own if (s := took(jobs[k], root)) is not None}
        hours = sum(times[k] for k in own) / 3600
        rows.append(
            {
                "rule": rule,
                "jobs": len(own),
                "cpu": hours,
                "gpu": hours if rule in costs.COUNTS else 0.0,
                "longest": max(times[k] for k in own) / 3600,
                "disk": sum(sizes[k] for k in own),
                "done": len(past),
                "forecast": sum(blind[k] for k in past) / 3600,
                "took": sum(past.values()) / 3600,
                "left": sum(left(jobs[k], root) for k in past),
            }
        )
    return sorted(rows, key=lambda row: -row["cpu"])


def total(rows: Sequence[dict]) -> dict:
    """The sums of a table, and the longest job of all."""
    sums = {key: sum(row[key] for row in rows) for key in rows[0] if key != "rule"}
    return {"rule": "all"} | sums | {"longest": max(row["longest"] for row in rows)}


def sustained(
    jobs: Iterable[Job], config: Mapping, nets: Mapping, root: Path
) -> float | None:
    """The GFLOP/s that the jobs that have run sustained; None when none has."""
    work = spent = 0.0
    for job in jobs:
        past = took(job, root)
        if past is not None and job.rule in costs.COUNTS:
            forward = nets[job.net]["forward"]
            work += costs.operations(job.rule, config, job.wildcards, forward)
            spent += max(past - START, 0.0)
    return work / spent / 1e9 if spent else None


def _listed(told: Mapping[str, str], name: str) -> list[str]:
    return told[name].split(", ") if name in told else []
