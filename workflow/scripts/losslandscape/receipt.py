"""The receipt of a job: what went in and came out, by which code, on which machine.

Written beside every artifact, so that an auditor can go from a number back to the
weights, data, code, seed and machine behind it. Nothing numeric ever reads one.
"""

import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

HOME = Path(__file__).resolve().parents[3]

PACKAGES = (
    "snakemake",
    "torch",
    "torchvision",
    "numpy",
    "h5py",
    "safetensors",
    "matplotlib",
    "scikit-learn",
    "pyevtk",
    "rocrate",
)

# What a scheduler calls the job that runs us.
SCHEDULER_IDS = ("SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID")


def digest(path: str | Path) -> dict:
    """The sha256 and the size in bytes of a file."""
    with open(path, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": sha256, "bytes": Path(path).stat().st_size}


def now() -> str:
    """The time in UTC, to the millisecond."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


def save(path: str | Path, facts: Mapping) -> None:
    """Store a receipt as JSON: the facts of the job, and where it ran."""
    Path(path).write_text(json.dumps({**facts, "host": host()}, indent=2) + "\n")


def code() -> dict:
    """The commit of the workflow, whether its code was as committed, its lock file."""
    changes = _git("status", "--porcelain", "--", "workflow")
    lock = HOME / "requirements.txt"
    return {
        "commit": _git("rev-parse", "HEAD"),
        "clean": None if changes is None else changes == "",
        "lock": digest(lock)["sha256"] if lock.exists() else None,
    }


def software() -> dict:
    """Versions of Python and of the packages a number may depend on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def host() -> dict:
    """Where the job ran: its number with the scheduler, its GPUs, its memory so far."""
    jobs = {name: os.environ[name] for name in SCHEDULER_IDS if name in os.environ}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "name": platform.node(),
        "system": platform.platform(),
        "processor": platform.machine(),
        "cpu": _cpu(),
        "instructions": _instructions(),
        "scheduler_job": jobs,
        "visible_gpus": os.environ.get("CUDA_VISIBLE_DEVICES"),
        "peak_memory_mb": round(peak / (2**20 if sys.platform == "darwin" else 2**10)),
    }


def _cpu() -> str | None:
    """The model of the CPU, where Linux tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    return next(
        (x.partition(": ")[2] for x in lines if x.startswith("model name")), None
    )


def _instructions() -> str | None:
    """The vector instructions that torch sums with, if the job uses torch."""
    torch = sys.modules.get("torch")
    return torch.backends.cpu.get_cpu_capability() if torch else None


def _git(*words: str) -> str | None:
    """What git says of the workflow's own folder; None without git or a repository."""
    if shutil.which("git") is None:
        return None
    told = subprocess.run(
        ["git", "-C", HOME, *words], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() if told.returncode == 0 else None
