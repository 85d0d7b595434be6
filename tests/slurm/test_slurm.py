"""The toy study on a real SLURM, by the profile that is shipped.

Skipped where SLURM is not installed; in CI (`CI=1`) that is a failure. There is no
accounting: the profile asks squeue alone, which needs none, and slurmdbd with MariaDB
would be 200 MB more to install and ten seconds more to start. `tests/test_profiles.py`
shows that by sacct this plugin would wait without end.
"""

import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

import node
from losslandscape import cluster as slurm
from losslandscape import readiness
from toys import PATIENCE, Study, until

HERE = Path(__file__).parent
RUN = "results/toy/digits/resnet8/sgd-seed0"

# What the profile says of the machine, which stands in the crate's copy of the config.
PROFILE = Path(__file__).parents[2] / "profiles" / "slurm" / "profile.yaml"
MACHINE = yaml.safe_load(PROFILE.read_text())["config"]


@pytest.fixture(scope="module")
def cluster() -> Iterator[node.Node]:
    """A SLURM of one node."""
    absent = node.missing()
    if absent and os.environ.get("CI"):
        pytest.fail(f"CI must have SLURM, but has no {', '.join(absent)}")
    if absent:
        pytest.skip(f"no SLURM here: no {', '.join(absent)}")
    with node.Node() as started:
        yield started


@pytest.fixture
def study(fresh, cluster, tmp_path) -> Callable[[str], Study]:
    """Makes a study by its folder's name."""

    def made(name: str = "study") -> Study:
        clone = fresh.copy(tmp_path / name)
        shutil.copy2(HERE / "toy.yaml", clone.folder / "toy.yaml")
        # As a user says what is theirs.
        clone.edit(
            "profiles/slurm/profile.yaml", "# gpu_model: h200", "gpu_model: fake"
        )
        return Study(clone.folder, cluster)

    return made


