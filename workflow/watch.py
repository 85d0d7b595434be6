"""How far a run is: by rule, what runs since when, what failed, and when it will end.

`make watch`, beside a run, on the same machine or another that sees its folder. It
reads what is on the disk: the log that Snakemake keeps of the run, and those of its
jobs. In a terminal it stays until the run is over; into a file it writes each minute.
"""

import argparse
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import forecast
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from losslandscape import events, forecasts, outlook

HERE = Path()
LOGS = HERE / ".snakemake" / "log"
SHOWN = 5  # failures; twice as many jobs that run: what a screen has room for


class Watched:
    """A run of this folder, with what its jobs were forecast to take."""

    def __init__(
        self, path: Path, planned: list[forecasts.Job] | None, config: dict, nets: dict
    ) -> None:
        """Read the log of the run; `planned` are jobs that had yet to end, if known."""
        self.path, self.config, self.nets = path, config, nets
        self.planned, self.is_planned = planned or [], planned is not None
        self.look()
        known = [*self.planned, *self.started()]
        self.before = forecasts.sustained(known, config, nets, HERE)

    def look(self) -> None:
        """Read what has happened since."""
        self.run = events.read(self.path.read_text())

    def started(self) -> list[forecasts.Job]:
        """The jobs that were started so far."""
        return [attempt.job for attempt in self.run.attempts.values()]

    def waiting(self) -> list[forecasts.Job]:
        """The jobs of the plan that have not started."""
        return outlook.others(self.planned, self.started())

    def lost(self) -> list[forecasts.Job]:
        """Those of them that wait for one that failed."""
        failed = [a.job for a in self.run.chosen(ended=True, failed=True)]
        return outlook.blocked(self.waiting(), failed)

    def rate(self) -> float | None:
        """The GFLOP/s of this run's jobs, or of earlier ones, or as the config says."""
        done = [attempt.job for attempt in self.run.chosen(ended=True)]
        now = forecasts.sustained(done, self.config, self.nets, HERE)
        return now or self.before or self.config.get("gflops")

    def expected(self, gflops: float, now: float) -> Callable[[forecasts.Job], float]:
        """What a job takes, in seconds, as those of its rule before it did."""

        def counted(job: forecasts.Job) -> float:
            return forecasts.seconds(job, self.config, self.nets, gflops)

        factors = outlook.factors(
            (a.job.rule, counted(a.job), outlook.spent(a, now, HERE))
            for a in self.run.chosen(ended=True)
        )
        return lambda job: counted(job) * factors.get(job.rule, 1.0)

    def left(self, now: float) -> float | None:
        """The seconds until the end; None where nothing is known to tell it by."""
        gflops = self.rate()
        if gflops is None or not self.run.attempts or not self.is_planned:
            return None
        expected, lost = self.expected(gflops, now), self.lost()
        waiting = outlook.others(self.waiting(), lost)
        counts = Counter(self.run.totals)
        counts -= Counter(job.rule for job in [*self.started(), *lost])
        parts = outlook.waiting(waiting, list(map(expected, waiting)), counts)
        for a in self.run.chosen(ended=False):
            still = outlook.still(a, expected(a.job), now, HERE)
            parts.append(outlook.Part(a.job, still))
        at_once = outlook.at_once(list(self.run.attempts.values()), now, HERE)
        return outlook.remaining(parts, at_once)


def watched(path: Path) -> Watched:
    """The run that has this log, with a plan of what is left to do of it."""
    run = events.read(path.read_text())
    planned = [] if run.is_over else plan(run)
    config = forecast.study(run.configs)
    started = [attempt.job for attempt in run.attempts.values()]
    nets = forecast.counted(config, [*(planned or []), *started])
    return Watched(path, planned, config, nets)


def plan(run: events.Run) -> list[forecasts.Job] | None:
    """What is left to do of a run, by a dry run of its command; None if it fails.

    Snakemake keeps the command without its quotes.
    """
    told = ("--quiet", "host", "reason", "--dry-run", "--nolock")
    asked = (run.command or "").split()[1:]
    command = [sys.executable, "-m", "snakemake", *told, *asked]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        return None
    return forecasts.planned(ended.stdout + ended.stderr)


def newest() -> Path | None:
    """The log of the last run in this folder that has begun to do something."""
    logs = sorted(LOGS.glob("*.log"), reverse=True)
    return next((path for path in logs if "Job stats:" in path.read_text()), None)


def clock(moment: float) -> str:
    """The time of day, with the date where it is another."""
    days = (time.strftime("%F", time.localtime(t)) for t in (moment, time.time()))
    form = "%H:%M:%S" if len(set(days)) == 1 else "%F %H:%M"
    return time.strftime(form, time.localtime(moment))


