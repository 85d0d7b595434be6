"""Is everything at hand for a long run? Each check gives sentences of what is not.

What is asked of other programs is asked once, by `ask`, which tests replace.
"""

import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from losslandscape import quotas

Ask = Callable[..., str | None]

PYTHON = (3, 11)

# The oldest series of NVIDIA's driver for each CUDA (CUDA's release notes).
DRIVERS = {11: 450, 12: 525, 13: 580}


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
    there = _existing(folder)
    free, rest = shutil.disk_usage(there).free, os.statvfs(there)
    rooms = [("", free, rest.f_favail if rest.f_files else math.inf)]
    rooms += [(" of your quota", *room) for room in quotas.left(there, ask)]
    elsewhere = "make room, or set `pathvars: results` to another disk"
    for whose, left, names in rooms:
        if left < 1.2 * needed:
            yield (
                f"{there} has {max(left, 0) / 1e9:.1f} GB{whose} left, the study "
                f"takes about {needed / 1e9:.1f}: {elsewhere}"
            )
        if names < 1.2 * files:
            yield (
                f"{there} has room for {max(names, 0):.0f} files{whose}, the study "
                f"has about {files}: {elsewhere}"
            )


def writable(folders: Iterable[Path]) -> Iterator[str]:
    """Whether folders can be written, or made where they are to be."""
    for there in dict.fromkeys(map(_existing, folders)):
        probe = there / ".losslandscape-probe"
        try:
            probe.touch()
            probe.unlink()
        except OSError as error:
            yield f"{there} cannot be written: {error.strerror}"


def _existing(folder: Path) -> Path:
    """A folder in full, or the nearest above it that is there."""
    return next(
        each
        for each in (folder.absolute(), *folder.absolute().parents)
        if each.exists()
    )


def data(folder: Path, datasets: Mapping, options: str = "") -> Iterator[str]:
    """Data that would have to be fetched first, where jobs have no internet.

    `options` name the study to `snakemake`.
    """
    wanted = []
    for name, entry in datasets.items():
        made = folder / f"{name}.h5"
        if made.exists() or "digits" in entry["source"]:
            continue
        path = entry["source"].get("npz", {}).get("path")
        if path is None:
            wanted.append(str(made))
        elif not Path(path).exists():
            yield f"datasets.{name}: {path} is not there"
    if wanted:
        yield (
            f"{len(wanted)} data sets are not there yet: fetch them here, where there "
            f"is internet, by `{' '.join(['snakemake', *wanted, options]).strip()}`"
        )


def driver(cuda: str | None, ask: Ask = ask) -> Iterator[str]:
    """The CUDA that torch was built for against the driver of this machine's GPU."""
    told = ask("nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader")
    if not told:
        return
    remedy = "jobs would run on the CPU (README, NVIDIA drivers)"
    if cuda is None:
        yield f"torch was built without CUDA: {remedy}"
        return
    needed = DRIVERS.get(int(cuda.split(".")[0]), max(DRIVERS.values()))
    if int(told.split(".")[0]) < needed:
        yield (
            f"torch for CUDA {cuda} needs an NVIDIA driver of the {needed} series or "
            f"newer, this is {told.split()[0]}: {remedy}"
        )
