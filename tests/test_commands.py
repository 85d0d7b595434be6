"""`make forecast` and `make preflight`, and the limits that jobs ask of a cluster."""

import os
import re
import subprocess
import sys


def forecast(smoke, *options):
    """What `make forecast` prints of the smoke study where it was built."""
    scripts = smoke.folder / "workflow" / "scripts"
    command = [sys.executable, "workflow/forecast.py", "--configfile"]
    ended = subprocess.run(
        [*command, "config/smoke.yaml", *options],
        cwd=smoke.folder,
        env=os.environ | {"PYTHONPATH": str(scripts)},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_forecast_stands_beside_what_a_study_took(smoke):
    said = forecast(smoke)

    assert "as in the jobs that have run" in said
    row = next(line.split() for line in said.splitlines() if line.startswith("train "))
    _, jobs, cpu, gpu, longest, _, done, _, took, _ = row
    assert jobs == done
    assert cpu == gpu
    assert 0 < float(longest) <= float(cpu)
    assert float(took) > 0
    # The longest chain of jobs begins with the images and ends with what is drawn.
    _, _, chain = said.partition("The longest chain of jobs")
    assert "dataset resources/digits.h5" in chain.splitlines()[1]
    assert "results/smoke/" in chain.splitlines()[-1]


def test_a_forecast_follows_what_is_said_of_the_machine(smoke):
    slow, fast = forecast(smoke, "--gflops", "0.1"), forecast(smoke, "--gflops", "1")

    def hours(said):
        (line,) = [line for line in said.splitlines() if line.startswith("train ")]
        return float(line.split()[2])

    assert hours(slow) > 5 * hours(fast)


def test_time_limits_follow_from_the_work_and_grow_with_it(fresh):
    asked = ("--config", "gflops=0.01", "--quiet", "host", "reason")
    told = fresh.snakemake("--dry-run", *asked)

    assert told.returncode == 0, told.stdout + told.stderr
    blocks = [b for b in told.stdout.split("\nrule ") if b.startswith("train:")]
    minutes = [int(re.search(r"runtime=(\d+)", block)[1]) for block in blocks]
    memory = [int(re.search(r"mem_mb=(\d+)", block)[1]) for block in blocks]
    assert min(minutes) > 10
    assert len(set(minutes)) > 1
    assert all(1500 < mb < 2000 for mb in memory)


def preflight(clone):
    """What `make preflight` says there, and how it ends."""
    scripts = clone.folder / "workflow" / "scripts"
    command = [sys.executable, "workflow/preflight.py", "--configfile"]
    return subprocess.run(
        [*command, "config/smoke.yaml"],
        cwd=clone.folder,
        env=os.environ | {"PYTHONPATH": str(scripts)},
        capture_output=True,
        text=True,
    )


def test_what_a_long_run_needs_is_looked_at_before(fresh, tmp_path):
    clone = fresh.copy(tmp_path / "clone")
    ready = preflight(clone)
    locks = clone.folder / ".snakemake" / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    (locks / "0.output.lock").touch()

    locked = preflight(clone)

    assert (ready.returncode, ready.stdout) == (0, "✓ ready\n"), ready.stderr
    assert locked.returncode == 1
    assert "snakemake --unlock" in locked.stdout
