"""Is everything at hand for a long run? Each check gives sentences of what is not.

What is asked of other programs is asked once, by `ask`, which tests replace.
"""

import importlib.metadata
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from losslandscape import quotas

Ask = Callable[..., str | None]

# Looking at jobs begins after 40 seconds; below three times that the plugin turns to
# sacct (snakemake-executor-plugin-slurm 2.8.0).
FIRST_LOOK = 40

PYTHON = (3, 11)


def ask(*command: str) -> str | None:
    """What a program prints; None where it is not there, or fails."""
    if shutil.which(command[0]) is None:
        return None
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
    except subprocess.TimeoutExpired:
        return None
    return ended.stdout if ended.returncode == 0 else None


def python(version: tuple[int, ...] = sys.version_info[:2]) -> Iterator[str]:
    """Python itself."""
    if version < PYTHON:
        found = ".".join(map(str, version))
        yield f"Python {found} is too old: 3.11 or newer is needed"


def lock(folder: Path) -> Iterator[str]:
    """Snakemake's lock on the folder."""
    if any((folder / ".snakemake" / "locks").glob("*")):
        yield (
            f"{folder} is locked: another run is going on, or one was killed. "
            "If none is, run `snakemake --unlock`"
        )


def disk(folder: Path, needed: float, files: int = 0, ask: Ask = ask) -> Iterator[str]:
    """Room for so many bytes in so many files: on the disk, and in the user's quota."""
    free, rest = shutil.disk_usage(folder).free, os.statvfs(folder)
    rooms = [("", free, rest.f_favail if rest.f_files else math.inf)]
    rooms += [(" of your quota", *room) for room in quotas.left(folder, ask)]
    elsewhere = "make room, or set `pathvars: results` to another disk"
    for whose, there, names in rooms:
        if there < 1.2 * needed:
            yield (
                f"{folder} has {max(there, 0) / 1e9:.1f} GB{whose} left, the study "
                f"takes about {needed / 1e9:.1f}: {elsewhere}"
            )
        if names < 1.2 * files:
            yield (
                f"{folder} has room for {max(names, 0):.0f} files{whose}, the study "
                f"has about {files}: {elsewhere}"
            )


def writable(folder: Path) -> Iterator[str]:
    """Whether results can be written."""
    for name in ("results", "resources", "logs"):
        there = folder / name
        probe = (there if there.exists() else folder) / ".losslandscape-probe"
        try:
            probe.touch()
            probe.unlink()
        except OSError as error:
            yield f"{there} cannot be written: {error.strerror}"


def data(folder: Path, config: Mapping) -> Iterator[str]:
    """Data that would have to be fetched first, where jobs have no internet."""
    for name, entry in config["datasets"].items():
        made = folder / "resources" / f"{name}.h5"
        if made.exists() or "digits" in entry["source"]:
            continue
        path = entry["source"].get("npz", {}).get("path")
        if path is None:
            yield (
                f"{made.relative_to(folder)} is not there yet: fetch it here, "
                f"where there is internet, by `snakemake {made.relative_to(folder)}`"
            )
        elif not (folder / path).exists():
            yield f"datasets.{name}: {path} is not there"


def slurm(folder: Path, said: Mapping, ask: Ask = ask) -> Iterator[str]:
    """SLURM itself: its memory of jobs, leftover jobs, partitions and GPUs."""
    if said.get("executor") != "slurm":
        return
    told = ask("scontrol", "show", "config")
    if told is None:
        yield "SLURM does not answer (`scontrol show config`): is this a login node?"
        return
    age = re.search(r"MinJobAge\s*=\s*(\d+)", told)
    needed = 3 * int(said.get("slurm-init-seconds-before-status-checks", FIRST_LOOK))
    if age and int(age[1]) < needed:
        yield (
            f"SLURM forgets jobs after {age[1]} s (MinJobAge), less than {needed}: ask "
            "the administrators, or set `slurm-init-seconds-before-status-checks: "
            f"{int(age[1]) // 3}`; else ends of jobs may not be noticed"
        )
    yield from _leftover(folder, ask)
    yield from _partition(said.get("default-resources", {}), ask)


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


def _partition(asked: Mapping, ask: Ask) -> Iterator[str]:
    """The partition and the type of GPU that jobs ask for."""
    there: dict[str, str] = {}
    for line in (ask("sinfo", "-h", "-o", "%R|%G") or "").splitlines():
        name, _, gpus = line.partition("|")
        there[name] = f"{there.get(name, '')},{gpus}"
    wanted, model = asked.get("slurm_partition"), asked.get("gpu_model")
    if wanted is None:
        return
    models = set(re.findall(r"gpu:([^:,(]+):\d", there.get(wanted, "")))
    if wanted not in there:
        yield f"there is no partition '{wanted}', but {', '.join(sorted(there))}"
    elif "gpu" not in there[wanted]:
        yield f"partition '{wanted}' has no GPU: jobs that ask for one would not start"
    elif model and model not in models:
        known = ", ".join(sorted(models)) or "none of a named type"
        yield f"partition '{wanted}' has no GPU of type '{model}', but {known}"


def driver(ask: Ask = ask) -> Iterator[str]:
    """Torch against the driver, where there is a GPU here."""
    told = ask("nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader")
    if not told:
        return
    series = int(told.split(".")[0])
    version = importlib.metadata.version("torch")
    if version.startswith("2.15") and series < 580:
        yield (
            f"torch {version} needs an NVIDIA driver of the 580 series or newer, this "
            f"is {told.split()[0]}: jobs would run on the CPU (README, NVIDIA drivers)"
        )