def span(seconds: float) -> str:
    """A span of time in words."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def header(last: Watched, now: float) -> list[str]:
    """The whole of it, in two lines."""
    run = last.run
    done, failed = len(run.chosen(ended=True)), run.chosen(ended=True, failed=True)
    total = sum(run.totals.values())
    line = f"{last.config['study']}: {done} of {total} jobs done"
    line += f" ({100 * done // max(total, 1)} %), {len(failed)} failed"
    if lost := last.lost():
        line += f", {len(lost)} wait for what failed"
    written = [last.path, *(Path(a.job.log or "") for a in run.chosen(ended=False))]
    sign = max(path.stat().st_mtime for path in written if path.is_file())
    return [line, f"{end(last, sign, now)}. {last.path}"]


def end(last: Watched, sign: float, now: float) -> str:
    """When the run ends, or did."""
    if last.run.is_over:
        return f"over since {clock(sign)}"
    left = last.left(now)
    told = "not known before a job has measured something"
    if not last.is_planned:
        told = "not known: the command could not be planned"
    elif left is not None:
        told = f"{clock(now + left)}, in {span(left)}"
    return f"expected end {told}; last sign of life {span(now - sign)} ago"


def table(run: events.Run) -> Table:
    """A row for each rule."""
    found = Table(box=None, pad_edge=False)
    found.add_column("rule")
    for name in ("done", "of", "running", "failed"):
        found.add_column(name, justify="right")
    groups = [run.chosen(ended=True), run.chosen(ended=False)]
    groups.append(run.chosen(ended=True, failed=True))
    done, running, failed = (Counter(a.job.rule for a in group) for group in groups)
    for rule, total in run.totals.items():
        counts = done[rule], total, running[rule], failed[rule]
        style = "red" if failed[rule] else "green" if done[rule] == total else ""
        found.add_row(rule, *map(str, counts), style=style)
    return found


def running(run: events.Run, now: float) -> list[str]:
    """What runs, since when, and its last word; the longest first."""
    found = []
    going = [(outlook.since(a, HERE), a) for a in run.chosen(ended=False)]
    for began, attempt in sorted(going, key=lambda pair: pair[0])[: 2 * SHOWN]:
        lines = outlook.log(attempt, HERE).splitlines() or ["nothing written yet"]
        found.append(f"since {clock(began)} ({span(now - began)})  {name(attempt)}")
        found.append(f"    {lines[-1]}")
    return found


def name(attempt: events.Attempt) -> str:
    """A job by its rule and its log, which is named like what it makes."""
    return f"{attempt.job.rule} {attempt.job.log or ''}".strip()


def failures(run: events.Run, tail: int) -> list[str]:
    """What failed last, with the ends of the logs."""
    found = []
    failed = sorted(run.chosen(ended=True, failed=True), key=lambda a: a.ended or 0)
    for attempt in failed[-SHOWN:]:
        found.append(f"{clock(attempt.ended or 0)}  {name(attempt)}")
        lines = outlook.log(attempt, HERE).splitlines()[-tail:] or [
            "(no log: see Snakemake's)"
        ]
        found += [f"    {line}" for line in lines]
    return found


def shown(last: Watched, tail: int) -> Group:
    """All of it as it is now."""
    now = time.time()
    pieces: list = [Text(line, style="bold") for line in header(last, now)]
    pieces += ["", table(last.run)]
    if told := running(last.run, now):
        pieces += ["", Text("running", style="bold"), Text("\n".join(told))]
    if told := failures(last.run, tail):
        pieces += ["", Text("failed", style="bold red"), Text("\n".join(told))]
    return Group(*pieces)


def main() -> None:
    """Show the last run until it is over; ends with 1 if a job failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="say it once and end")
    parser.add_argument(
        "--tail", type=int, default=8, help="lines of a failed job's log"
    )
    options = parser.parse_args()
    path = newest()
    if path is None:
        sys.exit(f"no run: {LOGS} in this folder has no log of one")
    with Console(stderr=True).status("planning what is left to do"):
        last = watched(path)
    follow(last, options.tail, options.once)
    sys.exit(bool(last.run.chosen(ended=True, failed=True)))


def follow(last: Watched, tail: int, once: bool) -> None:
    """Show a run again and again: on one screen, or below each other in a file."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    if once or last.run.is_over or not console.is_terminal:
        console.print(shown(last, tail))
        while not (once or last.run.is_over):
            time.sleep(60)
            last.look()
            console.print("", shown(last, tail))
        return
    with Live(shown(last, tail), console=console, auto_refresh=False) as live:
        busy = 0.0
        while not last.run.is_over:
            # A tenth of a core at most: a look at thousands of jobs takes seconds.
            time.sleep(max(2, 9 * busy))
            began = time.monotonic()
            last.look()
            live.update(shown(last, tail), refresh=True)
            busy = time.monotonic() - began


if __name__ == "__main__":
    main()
