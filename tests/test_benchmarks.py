"""What `make bench` compares is the same work, and it ends in time."""

import importlib
import sys
import time
from pathlib import Path

import pytest

import test_allocator

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def parts(monkeypatch):
    """The modules of the benchmark, of which none stays."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(BENCHMARKS)
    names = ("bench", "crew", "ours", "reference", "work")
    yield {name: importlib.import_module(name) for name in names}
    for name in set(sys.modules) - before:
        if str(BENCHMARKS) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.mark.parametrize("kind", ["surface", "plane", "profile", "map"])
def test_ours_and_the_reference_find_the_same(parts, kind):
    task = parts["work"].Task(kind, "WRN-20-½", 10, 1 if kind == "map" else 2, 8)

    ours = parts["ours"].prepare(task)()
    theirs = parts["reference"].prepare(task, in_memory=True)()

    # Eigenvalues to 1 % of the larger, and losses to rounding.
    ends = ours[: 2 * task.points]
    apart = 0.01 * max(map(abs, ends)) if kind == "map" else 1e-4
    assert ends == pytest.approx(theirs[: 2 * task.points], abs=apart)


def test_both_do_every_kind_of_work(parts):
    tasks = parts["bench"].tasks("cpu", True) + parts["bench"].tasks("cuda", True)

    kinds = {task.kind for task in tasks}

    assert kinds == parts["ours"].KINDS.keys() == parts["reference"].KINDS.keys()
    assert {task.net for task in tasks} <= parts["work"].NETS.keys()


def test_the_benchmark_gives_its_processes_the_settings_of_jobs(parts):
    assert parts["crew"].ALLOCATOR == test_allocator.SETTINGS


class Counting:
    """A crew that does nothing, and how often it was let."""

    def __init__(self) -> None:
        self.worked = self.ended = 0

    def work(self) -> None:
        self.worked += 1

    def end(self) -> None:
        self.ended += 1


@pytest.mark.parametrize(("seconds", "times"), [(-1, 1), (60, 3)])
def test_repeats_are_left_out_when_time_is_over(parts, seconds, times):
    crews = [Counting(), Counting()]
    effort = parts["bench"].Effort(3, time.monotonic() + seconds)

    parts["bench"].in_turns(crews, effort)

    assert [(crew.worked, crew.ended) for crew in crews] == [(times, 1)] * 2