@pytest.fixture(scope="module")
def local(fresh, tmp_path_factory) -> dict[str, str]:
    """The artifacts of the toy study, built on this machine alone."""
    clone = fresh.copy(tmp_path_factory.mktemp("local") / "clone")
    shutil.copy2(HERE / "toy.yaml", clone.folder / "toy.yaml")
    told = clone.snakemake(
        "--configfile", "toy.yaml", "--set-scatter", "surface=2", "--config", *MACHINE
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return Study(clone.folder, None).results()


def test_two_studies_at_once_are_those_of_one_machine(study, local):
    studies = [study("one"), study("two")]

    running = [each.start() for each in studies]
    told = [process.communicate(timeout=PATIENCE)[0] for process in running]

    assert [process.returncode for process in running] == [0, 0], "\n".join(told)
    for each in studies:
        assert each.results() == local
        assert each.states("train") == ["COMPLETED"]
        assert each.states("shard") == ["COMPLETED"] * 2
        # Both of the plane and of the line, in one job.
        assert each.states("directions") == ["COMPLETED"]
        # Figures and what gathers stay with the launcher.
        assert not each.states("figure") + each.states("surface")
    with_gpu = [
        receipt for each in studies for receipt in each.receipts() if _has_gpu(receipt)
    ]
    assert len(with_gpu) == 2 * len(["train", "line", "shard", "shard"])
    at_once = [
        (one, other)
        for one, other in itertools.combinations(with_gpu, 2)
        if one["start"] < other["end"] and other["start"] < one["end"]
    ]
    # Work of a second may not meet, but what was given to jobs did.
    assert len(set(map(_gpu, with_gpu))) > 1
    assert all(_gpu(one) != _gpu(other) for one, other in at_once)


def _gpu(receipt: dict) -> str | None:
    return receipt["host"]["visible_gpus"]


def _has_gpu(receipt: dict) -> bool:
    """Whether a job saw one GPU of the four: those that asked for one, no others."""
    asked = receipt["rule"] in ("train", "line", "shard")
    assert (_gpu(receipt) in list("0123")) == asked, receipt
    return asked


def test_jobs_that_fail_are_done_again_with_more(study, local):
    """One cancelled, one that fails, and one that is over its memory."""
    each = study()
    broken = each.folder / "broken"
    broken.write_text("")
    script = each.folder / "workflow/scripts/directions.py"
    script.write_text(
        "import os, sys\n"
        f"if os.path.exists({str(broken)!r}):\n"
        f"    os.remove({str(broken)!r})\n"
        "    sys.exit('a disk hiccup')\n" + script.read_text()
    )

    def cancel() -> None:
        until(lambda: each.states("train") == ["RUNNING"])
        each.cluster.run("scancel", each.number("train"))

    canceller = threading.Thread(target=cancel)
    canceller.start()
    # Torch alone takes more than 300 MB.
    told = each.build("--set-resources", "shard:mem_mb=300 + 1500 * (attempt - 1)")
    canceller.join()

    assert each.states("train") == ["CANCELLED", "COMPLETED"]
    assert each.states("directions") == ["FAILED", "COMPLETED"]
    shards = each.states("shard")
    assert shards.count("COMPLETED") == 2
    assert len(shards) > 2
    assert told.count("Trying to restart job") >= 3
    logs = each.folder / ".snakemake" / "slurm_logs"
    failed = "".join(path.read_text() for path in logs.glob("*directions*/**/*.log"))
    assert "a disk hiccup" in failed
    # What the launcher said names the state, and the log that says more.
    assert "SLURM status is: 'CANCELLED'" in told
    assert "SLURM status is: 'FAILED'" in told
    named = [
        Path(path) for path in re.findall(r"\S+/slurm_logs/rule_shard/\S+log", told)
    ]
    assert any("exceeded memory limit" in path.read_text() for path in named)
    found = each.results()
    assert {name: found[name] for name in local} == local


def test_a_launcher_that_was_killed_goes_on_where_it_was(study, local):
    each = study()
    weights = each.folder / RUN / "weights.receipt.json"
    process = each.start()
    until(weights.exists)
    until(lambda: "COMPLETED" in each.states("train"))

    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = weights.stat().st_mtime_ns
    # What it had submitted ends; until then `make preflight` says what is left.
    until(lambda: not {"RUNNING", "PENDING"} & set(each.states("")))
    subprocess.run(
        [sys.executable, "-m", "snakemake", "--unlock", "--configfile", "toy.yaml"],
        cwd=each.folder,
        check=True,
        capture_output=True,
    )
    each.build()

    assert weights.stat().st_mtime_ns == before
    assert each.states("train") == ["COMPLETED"]
    assert each.results() == local


def test_a_job_over_its_time_and_preempted_goes_on_from_its_last_state(study):
    """SLURM counts whole minutes: this takes about two. Once more without a break."""
    each, alone = study(), study("alone")
    for one in (each, alone):
        toy = one.folder / "toy.yaml"
        text = toy.read_text()
        assert "epochs: 2" in text
        toy.write_text(text.replace("epochs: 2", "epochs: 60\n    evaluate_every: 5"))
    # Epochs that take long on any machine: what tells of progress decides no number.
    progress = each.folder / "workflow/scripts/losslandscape/progress.py"
    slow = "yield item\n        time.sleep(1.5 * (noun == 'epoch'))"
    assert "yield item" in progress.read_text()
    progress.write_text(progress.read_text().replace("yield item", slow))
    log = each.folder / "logs/toy/digits/resnet8/sgd-seed0/train.log"

    def preempt() -> None:
        until(lambda: log.exists() and "going on after epoch" in log.read_text())
        each.preempt("train")

    preempting = threading.Thread(target=preempt)
    preempting.start()
    with _unbroken(alone) as process:
        told = each.build("--set-resources", "train:runtime=attempt * attempt")
        assert process.wait(PATIENCE) == 0
    preempting.join()

    states = each.states("train")
    assert (states[0], states[-1]) == ("TIMEOUT", "COMPLETED")
    assert "SLURM status is: 'TIMEOUT'" in told
    assert "Restarts=1" in each.cluster.run("scontrol", "show", "job")
    assert "going on after epoch" in log.read_text()
    assert each.results() == alone.results()


def _unbroken(each: Study) -> subprocess.Popen:
    """The study on this machine alone."""
    options = ("--configfile", "toy.yaml", "--set-scatter", "surface=2", "--cores", "1")
    command = [sys.executable, "-m", "snakemake", *options, "--config", *MACHINE]
    return subprocess.Popen(
        command, cwd=each.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def test_preflight_reads_what_slurm_says(cluster, tmp_path, monkeypatch):
    for name in ("SLURM_CONF", "PATH"):
        monkeypatch.setenv(name, cluster.env[name])
    asked = {"slurm_partition": "gpu", "gpu_model": "fake"}
    said = {"executor": "slurm", "default-resources": asked, "slurm-requeue": True}
    other = said | {"default-resources": asked | {"gpu_model": "h200"}}

    assert list(slurm.missing(tmp_path, said, readiness.ask)) == []
    (sentence,) = slurm.missing(tmp_path, other, readiness.ask)
    assert "no GPU of type 'h200', but fake" in sentence
    (late,) = slurm.late({"train": 61, "line": 60}, said, readiness.ask)
    assert "jobs of train ask for up to 61 minutes, partition 'gpu' grants 60" in late
