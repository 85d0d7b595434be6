"""A study whose jobs and launchers are killed ends as one that was left in peace."""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from losslandscape import readiness

ROOT = Path(__file__).parents[1]
ASSASSIN = str(ROOT / "tests/assassin")
RUNS = "results/smoke/digits/resnet8"
RUN, PAIR = f"{RUNS}/sgd-seed0", f"{RUNS}/sgd-seed0--sgd-seed1"

# Of the smoke study, so much that every rule is needed.
TARGETS = (
    "results/smoke/figures/bent.pdf",
    "results/smoke/tables/bent.csv",
    f"{RUN}/line/line.h5",
    f"{RUN}/line/rescaling.h5",
    f"{RUN}/line/repeats-2.h5",
    f"{RUN}/coarse/surface.h5",
    f"{RUN}/coarse/spectrum.h5",
    f"{RUN}/volume/volume.h5",
    f"{RUNS}/kept-seed0/components/path.h5",
    f"{RUNS}/given-seed0/weights.safetensors",
    f"{PAIR}/bezier/profile.h5",
    f"{RUNS}/cyclical-seed0/members/profile.h5",
    f"{RUNS}/independent/ensemble.csv",
)

# What is told of a whole study, made again where all else is there.
TOLD = (
    "results/smoke/claims.csv",
    "results/smoke/index.html",
    "results/smoke/ro-crate-metadata.json",
    "results/smoke.crate.zip",
)
# Made of receipts, which say when and where.
OF_RECEIPTS = ("index.html", "ro-crate-metadata.json", "smoke.crate.zip")

# How the launchers end: with all their jobs, alone, or told to.
ENDS = ("group", "alone", "group", "told", "alone")


