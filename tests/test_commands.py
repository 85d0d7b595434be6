"""`make forecast` and `make preflight`, and the limits that jobs ask of a cluster."""

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def command(clone, name, *options, config="smoke"):
    """What a command of the Makefile says of a study, and how it ends."""
    scripts = clone.folder / "workflow" / "scripts"
    script = [sys.executable, f"workflow/{name}.py", "--configfile"]
    return subprocess.run(
        [*script, f"config/{config}.yaml", *options],
        cwd=clone.folder,
        env=os.environ | {"PYTHONPATH": str(scripts)},
        capture_output=True,
        text=True,
    )


def forecast(clone, *options, config="smoke"):
    """What `make forecast` prints of a study."""
    ended = command(clone, "forecast", *options, config=config)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_forecast_stands_beside_what_a_study_took(smoke):
    said = forecast(smoke)

    assert "as in the jobs that have run" in said
    assert "forecast of them at" in said
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


def cells(table, rules):
    """Some rules of a forecast as the README's table shows them."""
    own = [row for row in table if row["rule"] in rules]
    longest = max(float(row["longest"]) for row in own)
    return [
        f"{total(own, 'jobs'):.0f}",
        f"{total(own, 'cpu'):.0f}",
        f"{longest:.0f}" if longest >= 1 else f"{longest:.1f}",
        f"{total(own, 'disk') / 1e9:.0f}",
    ]


def total(table, name):
    """The sum of a column."""
    return sum(float(row[name]) for row in table)


def test_the_readme_tells_what_the_paper_study_is_forecast_to_cost(fresh, tmp_path):
    _, _, text = README.read_text().partition("## What the paper study costs")
    text = text.partition("\n## ")[0]
    shown = [
        line.strip("| ").split(" | ") for line in re.findall(r"^\|.*$", text, re.M)
    ]
    path = tmp_path / "forecast.csv"

    told = ("--gflops", "20000", "--csv", path)
    said = forecast(fresh, *told, config="paper")

    table = list(csv.DictReader(path.open(newline="")))
    named = {name: re.findall(r"`(\w+)`", name) for name, *_ in shown[2:-1]}
    assert named
    rest = {row["rule"] for row in table} - {
        rule for rules in named.values() for rule in rules
    }
    for name, *numbers in shown[2:]:
        assert numbers == cells(table, named.get(name, rest)), name
    chain = re.search(r"longest chain of jobs, (.*) h", said)[1]
    jobs, hours, disk = (total(table, name) for name in ("jobs", "gpu", "disk"))
    line = " ".join(text.split())
    assert f"{jobs:.0f} jobs, {hours:.0f} hours" in line
    assert f"{disk / 1e9:.0f} GB on disk, and {float(chain):.0f} hours for" in line


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
    capped = fresh.snakemake("--dry-run", asked[0], asked[1], "time_limit=12")
    limits = {int(m) for m in re.findall(r"\bruntime=(\d+)", capped.stdout)}
    assert max(limits - {60}) == 12, "directions and tables have their own"


def preflight(clone, *options):
    """What `make preflight` says there, and how it ends."""
    return command(clone, "preflight", *options)


def test_options_beside_a_profile_count_as_snakemake_has_them(fresh):
    beside = "--slurm-array-jobs all --default-resources slurm_partition=big"

    told = preflight(fresh, "--profile", "profiles/slurm", "--options", beside)

    assert (told.returncode, told.stderr) == (1, "")
    assert "✗ `slurm-array-jobs` loses results" in told.stdout
    assert "✗ `default-resources` has not all of" in told.stdout
    assert "slurm-status-command" not in told.stdout


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
    assert locked.stdout.endswith("\n1 thing to do\n")


def test_a_profile_that_is_not_there_is_refused(fresh):
    told = preflight(fresh, "--profile", "profiles/slrum")

    assert (told.returncode, told.stderr) == (1, "")
    sentence = "✗ profiles/slrum is no profile: no profile.yaml is there"
    assert told.stdout == f"{sentence}\n1 thing to do\n"


def test_folders_are_looked_at_where_the_config_has_them(fresh, tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("pathvars: {results: /proc/mine/results, logs: /proc/mine/logs}")

    told = preflight(fresh, "--configfile", "config/smoke.yaml", mine)

    assert told.returncode == 1, told.stderr
    assert told.stdout.startswith("✗ /proc cannot be written: ")
    assert told.stdout.endswith("\n1 thing to do\n")


def test_what_preflight_says_to_fetch_is_fetched_by_one_command(fresh):
    told = preflight(fresh, "--configfile", "config/paper.yaml")

    (command,) = re.findall(r"`snakemake (.*)`", told.stdout)
    counted = fresh.counted(*shlex.split(command))
    assert counted["dataset"] == 5
    assert not {"train", "trajectory"} & set(counted)


def test_each_line_for_a_cluster_in_the_readme_can_be_planned(fresh):
    _, _, text = README.read_text().partition("**On a cluster with SLURM.**")
    block = text.split("```")[1]
    lines = re.findall(r"^snakemake (.*)$", block, re.MULTILINE)
    # To plan the whole paper study on a cluster would take minutes; the data do not.
    small = [re.sub(r"(--workflow-profile .*)paper", r"\1smoke", one) for one in lines]

    counted = [fresh.counted(*shlex.split(line)) for line in small]

    assert [set(one) & {"dataset", "train"} for one in counted] == [
        {"dataset"},
        {"dataset", "train"},
    ]
