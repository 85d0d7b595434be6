"""What a study will take: its jobs as Snakemake plans them, with their costs.

A plan is what `snakemake --dry-run --forceall` prints; jobs that have run are known by
the times that Snakemake kept of them.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from losslandscape import costs

# Seconds of a job beside its arithmetic: with torch, and without.
START, LIGHT = 4, 1


class Job(NamedTuple):
    """A planned job."""

    rule: str
    wildcards: Mapping[str, str]
    inputs: Sequence[str]
    outputs: Sequence[str]
    benchmark: str | None

    @property
    def net(self) -> str | None:
        """The net that it works on, {dataset}/{model}; None of what works on none."""
        names = [self.wildcards.get(name) for name in ("dataset", "model")]
        return None if None in names else "/".join(names)


def planned(text: str) -> list[Job]:
    """The jobs of a plan, in its order; what makes no file is no job."""
    jobs = []
    for block in re.split(r"^(?:local)?rule ", text, flags=re.MULTILINE)[1:]:
        name, _, rest = block.partition(":\n")
        told = dict(re.findall(r"^    (\w+): (.*)$", rest, flags=re.MULTILINE))
        if "output" in told:
            pairs = (pair.split("=", 1) for pair in _listed(told, "wildcards"))
            jobs.append(
                Job(
                    name,
                    dict(pairs),
                    _listed(told, "input"),
                    _listed(told, "output"),
                    told.get("benchmark"),
                )
            )
    return jobs


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


def longest(jobs: Sequence[Job], times: Sequence[float]) -> float:
    """The seconds of the longest chain of jobs that wait for each other."""
    maker = {path: k for k, job in enumerate(jobs) for path in job.outputs}
    ended: dict[int, float] = {}

    def end(k: int) -> float:
        if k not in ended:
            before = {maker[path] for path in jobs[k].inputs if path in maker}
            ended[k] = times[k] + max(map(end, before), default=0.0)
        return ended[k]

    return max(map(end, range(len(jobs))), default=0.0)


def table(jobs: Sequence[Job], times: Sequence[float], root: Path) -> list[dict]:
    """A row for each rule, the costliest first: hours, and what is known of them."""
    rules = dict.fromkeys(job.rule for job in jobs)
    rows = []
    for rule in rules:
        own = [(j, t) for j, t in zip(jobs, times, strict=True) if j.rule == rule]
        known = [(t, took(j, root)) for j, t in own]
        past = [(t, s) for t, s in known if s is not None]
        rows.append(
            {
                "rule": rule,
                "jobs": len(own),
                "hours": sum(t for _, t in own) / 3600,
                "longest": max(t for _, t in own) / 3600,
                "gpu": rule in costs.COUNTS,
                "done": len(past),
                "forecast_done": sum(t for t, _ in past) / 3600,
                "took": sum(s for _, s in past) / 3600,
            }
        )
    return sorted(rows, key=lambda row: -row["hours"])


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