def artifacts(folder: Path) -> Iterator[Path]:
    """What is there of results and data under its name, receipts left out."""
    for path in folder.glob("res*/**/*"):
        is_hidden = any(part.startswith(".") for part in path.parts[-2:])
        if path.suffix and not is_hidden and not path.name.endswith(".receipt.json"):
            yield path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Watcher(threading.Thread):
    """Looks all the time what is there, and remembers every content of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self.seen: dict[Path, set[str]] = {}
        self.states: set[tuple] = set()
        self.over = threading.Event()

    def run(self) -> None:
        """Look until it is over."""
        while not self.over.wait(0.05):
            self.look()

    def look(self) -> None:
        """Read all that is new or changed."""
        for path in artifacts(self.folder):
            with suppress(FileNotFoundError):
                told = path.stat()
                state = path, told.st_ino, told.st_mtime_ns, told.st_size
                if state not in self.states:
                    name = path.relative_to(self.folder)
                    self.seen.setdefault(name, set()).add(sha256(path))
                    self.states.add(state)

    def end(self) -> dict[Path, set[str]]:
        """Stop after a last look; gives the digests of all contents of each file."""
        self.over.set()
        self.join()
        self.look()
        return self.seen


class Launcher:
    """A Snakemake that builds some targets, in a process group of its own."""

    def __init__(self, clone, assassin: Path, targets=TARGETS) -> None:
        self.folder = clone.folder
        self.told = (clone.folder / "told.txt").open("a")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "snakemake", "--cores", "2"),
                *("--max-jobs-per-timespan", "100/1s", "--retries", "3"),
                *("--configfile", "config/smoke.yaml", "--", *targets),
            ],
            cwd=clone.folder,
            env=os.environ | {"PYTHONPATH": ASSASSIN, "ASSASSIN": str(assassin)},
            stdout=self.told,
            stderr=self.told,
            start_new_session=True,
        )

    def work(self, seconds: float) -> None:
        """Let it work for a while, until one of its jobs is amid its own."""
        end = time.monotonic() + seconds
        while time.monotonic() < end or not is_working(self.folder):
            if self.process.poll() is not None:
                break
            time.sleep(0.01)

    def end(self, how: str) -> None:
        """Kill it with all its jobs, or alone, or tell it to end after them."""
        if how == "group":
            os.killpg(self.process.pid, signal.SIGKILL)
        else:
            number = signal.SIGTERM if how == "told" else signal.SIGKILL
            os.kill(self.process.pid, number)
        self.process.wait(120)


def is_working(folder: Path) -> bool:
    """Whether a job is amid its work: its lock is there, and new."""
    locks = list(folder.glob("results/**/.lock-*"))
    return any(time.time() - path.stat().st_mtime < 2 for path in locks)


@pytest.fixture(scope="module")
def ended(fresh, tmp_path_factory):
    """The clone, what hit its jobs, and what a watcher saw, when all was built."""
    clone = fresh.copy(tmp_path_factory.mktemp("interrupted") / "clone")
    assassin = tmp_path_factory.mktemp("assassin")
    watcher, lot = Watcher(clone.folder), random.Random(0)
    watcher.start()
    for how in ENDS:
        launcher = Launcher(clone, assassin)
        launcher.work(lot.uniform(8, 16))
        launcher.end(how)
        clone.snakemake("--unlock")
    for _ in range(3):
        if Launcher(clone, assassin).process.wait(400) == 0:
            break
    hits = {path.name for path in assassin.glob("*.hit")}
    return clone, hits, watcher.end()


@pytest.fixture(scope="module")
def told(smoke, tmp_path_factory):
    """The same of the jobs that tell of a whole study, none of which lives at first."""
    clone = smoke.copy(tmp_path_factory.mktemp("told") / "clone")
    study = clone.folder / "results/smoke"
    shutil.rmtree(study / "workflow")
    for path in (*study.glob("*.*"), *study.parent.glob("*.*")):
        path.unlink()
    assassin = tmp_path_factory.mktemp("assassin")
    watcher = Watcher(clone.folder)
    watcher.start()
    for _ in range(3):
        if Launcher(clone, assassin, TOLD).process.wait(400) == 0:
            break
    hits = {path.name for path in assassin.glob("*.hit")}
    return clone, hits, watcher.end()


def test_the_study_is_built_to_the_same_bytes(ended, smoke):
    clone, _, _ = ended
    told = clone.snakemake("--dry-run", "--", *TARGETS)
    assert "Nothing to be done" in told.stdout + told.stderr

    found = {path.relative_to(clone.folder) for path in artifacts(clone.folder)}

    assert {Path(target) for target in TARGETS} <= found
    assert len(found) > 40
    for name in found:
        assert sha256(clone.folder / name) == sha256(smoke.folder / name), name


def test_what_is_told_of_a_study_is_the_same_and_never_half(told, smoke):
    clone, _, seen = told
    found = {path.relative_to(clone.folder) for path in artifacts(clone.folder)}

    assert {Path(target) for target in TOLD} <= found
    assert {len(digests) for digests in seen.values()} == {1}
    for name in found - {name for name in found if name.name in OF_RECEIPTS}:
        assert sha256(clone.folder / name) == sha256(smoke.folder / name), name


def test_a_job_of_every_rule_was_hit(ended, told):
    hits = ended[1] | told[1]
    written = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*"))
    rules = set(re.findall(r"^rule (\w+):", written, re.MULTILINE))

    assert {name.split(".")[0] for name in hits} >= rules & {
        path.stem for path in (ROOT / "workflow/scripts").glob("*.py")
    }
    assert {name.split(".")[1] for name in hits} == {"kill", "rename", "stop", "later"}


def test_nothing_but_the_whole_file_ever_had_its_name(ended, smoke):
    _, _, seen = ended

    assert len(seen) > 40
    assert seen == {name: {sha256(smoke.folder / name)} for name in seen}


def test_receipts_tell_of_what_is_there(ended):
    clone, _, _ = ended
    told = {}
    for receipt in clone.folder.glob("res*/**/*.receipt.json"):
        told |= json.loads(receipt.read_text())["outputs"]

    assert {clone.folder / name for name in told} == set(artifacts(clone.folder))
    for name, digest in told.items():
        assert digest["sha256"] == sha256(clone.folder / name)


def test_nothing_is_left_beside(ended):
    clone, _, _ = ended

    assert not list(clone.folder.glob("res*/**/.*"))


def test_a_lock_that_was_left_is_told_with_its_remedy(fresh, tmp_path):
    clone = fresh.copy(tmp_path / "clone")
    lock = clone.folder / ".snakemake/locks/0.output.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text("resources/digits.h5\n")

    locked = clone.snakemake("--", "resources/digits.h5")
    (sentence,) = readiness.lock(clone.folder)
    clone.snakemake("--unlock")
    free = clone.snakemake("--", "resources/digits.h5")

    assert locked.returncode == 1
    assert "--unlock" in locked.stdout + locked.stderr
    assert "`snakemake --unlock`" in sentence
    assert free.returncode == 0
