"""When a run will end: what its jobs still take, by what those before them took."""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from losslandscape import events, forecasts

# What `progress` logs, with the time of day before it.
SAID = re.compile(
    r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d+ INFO (.* (\d+) s left)$", flags=re.MULTILINE
)
STAMP = "%Y-%m-%d %H:%M:%S"


class Part(NamedTuple):
    """A job that has not ended, and the seconds that it still takes."""

    job: forecasts.Job
    seconds: float


def said(log: str) -> tuple[str, float] | None:
    """The last word of a job on how far it is, and when it will be through by it."""
    found = SAID.findall(log)
    if not found:
        return None
    stamp, words, left = found[-1]
    return words, time.mktime(time.strptime(stamp, STAMP)) + float(left)


def first(log: str) -> float | None:
    """When the first line of a job's log was written."""
    found = re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", log)
    return time.mktime(time.strptime(found[0], STAMP)) if found else None


def log(attempt: events.Attempt, root: Path) -> str:
    """What a job has written since it was handed over; nothing if it has not begun."""
    path = root / (attempt.job.log or "")
    # Snakemake's times are whole seconds.
    if not path.is_file() or path.stat().st_mtime < attempt.began:
        return ""
    return path.read_text(errors="replace")


def since(attempt: events.Attempt, root: Path) -> float:
    """When a job began: by its log, since on a cluster it may have waited."""
    return max(first(log(attempt, root)) or 0.0, attempt.began)


def spent(attempt: events.Attempt, now: float, root: Path) -> float:
    """The seconds that a job took, or has taken so far."""
    if attempt.ended is None:
        return now - since(attempt, root) if log(attempt, root) else 0.0
    past = None if attempt.failed else forecasts.took(attempt.job, root)
    return attempt.ended - attempt.began if past is None else past


def still(attempt: events.Attempt, expected: float, now: float, root: Path) -> float:
    """The seconds that a job still takes: by its own word, else by what is expected."""
    word = said(log(attempt, root))
    end = word[1] if word else since(attempt, root) + expected
    return max(end - now, 0.0)


def at_once(attempts: Sequence[events.Attempt], now: float, root: Path) -> float:
    """How many jobs have run at once so far, on average; not less than one."""
    elapsed = now - min(attempt.began for attempt in attempts)
    busy = sum(spent(attempt, now, root) for attempt in attempts)
    return max(busy / elapsed, 1.0) if elapsed > 0 else 1.0


def factors(done: Iterable[tuple[str, float, float]]) -> dict[str, float]:
    """How much longer than forecast jobs take, by rule; of (rule, forecast, took)."""
    sums: dict[str, tuple[float, float]] = {}
    for rule, forecast, took in done:
        before = sums.get(rule, (0.0, 0.0))
        sums[rule] = before[0] + forecast, before[1] + took
    return {
        rule: took / forecast for rule, (forecast, took) in sums.items() if forecast
    }


def blocked(
    jobs: Sequence[forecasts.Job], failed: Sequence[forecasts.Job]
) -> list[forecasts.Job]:
    """The jobs that wait for one that failed, or for one that waits for it."""
    readers = defaultdict(list)
    for k, job in enumerate(jobs):
        for path in job.inputs:
            readers[path].append(k)
    found: dict[int, None] = {}
    lost = [path for job in failed for path in job.outputs]
    for path in lost:
        new = dict.fromkeys(k for k in readers[path] if k not in found)
        found |= new
        lost += (made for k in new for made in jobs[k].outputs)
    return [jobs[k] for k in found]


def others(
    jobs: Sequence[forecasts.Job], known: Iterable[forecasts.Job]
) -> list[forecasts.Job]:
    """The jobs that make nothing of what the known ones make."""
    made = {path for job in known for path in job.outputs}
    return [job for job in jobs if made.isdisjoint(job.outputs)]


def waiting(
    jobs: Sequence[forecasts.Job], times: Sequence[float], counts: Mapping[str, int]
) -> list[Part]:
    """The jobs that have yet to start, of which there are so many of each rule.

    A run that was asked for less than its plan has a share of each rule's time.
    """
    planned = Counter(job.rule for job in jobs)
    return [
        Part(job, seconds * counts.get(job.rule, 0) / planned[job.rule])
        for job, seconds in zip(jobs, times, strict=True)
    ]


def remaining(parts: Sequence[Part], side_by_side: float) -> float:
    """The seconds until all is done with so many jobs at once, on average.

    Not less than the longest chain of jobs that wait for each other.
    """
    jobs, times = [part.job for part in parts], [part.seconds for part in parts]
    return max(sum(times) / side_by_side, forecasts.longest(jobs, times))
