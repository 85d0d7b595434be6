"""What has happened in a run, from logs as Snakemake writes them."""

import textwrap
import time

from losslandscape import events

HEAD = """Assuming unrestricted shared filesystem usage.

SNAKEMAKE
=========
  Command: /bin/snakemake --cores 2 --configfile config/toy.yaml
  Config file(s): [PosixPath('/here/config/toy.yaml'), PosixPath('/here/more.yaml')]

Provided cores: 2
Job stats:
job      count
-----  -------
train        2
line         1
all          1
total        4

Select jobs to execute...
Execute 2 jobs...
"""
FIRST = """[Sat Nov 21 23:00:00 2026]
rule train:
    input: resources/digits.h5
    output: r0/weights.safetensors
    log: logs/0.log
    jobid: 2
    benchmark: logs/0.jsonl
    wildcards: dataset=digits, model=deep, recipe=long, seed=0
    resources: tmpdir=/tmp, gpu=1
"""
SECOND = (
    FIRST.replace("r0/", "r1/").replace("/0.", "/1.").replace("jobid: 2", "jobid: 3")
)
FINISHED = """[Sat Nov 21 23:00:40 2026]
Finished jobid: 2 (Rule: train)
1 of 4 steps (25%) done
"""
FAILED = """RuleException:
CalledProcessError in file "/here/train.smk", line 9:
[Sat Nov 21 23:01:00 2026]
Error in rule train:
    message: None
    jobid: 3
    output: r1/weights.safetensors
    log: logs/1.log (check log file(s) for error details)
Logfile logs/1.log:
====================
2026-11-21 23:00:59,000 ERROR ValueError: jobid: 2 is no number
====================
"""
AGAIN = "Trying to restart job 3.\n" + SECOND.replace("23:00:00", "23:02:00")
OVER = "Complete log(s): /here/.snakemake/log/a.log\nElapsed time: 0:02:00\n"


GROUPED = (
    "[Sat Nov 21 23:00:00 2026] Group job measured (jobs in lexicogr. order):\n\n"
    + textwrap.indent(FIRST + SECOND, "    ")
)
GROUP_FAILED = """[Sat Nov 21 23:01:00 2026]
    message: Error in group measured
    jobs:
        rule train:
            jobid: 2
        rule train:
            jobid: 3
Logfile .snakemake/slurm_logs/group_measured/1.log:
====================
[Sat Nov 21 23:00:30 2026]
localrule train:
    output: r1/weights.safetensors
    jobid: 0
[Sat Nov 21 23:00:31 2026]
Finished jobid: 2 (Rule: train)
Complete log(s): of another Snakemake
====================
""" + textwrap.indent(
    FAILED[FAILED.index("[") :].replace("jobid: 3", "jobid: 2"), "    "
)


def moment(clock: str) -> float:
    """Seconds of the epoch of a time of that day."""
    return time.mktime(time.strptime(f"2026-11-21 {clock}", "%Y-%m-%d %H:%M:%S"))


def test_a_run_tells_what_was_asked_for_and_how_much_there_is():
    run = events.read(HEAD)

    assert run.command == "/bin/snakemake --cores 2 --configfile config/toy.yaml"
    assert run.configs == ["/here/config/toy.yaml", "/here/more.yaml"]
    assert run.totals == {"train": 2, "line": 1, "all": 1}
    assert (run.attempts, run.is_over) == ({}, False)


def test_a_job_runs_since_it_was_started_until_it_is_finished():
    run = events.read(HEAD + FIRST + SECOND + FINISHED)

    (done,), (going,) = run.chosen(ended=True), run.chosen(ended=False)
    assert (done.began, done.ended) == (moment("23:00:00"), moment("23:00:40"))
    assert done.job.outputs == ["r0/weights.safetensors"]
    assert (going.job.log, going.job.benchmark) == ("logs/1.log", "logs/1.jsonl")
    assert going.job.wildcards["model"] == "deep"
    assert run.chosen(ended=True, failed=True) == []


def test_a_job_that_failed_is_no_job_that_is_done():
    run = events.read(HEAD + FIRST + SECOND + FINISHED + FAILED + OVER)

    (failed,) = run.chosen(ended=True, failed=True)
    assert (failed.job.log, failed.ended) == ("logs/1.log", moment("23:01:00"))
    assert [a.job.log for a in run.chosen(ended=True)] == ["logs/0.log"]
    assert run.is_over


def test_a_job_that_is_tried_again_runs():
    run = events.read(HEAD + FIRST + SECOND + FAILED + AGAIN)

    assert run.chosen(ended=True, failed=True) == []
    began = [a.began for a in run.chosen(ended=False)]
    assert began == [moment("23:00:00"), moment("23:02:00")]


def test_members_of_a_group_run_and_are_finished_like_other_jobs():
    run = events.read(HEAD + GROUPED + FINISHED)

    (done,), (going,) = run.chosen(ended=True), run.chosen(ended=False)
    assert (done.job.log, going.job.log) == ("logs/0.log", "logs/1.log")
    assert (going.began, going.job.rule) == (moment("23:00:00"), "train")


def test_members_of_a_group_fail_and_its_log_is_of_other_jobs():
    run = events.read(HEAD + GROUPED + GROUP_FAILED)

    assert run.attempts.keys() == {"2", "3"}
    (failed,) = run.chosen(ended=True, failed=True)
    assert (failed.job.log, failed.ended) == ("logs/0.log", moment("23:01:00"))
    assert run.chosen(ended=True) == []
    assert not run.is_over


def test_a_line_that_is_half_written_is_no_event():
    run = events.read(HEAD + FIRST + FINISHED[:30])

    assert len(run.chosen(ended=False)) == 1
