"""What tests share: their device, a study really built, trainings really killed."""

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from filelock import FileLock

import seen
import snakes
import trainings
from losslandscape import device

ROOT = Path(__file__).parents[1]
SHIPPED = (
    *("Snakefile", "workflow", "config", "profiles", "envs", "requirements.txt"),
    *("CITATION.cff", "LICENSE"),
)


def pytest_addoption(parser):
    """`pytest --device cuda` runs the same tests on a GPU."""
    parser.addoption("--device", default="cpu", help="where tensors live: cpu or cuda")


def pytest_configure(config):
    """One thread a process, as in every job; tensors on the asked device."""
    torch.set_num_threads(1)
    if config.getoption("--device") != "cpu":
        torch.set_default_device(config.getoption("--device"))


def pytest_collection_modifyitems(items):
    """Studies are built first: else one process would be left with them at the end."""
    long = {item.path for item in items if "fresh" in item.fixturenames}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture
def ax():
    """Axes two inches square."""
    return seen.square()


@pytest.fixture
def styled_ax():
    """Axes of two by 1.6 inches, in the look of the figures."""
    yield from seen.styled()


@pytest.fixture
def own_process(monkeypatch):
    """A job owns the logging and the device of its process; here it gives them back."""
    root = logging.getLogger()
    level = root.level
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(logging, "raiseExceptions", True)
    monkeypatch.setattr(device, "prepare", lambda threads: {"name": "cpu"})
    yield
    logging.captureWarnings(False)
    root.setLevel(level)
    for handler in root.handlers:
        handler.close()


class Clone:
    """A copy of the workflow in a folder of its own, with what was built there."""

    def __init__(self, folder: Path):
        """Stand in `folder`."""
        self.folder = folder

    def snakemake(self, *options: str) -> subprocess.CompletedProcess:
        """Run snakemake there, on two cores; the smoke study unless told otherwise."""
        if "--configfile" not in options:
            options = ("--configfile", "config/smoke.yaml", *options)
        # Else it would wait for seconds at its end; see the profile.
        told = ("--cores", "2", "--max-jobs-per-timespan", "100/1s")
        return snakes.run([*told, *options], self.folder)

    def planned(self, *options: str) -> set[str]:
        """The rules that a dry run would run, but those that follow on any other."""
        return self.counted(*options).keys() - {"all", "workflow_copy", "crate"}

    def counted(self, *options: str) -> dict[str, int]:
        """How many jobs of each rule a dry run would run."""
        told = self.snakemake("--dry-run", *options)
        assert told.returncode == 0, told.stdout + told.stderr
        _, _, table = told.stdout.partition("Job stats:")
        rows = [
            line.split() or [""] for line in table.partition("total")[0].splitlines()
        ]
        return {row[0]: int(row[1]) for row in rows if row[-1].isdigit()}

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a piece of a file."""
        file = self.folder / path
        text = file.read_text()
        assert old in text, f"{path} has no {old!r}"
        file.write_text(text.replace(old, new))

    def copy(self, folder: Path) -> "Clone":
        """The same in another folder, file times and Snakemake's notes included."""
        return Clone(Path(shutil.copytree(self.folder, folder)))


@pytest.fixture(scope="session")
def fresh(tmp_path_factory) -> Clone:
    """A copy of the workflow where nothing was built."""
    clone = Clone(tmp_path_factory.mktemp("fresh"))
    for name in SHIPPED:
        source, target = ROOT / name, clone.folder / name
        ignored = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copy2(source, target)
    return clone


@pytest.fixture(scope="session")
def smoke(fresh, tmp_path_factory, worker_id) -> Clone:
    """A copy where the smoke study was built, from the images to the figures.

    Of several processes that test, the first builds it, the others copy.
    """
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    with FileLock(folder / "smoke.lock"):
        built = Clone(folder / "smoke")
        if not built.folder.exists():
            clone = fresh.copy(tmp_path_factory.mktemp("smoke") / "clone")
            told = clone.snakemake()
            assert told.returncode == 0, told.stdout + told.stderr
            clone.folder.rename(built.folder)
    return built.copy(tmp_path_factory.mktemp("smoke") / "clone")


@pytest.fixture(scope="session")
def killed(tmp_path_factory) -> Path:
    """The states that trainings had kept when they were killed."""
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, trainings.__file__, folder]
    told = subprocess.run(
        [*command, str(torch.get_default_device())],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["9"] * 5, told.stderr
    return folder
