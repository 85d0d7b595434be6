"""Processes that do a piece of work when they are told to, and how long they take."""

import json
import os
import subprocess
import sys
from pathlib import Path

# As the workflow sets them for its jobs.
ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": "1073741824",
    "MALLOC_TRIM_THRESHOLD_": "4294967296",
    "MALLOC_TOP_PAD_": "268435456",
}


class Worker:
    """A process that does a piece of work when it is told to."""

    def __init__(self, allocator: bool, **told: object) -> None:
        """Start it, with our allocator's settings or the system's; see `worker.py`."""
        clean = {k: v for k, v in os.environ.items() if k not in ALLOCATOR}
        threads = {"OMP_NUM_THREADS": str(told["threads"])}
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("worker.py")],
            env=clean | threads | (ALLOCATOR if allocator else {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._say(json.dumps(told))
        self.ready = self.hear()

    def start(self) -> None:
        """Begin the work once more."""
        self._say("go")

    def hear(self) -> dict:
        """What it answers; RuntimeError when it has ended."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a worker has ended: what it wrote stands above")
        return json.loads(line)

    def end(self) -> None:
        """Let it go."""
        self.process.stdin.close()
        self.process.wait()

    def _say(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


class Crew:
    """Workers that do the same at the same time, and what they have done so far."""

    def __init__(self, workers: list[Worker]) -> None:
        """Begin with nothing done."""
        self.workers = workers
        self.seconds: list[float] = []
        self.heard: dict = {}

    def work(self) -> None:
        """Do it once more: the seconds until all are done, for the work of one."""
        for worker in self.workers:
            worker.start()
        heard = [worker.hear() for worker in self.workers]
        slowest = max(one["seconds"] for one in heard)
        self.seconds.append(slowest / len(self.workers))
        self.heard = heard[0]

    def end(self) -> None:
        """Let them go."""
        for worker in self.workers:
            worker.end()
