"""Facts of a receipt, against the same facts got from elsewhere."""

import datetime
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import h5py
import numpy
import pytest
import safetensors
import torch

from losslandscape import receipt

ROOT = Path(__file__).parents[1]


def git(folder: Path, *words: str) -> str:
    """What git says in a folder, as an author that needs no settings."""
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ["git", *author, "-C", folder, *words]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return told.stdout.strip()


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A workflow of one module, committed, in the place of our own."""
    for name in ("workflow/train.py", "results/history.csv", "requirements.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("numpy==2.0\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "First")
    monkeypatch.setattr(receipt, "HOME", tmp_path)
    return tmp_path


def test_a_digest_is_the_one_in_the_standard(tmp_path):
    # FIPS 180-2 prints the digest of a million times the letter a.
    (tmp_path / "file").write_bytes(b"a" * 10**6)

    digest = receipt.digest(tmp_path / "file")

    assert digest == {
        "sha256": "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        "bytes": 10**6,
    }


def test_now_is_the_time_in_utc():
    before = datetime.datetime.now().astimezone()

    now = datetime.datetime.fromisoformat(receipt.now())

    assert now.utcoffset() == datetime.timedelta(0)
    assert abs(now - before) < datetime.timedelta(seconds=1)


def test_a_receipt_is_json_of_the_facts_and_the_machine(tmp_path):
    def refuse(word):
        raise ValueError(f"{word} is not JSON")

    receipt.save(tmp_path / "receipt.json", {"rule": "train", "params": {"seed": 1}})

    text = (tmp_path / "receipt.json").read_text()
    facts = json.loads(text, parse_constant=refuse)
    assert facts["params"] == {"seed": 1}
    assert list(facts) == ["rule", "params", "host"]


def test_our_own_home_has_the_lock_file():
    lock = (ROOT / "requirements.txt").read_bytes()

    assert receipt.HOME == ROOT
    assert receipt.code()["lock"] == hashlib.sha256(lock).hexdigest()


def test_code_as_committed_is_clean(home):
    assert receipt.code() == {
        "commit": git(home, "log", "--format=%H"),
        "clean": True,
        "lock": hashlib.sha256(b"numpy==2.0\n").hexdigest(),
    }


@pytest.mark.parametrize("name", ["train.py", "added.py"])
def test_code_that_was_edited_or_added_is_not_clean(home, name):
    (home / "workflow" / name).write_text("ADDED = 1\n")

    assert receipt.code()["clean"] is False


@pytest.mark.parametrize("name", ["history.csv", "added.csv"])
def test_what_is_not_code_may_change(home, name):
    (home / "results" / name).write_text("0\n")

    assert receipt.code()["clean"] is True


def test_outside_a_repository_there_is_no_commit(home):
    (home / ".git").rename(home / "other")

    code = receipt.code()

    assert code["commit"] is None
    assert code["clean"] is None


def test_without_git_there_is_no_commit(home, monkeypatch):
    monkeypatch.setenv("PATH", str(home))

    assert receipt.code()["commit"] is None


def test_versions_are_those_that_the_packages_state():
    software = receipt.software()

    assert software["python"] == ".".join(map(str, sys.version_info[:3]))
    assert software["torch"] == torch.__version__.partition("+")[0]
    for package in (numpy, h5py, safetensors):
        assert software[package.__name__] == package.__version__


def test_of_two_versions_the_one_that_is_imported_counts(tmp_path, monkeypatch):
    for folder, version in (("environment", "2.0"), ("snakemake", "1.0")):
        about = tmp_path / folder / f"numpy-{version}.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(f"Name: numpy\nVersion: {version}\n")
    folders = [str(tmp_path / name) for name in ("environment", "snakemake")]
    monkeypatch.setattr(sys, "path", folders)

    assert receipt.software()["numpy"] == "2.0"


def test_a_package_that_is_not_there_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])

    assert list(receipt.software()) == ["python"]


def test_the_scheduler_says_which_job_it_was(monkeypatch):
    for name in receipt.SCHEDULER_IDS:
        monkeypatch.delenv(name, raising=False)
    nowhere = receipt.host()["scheduler_job"]

    monkeypatch.setenv("SLURM_JOB_ID", "4711")

    assert nowhere == {}
    assert receipt.host()["scheduler_job"] == {"SLURM_JOB_ID": "4711"}


def test_the_cpu_is_the_one_that_linux_names(monkeypatch):
    told = subprocess.run(["lscpu"], capture_output=True, text=True, check=True).stdout
    (model,) = (x.split(": ")[1] for x in told.splitlines() if "Model name" in x)

    assert receipt.host()["cpu"] == model.strip()


def test_instructions_are_told_of_jobs_with_torch_alone(monkeypatch):
    capability = torch.backends.cpu.get_cpu_capability()
    assert receipt.host()["instructions"] == capability

    monkeypatch.delitem(sys.modules, "torch")

    assert receipt.host()["instructions"] is None


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says it")
def test_the_peak_of_memory_is_that_of_the_kernel():
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM"))

    # What started us may have been larger.
    assert 0.9 * int(peak) / 1024 < receipt.host()["peak_memory_mb"] < int(peak)
