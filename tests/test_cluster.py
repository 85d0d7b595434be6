"""What SLURM says before a long run; its programs are answers of a test."""

import math

import pytest

from losslandscape import cluster, pitfalls

DEFAULTS = {"mem_mb": "4000", "runtime": "60", "attempt": "attempt"}
SLURM = {
    "executor": "slurm",
    "slurm-status-command": "squeue",
    "default-resources": DEFAULTS,
}
ANSWERS = {
    "scontrol": "MaxArraySize = 1001\nMinJobAge               = 300 sec\n",
    "squeue": "",
    "sinfo": "cpu|(null)|2-00:00:00|OFF\ngpu|gpu:h200:4|1-00:00:00|OFF\n",
}


def answering(**answers):
    """A cluster that gives these answers, None for a command that is not there."""
    return lambda *command: (ANSWERS | answers).get(command[0])


def test_a_good_cluster_has_nothing_missing(tmp_path):
    asked = DEFAULTS | {"slurm_partition": "gpu", "gpu_model": "h200"}
    profile = SLURM | {"default-resources": asked}

    assert list(cluster.missing(tmp_path, profile, answering())) == []
    assert list(pitfalls.met(profile)) == []


CLUSTERS = {
    "no answer": ({"scontrol": None}, {}, "does not answer"),
    "forgetful": ({"scontrol": "MinJobAge = 30 sec"}, {}, "after 30 s"),
    "partition": ({}, {"slurm_partition": "big"}, "no partition 'big', but cpu, gpu"),
    "one of a list": (
        {},
        {"slurm_partition": "gpu,big"},
        "no partition 'big', but cpu, gpu",
    ),
    "no GPU": ({}, {"slurm_partition": "cpu"}, "'cpu' has no GPU"),
    "other GPU": (
        {},
        {"slurm_partition": "gpu", "gpu_model": "a100"},
        "no GPU of type 'a100', but h200",
    ),
    "GPU without a type": (
        {"sinfo": "gpu|gpu:4|infinite|OFF\n"},
        {"slurm_partition": "gpu", "gpu_model": "a100"},
        "but none of a named type",
    ),
    "cancels": (
        {"sinfo": "gpu|gpu:4|infinite|CANCEL\n"},
        {"slurm_partition": "gpu"},
        "(PreemptMode CANCEL), and one that is not queued again is waited for without "
        "end: take another partition",
    ),
    "does not queue again": (
        {"sinfo": "gpu|gpu:4|infinite|REQUEUE\n"},
        {"slurm_partition": "gpu"},
        "set `slurm-requeue: true`",
    ),
}


@pytest.mark.parametrize("case", CLUSTERS)
def test_what_is_wrong_with_a_cluster_is_said(tmp_path, case):
    answers, resources, sentence = CLUSTERS[case]
    profile = SLURM | {"default-resources": DEFAULTS | resources}

    (said,) = cluster.missing(tmp_path, profile, answering(**answers))

    assert sentence in said


@pytest.mark.parametrize(
    ("age", "sooner"), [(120, 40), (180, 10), (239, 10), (299, 100)]
)
def test_slurm_must_remember_longer_than_the_longest_pause(tmp_path, age, sooner):
    profile = SLURM | {"slurm-init-seconds-before-status-checks": sooner}
    needed = max(240, 3 * sooner)

    def said(seconds):
        there = answering(scontrol=f"MinJobAge = {seconds} sec")
        return list(cluster.missing(tmp_path, profile, there))

    (short,) = said(age)
    assert f"after {age} s (MinJobAge), less than {needed}: ask" in short
    assert "`slurm-init" not in short
    assert said(needed) == []


def test_jobs_of_this_folder_that_are_left_are_named(tmp_path):
    queue = f"7|{tmp_path}|rule_train\n8|/elsewhere|rule_train\n9|{tmp_path}|a|b\n"

    (said,) = cluster.missing(tmp_path, SLURM, answering(squeue=queue))

    assert "2 jobs of this folder" in said
    assert "scancel 7 9" in said


