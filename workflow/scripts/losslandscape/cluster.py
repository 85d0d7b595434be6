"""What SLURM says before a long run: its memory of jobs, partitions, GPUs and limits.

Which version of snakemake-executor-plugin-slurm a sentence belongs to stands in
profiles/slurm, with its reason. `ask` runs a command and gives what it prints.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

Ask = Callable[..., str | None]

# Seconds. The plugin begins to look at jobs after the first; the pauses grow to the
# second, and a look may come later than that.
FIRST_LOOK, LONGEST_PAUSE, LATE = 40, 180, 60


class Partition(NamedTuple):
    """A partition: its GPUs, the minutes it grants, what becomes of the preempted."""

    gpus: str
    minutes: float
    preempts: str

    def has(self, model: str | None) -> bool:
        """Whether it has GPUs, of a type if one is named."""
        return "gpu" in self.gpus and (not model or model in self.models)

    @property
    def models(self) -> set[str]:
        """The types of its GPUs that have a name."""
        return set(re.findall(r"gpu:([^:,(]+):\d", self.gpus))


def missing(folder: Path, said: Mapping, ask: Ask) -> Iterator[str]:
    """What is wrong with SLURM for a run of a folder with these options."""
    if said.get("executor") != "slurm":
        return
    told = ask("scontrol", "show", "config")
    if told is None:
        yield "SLURM does not answer (`scontrol show config`): is this a login node?"
        return
    yield from _forgetting(told, said)
    yield from _leftover(folder, ask)
    there = _partitions(ask)
    requeues = said.get("slurm-requeue") or re.search(r"JobRequeue\s*=\s*1", told)
    found = [_refused(own, there, bool(requeues)) for own in _asked(said).values()]
    yield from dict.fromkeys(filter(None, found))


def longest(plan: str, retries: int, cap: float) -> dict[str, float]:
    """The longest time limit of each rule's jobs: minutes at the last attempt.

    A plan is what a dry run prints, of the first attempts; `cap` is the longest limit
    that the workflow asks for.
    """
    found: dict[str, float] = {}
    for block in re.split(r"^rule ", plan, flags=re.MULTILINE)[1:]:
        rule, limit = block.partition(":")[0], re.search(r"\bruntime=(\d+)", block)
        first = int(limit[1]) if limit else 0
        last = max(first, min((1 + retries) * first, cap))
        found[rule] = max(found.get(rule, 0), last)
    return found


def late(minutes: Mapping[str, float], said: Mapping, ask: Ask) -> Iterator[str]:
    """Rules whose longest time limit, in minutes, their partition does not grant."""
    if said.get("executor") != "slurm":
        return
    there, asked = _partitions(ask), _asked(said)
    over: dict[str, list[str]] = {}
    for rule, asks in minutes.items():
        wanted = asked.get(rule, asked[""]).get("slurm_partition")
        granted = max((p.minutes for p in _named(wanted, there)), default=math.inf)
        if asks > granted:
            over.setdefault(f"'{wanted}' grants {granted:.0f}", []).append(rule)
    for sentence, rules in over.items():
        asks = max(minutes[rule] for rule in rules)
        yield (
            f"jobs of {', '.join(rules)} ask for up to {asks:.0f} minutes, partition "
            f"{sentence}: set `time_limit` to that in the profile's `config`, "
            "`gflops` to what a job sustains there, or take another partition"
        )


def _forgetting(told: str, said: Mapping) -> Iterator[str]:
    """A job that SLURM has forgotten between two looks is waited for without end."""
    age = re.search(r"MinJobAge\s*=\s*(\d+)", told)
    first = int(said.get("slurm-init-seconds-before-status-checks", FIRST_LOOK))
    needed = max(3 * first, LONGEST_PAUSE + LATE)
    if age and int(age[1]) < needed:
        yield (
            f"SLURM forgets jobs after {age[1]} s (MinJobAge), less than {needed}: ask "
            "the administrators for more; else the run may wait without end for jobs "
            "that have ended"
        )


def _leftover(folder: Path, ask: Ask) -> Iterator[str]:
    """Jobs of a run whose launcher was killed: a second run would submit them again."""
    told = ask("squeue", "--me", "-h", "-o", "%i|%Z|%k") or ""
    rows = [line.split("|", 2) for line in told.splitlines() if line.count("|") >= 2]
    here = [row[0] for row in rows if Path(row[1]).resolve() == folder.resolve()]
    if here:
        yield (
            f"{len(here)} jobs of this folder are still in the queue: wait for them, "
            f"or `scancel {' '.join(here)}`; else they would be submitted again"
        )


def _partitions(ask: Ask) -> dict[str, Partition]:
    """All partitions by name, each the sum of its nodes."""
    found: dict[str, Partition] = {}
    for line in (ask("sinfo", "-h", "-o", "%R|%G|%l|%M") or "").splitlines():
        name, gpus, longest, preempts = line.split("|")
        before = found[name].gpus if name in found else ""
        found[name] = Partition(f"{before},{gpus}", _minutes(longest), preempts)
    return found


def _minutes(longest: str) -> float:
    """The minutes of a time limit as SLURM writes it: [days-]hours:minutes:seconds."""
    if not longest[:1].isdigit():
        return math.inf
    days, _, clock = longest.rpartition("-")
    hours, minutes, _ = ["0", "0", *clock.split(":")][-3:]
    return 24 * 60 * int(days or 0) + 60 * int(hours) + int(minutes)


def _asked(said: Mapping) -> dict[str, Mapping]:
    """The resources that each rule has from the options; "" are all other rules'."""
    defaults, own = said.get("default-resources", {}), said.get("set-resources", {})
    return {"": defaults} | {rule: defaults | own[rule] for rule in own}


def _named(wanted: str | None, there: Mapping[str, Partition]) -> list[Partition]:
    """The partitions of a list, those that are there."""
    return [there[name] for name in (wanted or "").split(",") if name in there]


def _refused(
    own: Mapping, there: Mapping[str, Partition], requeues: bool
) -> str | None:
    """What is wrong with the partitions that a rule asks for, the first thing."""
    wanted, model = own.get("slurm_partition"), own.get("gpu_model")
    if not wanted:
        return None
    unknown = set(wanted.split(",")) - set(there)
    if unknown:
        known = ", ".join(sorted(there))
        return f"there is no partition '{', '.join(sorted(unknown))}', but {known}"
    chosen = _named(wanted, there)
    # A rule without a GPU clears its type.
    if model != "" and not any(each.has(model) for each in chosen):
        return _without(wanted, model, chosen)
    return next(filter(None, (_preempted(wanted, p, requeues) for p in chosen)), None)


def _without(wanted: str, model: str | None, chosen: list[Partition]) -> str:
    if not any(each.has(None) for each in chosen):
        return f"partition '{wanted}' has no GPU: jobs that ask for one would not start"
    models = sorted(set().union(*(each.models for each in chosen)))
    known = ", ".join(models) or "none of a named type"
    return f"partition '{wanted}' has no GPU of type '{model}', but {known}"


def _preempted(wanted: str, partition: Partition, requeues: bool) -> str | None:
    """A preempted job that SLURM does not queue again is waited for without end."""
    if "CANCEL" in partition.preempts:
        remedy = "take another partition"
    elif "REQUEUE" in partition.preempts and not requeues:
        remedy = "set `slurm-requeue: true`"
    else:
        return None
    return (
        f"partition '{wanted}' ends jobs for more urgent ones (PreemptMode "
        f"{partition.preempts}), and one that is not queued again is waited for "
        f"without end: {remedy}"
    )
