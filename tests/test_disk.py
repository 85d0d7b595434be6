"""A disk that is full, or may not be written: told in a sentence, and nothing is lost.

The disks are real ones in memory, which only root may mount; without that right these
tests are skipped, and in CI (`CI=1`) they fail.
"""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch

import trainings
from jobs import told
from losslandscape import checkpoint, job, readiness, store, trajectory

pytestmark = pytest.mark.usefixtures("own_process")

NOISE = np.random.default_rng(0).normal(size=100_000)  # 800 kB


class Disk:
    """A small disk that is mounted on a folder."""

    def __init__(self, folder: Path, size: str) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self._mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs")

    def set(self, options: str) -> None:
        """Change it: `size=1m`, `ro`."""
        self._mount("-o", f"remount,{options}")

    def fill(self) -> Path:
        """Take all the room that is left; gives the file that does."""
        filler = self.folder / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(2**12))
        return filler

    def _mount(self, *options: str) -> None:
        command = ["mount", *options, str(self.folder)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode and os.environ.get("CI"):
            pytest.fail(f"CI must be able to mount a disk: {ended.stderr}")
        if ended.returncode:
            pytest.skip(f"no right to mount a disk here: {ended.stderr}")


@pytest.fixture
def disk(tmp_path) -> Iterator[Callable[..., Disk]]:
    """Mounts small disks."""
    mounted = []

    def mount(folder: Path = tmp_path / "disk", size: str = "400k") -> Disk:
        mounted.append(Disk(folder, size))
        return mounted[-1]

    yield mount
    for each in mounted:
        # Lazily: the log of a job in this process is open until its end.
        subprocess.run(["umount", "--lazy", str(each.folder)], check=True)


def way(path: Path, folder: Path) -> None:
    """A file of weights on a run's way, compressed chunk by chunk."""
    series = checkpoint.Series(folder / "series")
    for epoch in range(5):
        series.add(epoch, torch.from_numpy(NOISE[epoch:90_000]).float()[:80_000])
    net = torch.nn.Linear(80_000, 1, bias=False)
    trajectory.save(path, series, [0.1] * 5, net)


WRITERS = {
    "surface.h5": lambda path, _: store.save(path, {"x": NOISE}),
    "trajectory.h5": way,
    "history.csv": lambda path, _: store.save_table(path, [{"a": x} for x in NOISE]),
    "w.safetensors": lambda path, _: store.save_tensors(path, {"a": NOISE}, ()),
    "told.json": lambda path, _: store.save_summary(path, {"a": NOISE.tolist()}),
    "state.safetensors": lambda path, _: checkpoint.Checkpoint(path).save(
        {"a": torch.from_numpy(NOISE)}
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_writer_says_that_the_disk_is_full(tmp_path, disk, name):
    small = disk()

    with pytest.raises(OSError, match=r"[Nn]o space left") as error:
        WRITERS[name](small.folder / name, tmp_path)

    assert error.value.errno == errno.ENOSPC
    small.set("size=8m")
    WRITERS[name](small.folder / name, tmp_path)
    WRITERS[name](tmp_path / name, tmp_path)
    written = [(folder / name).read_bytes() for folder in (small.folder, tmp_path)]
    assert written[0] == written[1]


def test_a_job_on_a_full_disk_says_so_and_leaves_nothing_half(disk, capsys):
    small = disk()
    snakemake = told(small.folder)

    def run() -> None:
        with job.running(snakemake):
            store.save(snakemake.output.weights, {"x": NOISE})
            store.save_table(snakemake.output.history, [{"epoch": 1}])

    with pytest.raises(SystemExit) as end:
        run()

    assert end.value.code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "OSError: No space left on device, for " in line
    assert f"{small.folder}/weights.safetensors" in line
    assert "make room and run the same command" in line
    assert (small.folder / "train.log").read_text().count("No space left") == 1
    left = {path.name for path in small.folder.iterdir()}
    assert left == {"digits.h5", "train.log"}


def test_a_training_on_a_full_disk_goes_on_from_its_state_when_there_is_room(
    tmp_path, disk, monkeypatch, caplog
):
    caplog.set_level("INFO")
    small, filler = disk(), []
    memory = checkpoint.Checkpoint(small.folder / "state.safetensors")
    apart = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    whole, history = trainings.later("members", apart)
    save = checkpoint.Checkpoint.save

    def fill(self, state):
        if int(state["done"]) == 4 and not filler:
            filler.append(small.fill())
        save(self, state)

    monkeypatch.setattr(checkpoint.Checkpoint, "save", fill)
    with pytest.raises(OSError, match="No space left"):
        trainings.later("members", memory)
    filler[0].unlink()
    vector, rows = trainings.later("members", memory)

    assert "going on after epoch 2" in caplog.text
    assert torch.equal(vector, whole)
    assert str(rows) == str(history)


def test_a_log_on_a_full_disk_is_no_reason_to_fail(disk, capsys):
    small = disk()
    snakemake = told(small.folder)

    with job.running(snakemake):
        filler = small.fill()
        for _ in range(1000):
            job.log.info("a line that has no room")
        job.log.warning("the terminal hears")
        filler.unlink()
        for name in ("weights", "history"):
            Path(getattr(snakemake.output, name)).write_text(name)

    assert (small.folder / "weights.safetensors").read_text() == "weights"
    assert capsys.readouterr().err == f"{small.folder}/train: the terminal hears\n"


def test_a_job_that_may_not_write_says_so(tmp_path, disk, capsys):
    small = disk()
    snakemake = told(small.folder)
    snakemake.log[0] = str(tmp_path / "train.log")
    small.set("ro")

    with pytest.raises(SystemExit) as end, job.running(snakemake):
        pytest.fail("went on")

    assert end.value.code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "Read-only file system" in line
    assert f"{small.folder}/.lock-weights" in line
    assert "give this user the right to it" in line


def test_a_dataset_that_found_no_room_is_made_when_there_is(fresh, tmp_path, disk):
    clone = fresh.copy(tmp_path / "clone")
    small = disk(clone.folder / "resources", "64k")
    # Else Snakemake would remove the folder, since it is empty.
    (small.folder / "mine").touch()

    full = clone.snakemake("--", "resources/digits.h5")
    left = {path.name for path in small.folder.iterdir()}
    small.set("size=1m")
    roomy = clone.snakemake("--", "resources/digits.h5")

    assert full.returncode == 1
    said = full.stdout + full.stderr
    assert "OSError: No space left on device, for resources/digits.h5" in said
    assert "Traceback" not in said
    assert left == {"mine"}
    assert roomy.returncode == 0
    assert (small.folder / "digits.h5").exists()


def test_results_that_may_not_be_written_are_told_by_preflight_and_in_the_end(
    fresh, tmp_path, disk
):
    clone = fresh.copy(tmp_path / "clone")
    disk(clone.folder / "resources", "1m").set("ro")

    (sentence,) = readiness.writable([clone.folder / "resources"])
    told = clone.snakemake("--", "resources/digits.h5")

    place = clone.folder / "resources"
    assert sentence == f"{place} cannot be written: Read-only file system"
    # Snakemake's own traceback comes before.
    *_, last = (told.stdout + told.stderr).strip().splitlines()
    assert told.returncode == 1
    assert last.startswith("OSError: [Errno 30] Read-only file system: 'resources/")