@pytest.mark.parametrize(
    ("rules", "sentences"),
    [
        ({"train": {"slurm_partition": "nope"}}, ["no partition 'nope', but cpu, gpu"]),
        ({"train": {"slurm_partition": "cpu"}}, ["'cpu' has no GPU"]),
        ({"train": {"slurm_partition": "cpu,gpu"}}, []),
        ({"train": {"gpu_model": "a100"}}, ["no GPU of type 'a100', but h200"]),
        # A rule that clears the type asks for no GPU.
        ({"directions": {"slurm_partition": "cpu", "gpu_model": ""}}, []),
    ],
)
def test_the_partition_of_one_rule_is_looked_at_too(tmp_path, rules, sentences):
    asked = DEFAULTS | {"slurm_partition": "gpu", "gpu_model": "h200"}
    profile = SLURM | {"default-resources": asked, "set-resources": rules}

    said = list(cluster.missing(tmp_path, profile, answering()))

    assert len(said) == len(sentences)
    assert all(part in one for part, one in zip(sentences, said, strict=True))


@pytest.mark.parametrize(
    ("config", "option"),
    [("JobRequeue = 1", {}), ("JobRequeue = 0", {"slurm-requeue": True})],
)
def test_jobs_that_are_queued_again_may_be_preempted(tmp_path, config, option):
    asked = {"default-resources": DEFAULTS | {"slurm_partition": "gpu"}}
    there = answering(
        scontrol=f"{config}\nMinJobAge = 300 sec", sinfo="gpu|gpu:4|infinite|REQUEUE\n"
    )

    assert list(cluster.missing(tmp_path, SLURM | asked | option, there)) == []


PLAN = """
rule train:
    output: a
    resources: mem_mb=1, runtime=700, attempt=1

rule train:
    output: b
    resources: mem_mb=1, runtime=10, attempt=1

rule table:
    output: c
    resources: mem_mb=1
"""


def test_the_longest_limit_of_a_rule_is_that_of_its_last_attempt():
    assert cluster.longest(PLAN, 0, math.inf) == {"train": 700, "table": 0}
    assert cluster.longest(PLAN, 2, math.inf)["train"] == 2100
    assert cluster.longest(PLAN, 2, 900)["train"] == 900
    # What a rule says for itself is not capped.
    assert cluster.longest(PLAN, 2, 60)["train"] == 700


@pytest.mark.parametrize(
    ("partition", "granted"),
    [("gpu", 24 * 60), ("cpu", 48 * 60), ("gpu,cpu", 48 * 60)],
)
def test_limits_of_time_are_held_against_the_partition(partition, granted):
    asked = {"default-resources": {"slurm_partition": partition}}
    limits = {"train": granted + 1, "line": granted, "table": 0}

    (said,) = cluster.late(limits, SLURM | asked, answering())

    assert said.startswith(f"jobs of train ask for up to {granted + 1} minutes")
    assert f"'{partition}' grants {granted}: set `time_limit`" in said
    assert list(cluster.late({"line": granted}, SLURM | asked, answering())) == []


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("2-03:04:05", 3064), ("3:04:05", 184), ("30:00", 30), ("infinite", math.inf)],
)
def test_limits_of_time_are_read_as_slurm_writes_them(written, minutes):
    profile = SLURM | {"default-resources": {"slurm_partition": "gpu"}}
    there = answering(sinfo=f"gpu|gpu:4|{written}|OFF\n")

    just = list(cluster.late({"train": min(minutes, 1e9)}, profile, there))
    over = list(cluster.late({"train": min(minutes, 1e9) + 1}, profile, there))

    assert (len(just), len(over)) == (0, minutes < math.inf)


def test_another_executor_asks_no_cluster(tmp_path):
    def nobody(*command):
        raise AssertionError(command)

    assert list(cluster.missing(tmp_path, {"cores": "all"}, nobody)) == []
    assert list(cluster.late({"train": 9**9}, {"cores": "all"}, nobody)) == []
