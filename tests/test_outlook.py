"""When a run will end, against sums by hand and clocks that the test winds."""

import json
import os
import time

import pytest

from losslandscape import events, forecasts, outlook
from test_events import moment

BEGAN = moment("23:00:00")


def job(name, *inputs, rule="train"):
    """A job that makes one file of its name."""
    logs = f"{name}.jsonl", f"{name}.log"
    return forecasts.Job(rule, {}, list(inputs), [name], *logs)


def wrote(folder, name, text, clock):
    """Let a job's log have this text, written then."""
    path = folder / f"{name}.log"
    path.write_text(text)
    os.utime(path, (moment(clock), moment(clock)))


def test_the_last_word_of_a_job_tells_when_it_ends():
    log = (
        "2026-11-21 23:00:05,120 INFO point 2 of 9, 30 s left\n"
        "2026-11-21 23:00:10,120 INFO point 4 of 9, 20 s left\n"
        "2026-11-21 23:00:11,000 INFO loss 3.0\n"
    )

    assert outlook.said(log) == ("point 4 of 9, 20 s left", moment("23:00:30"))
    assert outlook.said("2026-11-21 23:00:11,000 INFO loss 3.0\n") is None


def test_a_job_on_a_cluster_runs_since_it_writes(tmp_path):
    attempt = events.Attempt(job("a"), BEGAN)
    wrote(tmp_path, "a", "2026-11-20 10:00:00,000 INFO of another run\n", "22:00:00")
    waits = (
        outlook.since(attempt, tmp_path),
        outlook.spent(attempt, BEGAN + 9, tmp_path),
    )

    wrote(tmp_path, "a", "2026-11-21 23:05:00,000 INFO begun\n", "23:05:00")

    assert waits == (BEGAN, 0.0)
    assert outlook.since(attempt, tmp_path) == moment("23:05:00")
    assert outlook.spent(attempt, moment("23:06:00"), tmp_path) == 60


def test_a_job_takes_what_snakemake_measured_of_it(tmp_path):
    done = events.Attempt(job("a"), BEGAN, BEGAN + 100)
    plain = outlook.spent(done, BEGAN + 200, tmp_path)
    (tmp_path / "a.jsonl").write_text(json.dumps({"s": 60.0}))

    assert plain == 100
    assert outlook.spent(done, BEGAN + 200, tmp_path) == 60
    failed = events.Attempt(job("a"), BEGAN, BEGAN + 100, failed=True)
    assert outlook.spent(failed, BEGAN + 200, tmp_path) == 100


def test_a_job_still_takes_what_it_says_or_what_is_expected(tmp_path):
    attempt, now = events.Attempt(job("a"), BEGAN), BEGAN + 30
    expected = outlook.still(attempt, 50.0, now, tmp_path)
    late = outlook.still(attempt, 20.0, now, tmp_path)
    word = "2026-11-21 23:00:20,000 INFO epoch 2 of 9, 70 s left\n"
    wrote(tmp_path, "a", word, "23:00:20")

    assert (expected, late) == (20, 0)
    assert outlook.still(attempt, 50.0, now, tmp_path) == 60


def test_a_rule_takes_as_much_longer_as_its_jobs_before():
    done = [("train", 10.0, 15.0), ("train", 30.0, 35.0), ("line", 4.0, 2.0)]

    assert outlook.factors(done) == {"train": 50 / 40, "line": 0.5}
    assert outlook.factors([]) == {}


def test_what_waits_for_a_failed_job_never_starts():
    failed, aside = job("a"), job("e")
    after, last = job("b", "a"), job("c", "x", "b")

    # In an order in which the later one comes first.
    assert outlook.blocked([last, aside, after], [failed]) == [after, last]
    assert outlook.blocked([last, aside, after], []) == []


def test_a_run_of_fewer_jobs_than_the_plan_has_a_share_of_their_time():
    jobs = [job("a"), job("b"), job("c", rule="line")]

    parts = outlook.waiting(jobs, [10.0, 30.0, 5.0], {"train": 1, "line": 1})

    assert sum(part.seconds for part in parts) == (10 + 30) / 2 + 5


def test_jobs_are_told_from_others_by_what_they_make():
    one, other = job("a"), job("b", "a")

    assert outlook.others([one, other], [one]) == [other]
    assert outlook.others([one, other], []) == [one, other]


def test_thousands_of_jobs_are_looked_at_in_a_moment():
    jobs = [job(str(k), "a") for k in range(40_000)]
    began = time.process_time()

    parts = outlook.waiting(jobs, [1.0] * len(jobs), {"train": 20_000})
    blocked = outlook.blocked(jobs, [job("a")])
    rest = outlook.others(jobs, blocked[:20_000])

    # Looking through all for each takes ten times as long for the first alone.
    assert time.process_time() - began < 3
    assert sum(part.seconds for part in parts) == pytest.approx(20_000)
    assert (len(blocked), rest) == (40_000, jobs[20_000:])


def test_jobs_at_once_are_an_average_over_the_run(tmp_path):
    attempts = [
        events.Attempt(job("a"), BEGAN, BEGAN + 100),
        events.Attempt(job("b"), BEGAN, BEGAN + 50),
        events.Attempt(job("c"), BEGAN + 50, BEGAN + 100),
    ]

    assert outlook.at_once(attempts, BEGAN + 100, tmp_path) == 2
    assert outlook.at_once(attempts, BEGAN + 400, tmp_path) == 1
    assert outlook.at_once(attempts, BEGAN, tmp_path) == 1


def test_a_run_ends_after_its_work_and_after_its_longest_chain():
    parts = [
        outlook.Part(job("a"), 10.0),
        outlook.Part(job("b", "a"), 20.0),
        outlook.Part(job("c"), 50.0),
    ]

    assert outlook.remaining(parts, 1.0) == 80
    assert outlook.remaining(parts, 1.25) == pytest.approx(64)
    assert outlook.remaining(parts, 8.0) == 50
    assert outlook.remaining([], 2.0) == 0
