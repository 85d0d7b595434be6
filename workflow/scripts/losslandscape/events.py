"""What has happened in a run, read from the log that Snakemake keeps of it.

Each event begins with a line of its time: a job that starts (on a cluster: that is
handed over), one that is finished, one that failed.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from losslandscape import forecasts, transcript

STAMP = re.compile(rf"^({transcript.STAMP})\n", flags=re.MULTILINE)


@dataclass
class Attempt:
    """The last attempt at a job; times are seconds of the epoch."""

    job: forecasts.Job
    began: float
    ended: float | None = None
    failed: bool = False


@dataclass
class Run:
    """A run so far: its jobs by rule (`totals`), its attempts by the jobs' numbers."""

    command: str | None
    configs: list[str]
    totals: Mapping[str, int]
    attempts: dict[str, Attempt] = field(default_factory=dict)
    is_over: bool = False

    def chosen(self, *, ended: bool, failed: bool = False) -> list[Attempt]:
        """The attempts that have ended, or not, and well, or not."""
        return [
            attempt
            for attempt in self.attempts.values()
            if (attempt.ended is not None, attempt.failed) == (ended, failed)
        ]


def read(text: str) -> Run:
    """A run, from its log as far as it is written."""
    text = transcript.plain(text)
    head, *pieces = STAMP.split(text)
    command = re.search(r"^  Command: (.*)$", head, flags=re.MULTILINE)
    configs = re.search(r"^  Config file\(s\): (.*)$", head, flags=re.MULTILINE)
    run = Run(
        command[1] if command else None,
        re.findall(r"'([^']+)'", configs[1]) if configs else [],
        _totals(head),
    )
    for stamp, piece in zip(pieces[::2], pieces[1::2], strict=True):
        moment = time.mktime(time.strptime(stamp, "[%a %b %d %H:%M:%S %Y]"))
        _take(run, moment, piece)
    run.is_over = re.search(r"^Complete log", text, flags=re.MULTILINE) is not None
    return run


def _totals(head: str) -> dict[str, int]:
    """The jobs of each rule, from the table before the first of them."""
    _, _, table = head.partition("Job stats:\n")
    rows = re.findall(r"^(\w+) +(\d+)$", table, flags=re.MULTILINE)
    return {rule: int(count) for rule, count in rows if rule != "total"}


def _take(run: Run, moment: float, piece: str) -> None:
    number = re.search(r"jobid: (\d+)", piece)
    if number is None:
        return
    if re.match(r"(?:local)?rule ", piece):
        run.attempts[number[1]] = Attempt(forecasts.job(piece), moment)
    elif piece.startswith(("Finished", "Error")) and number[1] in run.attempts:
        attempt = run.attempts[number[1]]
        attempt.ended, attempt.failed = moment, piece.startswith("Error")
