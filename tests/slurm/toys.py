"""The toy study in a folder of its own, built by the profile on a SLURM of one node."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import node
from losslandscape import receipt

HERE = Path(__file__).parent

PATIENCE = 900  # seconds; a study takes one minute, more where much else goes on

# The launcher looks sooner than it would on a cluster; all else is the profile's.
SOONER = (
    *("--workflow-profile", "profiles/slurm", "--configfile", "toy.yaml"),
    *("--jobs", "8", "--latency-wait", "5", "--set-scatter", "surface=2"),
    *("--slurm-init-seconds-before-status-checks", "8"),
    *("--max-jobs-per-timespan", "100/1s", "--group-components", "directions=2"),
)


def _tells(path: Path) -> bool:
    """Whether a file is made of receipts, or has the profile as the user wrote it."""
    return path.name in ("index.html", "ro-crate-metadata.json", "workflow.zip")


def until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


class Study:
    """The toy study in a folder of its own."""

    def __init__(self, folder: Path, cluster: node.Node) -> None:
        """Stand in a copy of the workflow."""
        self.folder, self.cluster = folder, cluster

    def start(self, *options: str) -> subprocess.Popen:
        """Begin to build it on the cluster."""
        return subprocess.Popen(
            [sys.executable, HERE / "launch.py", *SOONER, *options],
            cwd=self.folder,
            env=self.cluster.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def build(self, *options: str) -> str:
        """Build it to its end; what was printed."""
        process = self.start(*options)
        told, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, told
        return told

    def states(self, rule: str) -> list[str]:
        """The states of this study's jobs of a rule, the oldest first."""
        told = self.cluster.run("squeue", "--states=all", "-h", "-o", "%i|%Z|%T|%k")
        rows = sorted(
            (line.split("|", 3) for line in told.splitlines()), key=lambda r: int(r[0])
        )
        return [
            state
            for _, where, state, comment in rows
            if Path(where) == self.folder and f"rule_{rule}" in comment
        ]

    def number(self, rule: str) -> str:
        """The number of the last job of a rule."""
        told = self.cluster.run("squeue", "--states=all", "-h", "-o", "%i|%Z|%k")
        rows = (line.split("|", 2) for line in told.splitlines())
        return max(
            (i for i, w, k in rows if Path(w) == self.folder and f"rule_{rule}" in k),
            key=int,
        )

    def preempt(self, rule: str) -> None:
        """Have its GPU taken from the last job of a rule, which is queued again."""
        number = self.number(rule)
        urgent = ("--partition=urgent", "--gpus=fake:4", "--output=/dev/null")
        self.cluster.run("sbatch", *urgent, "--wrap=true")

        def runs_again() -> bool:
            # Else SLURM would wait for two minutes.
            self.cluster.run("scontrol", "update", f"JobId={number}", "StartTime=now")
            told = self.cluster.run("scontrol", "show", "job", number)
            return "Restarts=1" in told and "JobState=RUNNING" in told

        until(runs_again)

    def receipts(self) -> list[dict]:
        """The receipts of all its jobs."""
        found = (self.folder / "results").rglob("*.receipt.json")
        return [json.loads(path.read_text()) for path in found]

    def results(self) -> dict[str, str]:
        """The digest of every artifact but those that say when, where and how."""
        root = self.folder / "results"
        return {
            str(path.relative_to(root)): receipt.digest(path)["sha256"]
            for path in sorted(root.rglob("*"))
            if path.is_file() and not path.match("*.receipt.json") and not _tells(path)
        }
