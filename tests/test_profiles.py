"""The profiles that are shipped: each line has its reason, each reason its version.

Where it is cheap, the defect that a line steers round is shown in the installed plugin.
A test that fails then is good news: the defect is gone, and so may the line go.
"""

import asyncio
import contextlib
import importlib.metadata
import re
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
import snakemake_executor_plugin_slurm as plugin
import yaml
from snakemake.cli import parse_args
from snakemake_executor_plugin_slurm.submit_string import get_submit_command
from snakemake_executor_plugin_slurm.utils import set_gres_string

from losslandscape import cluster

ROOT = Path(__file__).parents[1]
SLURM = ROOT / "profiles" / "slurm" / "profile.yaml"
NAMES = {"plugin": "snakemake-executor-plugin-slurm", "Snakemake": "snakemake"}
GONE = "a defect is gone: see which line of profiles/slurm/profile.yaml may go"


def test_each_reason_belongs_to_the_version_that_is_pinned():
    text = re.sub(r"\n# ?", " ", SLURM.read_text())
    reasons = re.findall(r"(plugin|Snakemake) (?:[\d.]+ to )?(\d+\.\d+\.\d+)", text)
    pins = dict(
        re.findall(r"^([\w-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.M)
    )

    old = [(name, seen) for name, seen in reasons if pins[NAMES[name]] != seen]

    assert {name for name, _ in reasons} == set(NAMES)
    assert not old, (
        f"look at these reasons of {SLURM} again, they are of another: {old}"
    )
    assert all(importlib.metadata.version(n) == pins[n] for n in NAMES.values())


@pytest.mark.parametrize("name", ["default", "slurm", "gpu"])
def test_each_option_has_a_reason(name):
    text = (ROOT / "profiles" / name / "profile.yaml").read_text()
    paragraphs = [part.splitlines() for part in text.split("\n\n")]

    bare = [lines for lines in paragraphs if not lines[0].startswith("#")]

    # What a profile is for stands above its executor.
    assert bare in ([], [["executor: slurm"]])


def test_retries_are_in_the_profile_and_in_no_rule():
    rules = "".join(path.read_text() for path in ROOT.glob("workflow/rules/*.smk"))

    assert yaml.safe_load(SLURM.read_text())["retries"] > 0
    assert "retries" not in rules


def told(*options: str) -> SimpleNamespace:
    """What Snakemake takes from the profile, and from options beside it."""
    _, said = parse_args(["--workflow-profile", str(SLURM.parent), *options])
    return said


def test_one_default_resource_replaces_the_whole_map():
    alone = told().default_resources
    beside = told("--default-resources", "slurm_partition=big").default_resources

    assert {"attempt", "slurm_partition"} <= alone.keys()
    assert "attempt" not in beside, GONE


def job(**resources) -> SimpleNamespace:
    """A job that asks for these resources."""
    found = type("Resources", (dict,), {"__getattr__": dict.__getitem__})(resources)
    return SimpleNamespace(resources=found, threads=1, is_group=lambda: False)


def test_the_type_of_a_gpu_alone_asks_for_one():
    assert set_gres_string(job(gpu=1, gpu_model="h200")) == " --gpus=h200:1"
    assert set_gres_string(job(gpu_model="")) == ""
    assert set_gres_string(job(gpu_model="h200")) == " --gpus=h200:1", GONE


def test_rules_without_a_gpu_have_no_type_of_one():
    profile = yaml.safe_load(SLURM.read_text())
    rules = "".join(path.read_text() for path in ROOT.glob("workflow/rules/*.smk"))
    plain = {
        name
        for name, body in re.findall(
            r"^rule (\w+):\n((?:(?!rule ).*\n?)*)", rules, re.MULTILINE
        )
        if "gpu=1" not in body and "localrule: True" not in body
    }

    cleared = {
        name
        for name, said in profile["set-resources"].items()
        if said.get("gpu_model") == ""
    }

    assert plain == cleared


def test_memory_per_cpu_overrides_that_of_a_rule():
    asked = {"run_uuid": "u", "slurm_logfile": "l", "comment_str": "c"}
    asked |= {"account": "", "partition": "", "workdir": ""}

    call = get_submit_command(job(mem_mb=9000, mem_mb_per_cpu=1, tasks=1), asked)

    assert "9000" not in call, GONE


def launcher(command: str, pause: int = 40) -> Mock:
    """What the plugin's look at jobs needs of an executor."""
    settings = SimpleNamespace(
        status_attempts=1,
        init_seconds_before_status_checks=40,
        keep_successful_logs=1,
        requeue=True,
    )
    return Mock(
        run_uuid="u",
        status_rate_limiter=contextlib.nullcontext(),
        workflow=SimpleNamespace(executor_settings=settings),
        get_status_command=lambda: command,
        next_seconds_between_status_checks=pause,
        _preemption_warning=False,
        _status_query_calls=0,
        _status_query_failures=0,
        _status_query_total_seconds=0.0,
        _status_query_min_seconds=None,
        _status_query_max_seconds=0.0,
        _status_query_cycle_rows=[],
    )


def looked(monkeypatch, tmp_path, command: str, state: str | None, age: int = 300):
    """For which jobs of a state the plugin still waits, and whether it told an error.

    The programs of SLURM are scripts that say this state, None of a job they forgot.
    """
    answers = {"scontrol": f"MinJobAge = {age} sec", "sacct": "", "squeue": ""}
    if state is not None:
        answers[command] = f"7|{state}"
    for name, text in answers.items():
        (tmp_path / name).write_text(f"#!/bin/sh\necho '{text}'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    executor = launcher(command)
    one = SimpleNamespace(external_jobid="7", aux={})

    async def wait() -> list:
        return [j async for j in plugin.Executor.check_active_jobs(executor, [one])]

    # A second look, since the first one at some states is another.
    asyncio.run(wait())
    return asyncio.run(wait()), executor.report_job_error.called


def test_by_sacct_a_cancelled_job_is_waited_for_without_end(monkeypatch, tmp_path):
    waiting, is_told = looked(monkeypatch, tmp_path, "sacct", "CANCELLED by 0")

    assert len(waiting) == 1, GONE
    assert not is_told


def test_by_squeue_a_cancelled_job_is_told(monkeypatch, tmp_path):
    assert looked(monkeypatch, tmp_path, "squeue", "CANCELLED") == ([], True)


def test_a_forgetful_slurm_is_asked_by_sacct_after_all(monkeypatch, tmp_path):
    waiting, is_told = looked(monkeypatch, tmp_path, "squeue", "CANCELLED", age=119)

    assert len(waiting) == 1, GONE
    assert not is_told


def test_a_job_that_slurm_has_forgotten_is_waited_for_without_end(
    monkeypatch, tmp_path
):
    """So it must remember jobs longer than the longest pause between two looks."""
    waiting, is_told = looked(monkeypatch, tmp_path, "squeue", None, age=130)

    assert len(waiting) == 1, GONE
    assert not is_told


def test_pauses_between_looks_grow_to_what_preflight_holds_them_for(
    monkeypatch, tmp_path
):
    executor = launcher("squeue", cluster.FIRST_LOOK)
    monkeypatch.setattr(plugin, "query_job_status", _running)
    monkeypatch.setattr(plugin, "get_min_job_age", lambda: 300)
    one = SimpleNamespace(external_jobid="7", aux={})
    pauses = []

    async def look() -> None:
        async for _ in plugin.Executor.check_active_jobs(executor, [one]):
            pass

    for _ in range(30):
        asyncio.run(look())
        pauses.append(executor.next_seconds_between_status_checks)

    assert pauses[0] > cluster.FIRST_LOOK
    assert pauses[-1] == max(pauses) == cluster.LONGEST_PAUSE


async def _running(*told) -> tuple[dict, float]:
    """Job 7 runs on."""
    return {"7": "RUNNING"}, 0.0


def test_a_preempted_job_is_waited_for_without_end(monkeypatch, tmp_path):
    """So SLURM must queue it again: `slurm-requeue`."""
    waiting, is_told = looked(monkeypatch, tmp_path, "squeue", "PREEMPTED")

    assert len(waiting) == 1, GONE
    assert not is_told


def test_slurm_is_told_to_queue_preempted_jobs_again():
    assert told().slurm_requeue
    asked = {"run_uuid": "u", "slurm_logfile": "l", "comment_str": "c"}
    asked |= {"account": "", "partition": "", "workdir": ""}
    settings = plugin.ExecutorSettings(requeue=True)

    call = get_submit_command(job(mem_mb=1, tasks=1), asked, settings=settings)

    assert " --requeue" in call


def test_what_one_option_of_the_config_replaces_is_the_whole_list():
    beside = told("--config", "gflops=9").config

    assert set(told().config) == {"gflops=5000", "time_limit=2880"}
    assert beside == ["gflops=9"], GONE
