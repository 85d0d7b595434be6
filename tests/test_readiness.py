"""What is missing before a long run, each thing by itself."""

import re
import shutil
from pathlib import Path

import torch

from losslandscape import readiness
from test_cluster import answering


def test_a_good_machine_has_nothing_missing(tmp_path):
    assert list(readiness.lock(tmp_path)) == []
    assert list(readiness.writable([tmp_path])) == []
    assert list(readiness.python()) == []
    assert list(readiness.driver("13.2", answering())) == []


def test_a_lock_a_full_disk_and_an_old_python_are_said(tmp_path, monkeypatch):
    locks = tmp_path / ".snakemake" / "locks"
    locks.mkdir(parents=True)
    (locks / "0.input.lock").touch()
    usage = shutil._ntuple_diskusage(100e9, 90e9, 10e9)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    assert "--unlock" in next(readiness.lock(tmp_path))
    nobody = answering()
    assert "10.0 GB left" in next(readiness.disk(tmp_path, 9e9, 0, nobody))
    assert list(readiness.disk(tmp_path, 8e9, 0, nobody)) == []
    assert "3.10 is too old" in next(readiness.python((3, 10)))


def test_a_folder_that_cannot_be_written_is_named_once(tmp_path, monkeypatch):
    (tmp_path / "results").mkdir()

    def refuse(path):
        if "results" in path.relative_to(tmp_path).parts:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(readiness.Path, "touch", refuse)
    monkeypatch.setattr(readiness.Path, "unlink", lambda path: None)
    folders = [tmp_path / "results/demo", tmp_path / "results", tmp_path / "logs"]

    (said,) = readiness.writable(folders)

    assert said == f"{tmp_path / 'results'} cannot be written: Permission denied"


def test_room_is_looked_for_where_results_go(tmp_path, monkeypatch):
    asked = []
    usage = shutil._ntuple_diskusage(100e9, 90e9, 10e9)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: asked.append(path) or usage)
    (tmp_path / "big").mkdir()

    (said,) = readiness.disk(tmp_path / "big/results/demo", 9e9, 0, answering())

    assert asked == [tmp_path / "big"]
    assert said.startswith(f"{tmp_path / 'big'} has 10.0 GB left")


def test_data_that_jobs_could_not_fetch_are_named_in_one_command(tmp_path):
    sources = {
        "digits": {"digits": {}},
        "cifar10": {"cifar10": {}},
        "cifar100_vgg": {"cifar100": {}},
        "own": {"npz": {"path": "own.npz"}},
    }
    datasets = {name: {"source": sources[name]} for name in sources}

    own, fetch = readiness.data(tmp_path, datasets, "--configfile mine.yaml")

    made = [str(tmp_path / f"{name}.h5") for name in ("cifar10", "cifar100_vgg")]
    assert f"`snakemake {' '.join(made)} --configfile mine.yaml`" in fetch
    assert own == "datasets.own: own.npz is not there"
    for name in sources:
        (tmp_path / f"{name}.h5").touch()
    assert list(readiness.data(tmp_path, datasets)) == []


def test_an_old_driver_is_told_from_a_new_one():
    def driver(cuda, version):
        return list(readiness.driver(cuda, lambda *c: version))

    (old,) = driver("13.2", "535.104.05\n")
    assert "580 series" in old
    assert "this is 535.104.05" in old
    assert driver("13.2", "580.65.06\n") == driver("12.8", "535.104.05\n") == []
    assert "without CUDA" in driver(None, "580.65.06\n")[0]
    assert driver("13.2", None) == driver(None, None) == []


def test_the_driver_that_the_pinned_torch_needs_is_known():
    pins = (Path(__file__).parents[1] / "requirements.txt").read_text()
    (pinned,) = re.findall(r"^nvidia-cuda-runtime==(\d+)", pins, re.MULTILINE)

    assert int(pinned) in readiness.DRIVERS
    if torch.version.cuda:
        assert torch.version.cuda.split(".")[0] == pinned


def test_programs_are_asked():
    assert readiness.ask("echo", "there") == "there\n"
    assert readiness.ask("false") is None
    assert readiness.ask("no-such-program") is None
