"""The toy study on a real SLURM, by the profile that is shipped.

Skipped where SLURM is not installed; in CI (`CI=1`) that is a failure. There is no
accounting: the profile asks squeue alone, which needs none, and slurmdbd with MariaDB
would be 200 MB more to install and ten seconds more to start. `tests/test_profiles.py`
shows that by sacct this plugin would wait without end.
"""

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import node

HERE = Path(__file__).parent
RUN = "results/toy/digits/resnet8/sgd-seed0"

PATIENCE = 900  # seconds; a study takes one minute, more where much else goes on

# The launcher looks sooner than it would on a cluster; all else is the profile's.
SOONER = (
    *("--workflow-profile", "profiles/slurm", "--configfile", "toy.yaml"),
    *("--jobs", "8", "--latency-wait", "5", "--set-scatter", "surface=2"),
    *("--slurm-init-seconds-before-status-checks", "8"),
    *("--max-jobs-per-timespan", "100/1s", "--group-components", "directions=2"),
)


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

    def receipts(self) -> list[dict]:
        """The receipts of all its jobs."""
        found = (self.folder / "results").rglob("*.receipt.json")
        return [json.loads(path.read_text()) for path in found]

    def results(self) -> dict[str, bytes]:
        """Every artifact, receipts left out: those say when and where."""
        root = self.folder / "results"
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and not path.name.endswith(".receipt.json")
        }


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
def local(fresh, tmp_path_factory) -> dict[str, bytes]:
    """The artifacts of the toy study, built on this machine alone."""
    clone = fresh.copy(tmp_path_factory.mktemp("local") / "clone")
    shutil.copy2(HERE / "toy.yaml", clone.folder / "toy.yaml")
    told = clone.snakemake(
        "--configfile", "toy.yaml", "--set-scatter", "surface=2", "--config", MACHINE
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return Study(clone.folder, None).results()


MACHINE = "gflops=5000"


def until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


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
    for one, other in itertools.combinations(with_gpu, 2):
        if one["start"] < other["end"] and other["start"] < one["end"]:
            assert _gpu(one) != _gpu(other)


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


def test_a_job_over_its_time_goes_on_from_its_last_state(study):
    """SLURM counts whole minutes: this takes about two."""
    each = study()
    toy = each.folder / "toy.yaml"
    text = toy.read_text()
    assert "epochs: 2" in text
    toy.write_text(text.replace("epochs: 2", "epochs: 400\n    evaluate_every: 5"))

    told = each.build("--set-resources", "train:runtime=attempt * attempt")

    assert each.states("train") == ["TIMEOUT", "COMPLETED"]
    assert "SLURM status is: 'TIMEOUT'" in told
    log = (each.folder / "logs/toy/digits/resnet8/sgd-seed0/train.log").read_text()
    assert "going on after epoch" in log
