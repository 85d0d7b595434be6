"""Plans of Snakemake as jobs with times: against counts and sums by hand."""

import json
import textwrap

import pytest

from losslandscape import costs, forecasts
from test_costs import RUN, study

PLAN = """
Building DAG of jobs...
Job stats:
job      count
-----  -------
all          1

[Sat Nov 21 23:03:58 2026]
rule train:
    input: resources/digits.h5
    output: r/weights.safetensors, r/history.csv
    log: logs/train.log
    jobid: 2
    benchmark: logs/train.jsonl
    wildcards: dataset=digits, model=deep, recipe=long, seed=0
    resources: tmpdir=/tmp, mem_mb=<TBD>, gpu=1
[Sat Nov 21 23:03:58 2026]
rule line:
    input: resources/digits.h5, r/weights.safetensors
    output: r/line.h5
    jobid: 3
    benchmark: logs/line.jsonl
    wildcards: dataset=digits, model=deep, recipe=long, seed=0, plane=line
[Sat Nov 21 23:03:58 2026]
localrule figure:
    input: r/line.h5
    output: f.png
    jobid: 1
    wildcards: figure=f
[Sat Nov 21 23:03:58 2026]
rule all:
    input: f.png
    jobid: 0
"""

NETS = {"digits/deep": {"forward": 1e9, "parameters": 1e6}}


def test_a_plan_is_read_as_jobs():
    train, line, figure = forecasts.planned(PLAN)

    assert train.rule == "train"
    assert train.wildcards == RUN
    assert train.outputs == ["r/weights.safetensors", "r/history.csv"]
    assert line.inputs == ["resources/digits.h5", "r/weights.safetensors"]
    assert line.benchmark == "logs/line.jsonl"
    assert figure.rule == "figure"
    assert figure.benchmark is None


def test_members_of_a_group_are_jobs_of_the_plan():
    head, *jobs = PLAN.split("[Sat Nov 21 23:03:58 2026]\n")
    stamp = "[Sat Nov 21 23:03:58 2026]\n"
    member = textwrap.indent(stamp + jobs[1], "    ")
    group = (
        stamp.strip() + " Group job measured (jobs in lexicogr. order):\n\n" + member
    )

    grouped = stamp.join([head, jobs[0]]) + group + stamp + stamp.join(jobs[2:])

    assert forecasts.planned(grouped) == forecasts.planned(PLAN)


def test_times_are_operations_over_what_is_sustained():
    jobs = forecasts.planned(PLAN)

    times = [forecasts.seconds(job, study(), NETS, 10.0) for job in jobs]

    work = [costs.operations(job.rule, study(), job.wildcards, 1e9) for job in jobs[:2]]
    start = forecasts.START
    assert times == pytest.approx([*(start + w / 1e10 for w in work), forecasts.LIGHT])
    assert work == [165e9, 105e9]


def test_the_longest_chain_is_that_of_jobs_that_wait():
    jobs = forecasts.planned(PLAN)
    aside = forecasts.Job("train", {}, [], ["other"], None)

    assert forecasts.longest(jobs, [5.0, 3.0, 1.0]) == 9
    assert forecasts.longest([*jobs, aside], [5.0, 3.0, 1.0, 20.0]) == 20
    assert forecasts.longest([], []) == 0
    last = forecasts.Job("figure", {}, ["r/line.h5", "other"], ["both"], None)
    assert forecasts.longest([*jobs, aside, last], [5.0, 3.0, 1.0, 20.0, 2.0]) == 22
    assert forecasts.chain([*jobs, aside, last], [5.0, 3.0, 1.0, 20.0, 2.0]) == [3, 4]
    assert forecasts.chain([*jobs, aside, last], [5.0, 3.0, 1.0, 1.0, 2.0]) == [0, 1, 4]


def test_what_jobs_took_stands_beside_what_was_forecast(tmp_path):
    jobs = forecasts.planned(PLAN)
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "train.jsonl"
    path.write_text(json.dumps({"s": 99.0}) + "\n" + json.dumps({"s": 38.0}) + "\n")

    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "history.csv").write_text("a row\n")

    times, blind, sizes = [36.0, 18.0, 5.0], [72.0, 9.0, 9.0], [4e6, 1e3, 1e3]
    rows = forecasts.table(jobs, times, blind, sizes, tmp_path)

    train, line, figure = rows
    assert (train["rule"], train["jobs"], train["disk"]) == ("train", 1, 4e6)
    assert train["cpu"] == train["gpu"] == train["longest"] == 36 / 3600
    assert (train["done"], train["took"]) == (1, pytest.approx(38 / 3600))
    assert (train["forecast"], train["left"]) == (pytest.approx(72 / 3600), 6)
    assert (line["done"], figure["gpu"], figure["cpu"]) == (0, 0, 5 / 3600)
    whole = forecasts.total(rows)
    assert (whole["jobs"], whole["done"], whole["disk"]) == (3, 1, 4e6 + 2e3)
    assert whole["cpu"] == pytest.approx(59 / 3600)
    assert whole["gpu"] == pytest.approx(54 / 3600)
    assert whole["longest"] == 36 / 3600
    # 165 GFLOP in the 33 seconds beside the start.
    found = forecasts.sustained(jobs, study(), NETS, tmp_path)
    assert found == pytest.approx(165 / (38 - forecasts.START))


def test_what_has_not_run_says_nothing(tmp_path):
    jobs = forecasts.planned(PLAN)

    assert forecasts.sustained(jobs, study(), NETS, tmp_path) is None
    assert forecasts.took(jobs[0], tmp_path) is None
