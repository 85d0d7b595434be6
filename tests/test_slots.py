"""GPUs for the jobs of one machine; the cards are files of a folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from losslandscape import slots

SCRIPTS = Path(__file__).parents[1] / "workflow" / "scripts"

# Takes a card, says which, and stays.
JOB = """
import sys, time
from pathlib import Path
from losslandscape import receipt, slots
slots._devices = lambda: [Path(f"/dev/nvidia{k}") for k in sys.argv[1:]]
print(slots.choose(), flush=True)
print(receipt.host()["visible_gpus"], flush=True)
time.sleep(60)
"""


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    """Starts jobs on so many cards, or on some by number; ends them all."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    started = []

    def start(cards: int | list, **environment) -> tuple[subprocess.Popen, str]:
        numbers = cards if isinstance(cards, list) else range(cards)
        process = subprocess.Popen(
            [sys.executable, "-c", JOB, *map(str, numbers)],
            cwd=SCRIPTS,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_each_job_has_a_card_of_its_own_while_there_are_some(jobs):
    chosen = [jobs(3)[1] for _ in range(6)]

    assert sorted(chosen[:3]) == sorted(chosen[3:]) == ["0", "1", "2"]


def test_a_card_is_called_as_cuda_counts_those_that_are_there(jobs):
    assert jobs([5])[1] == "0"
    # The fifth is taken, the tenth is the second of these.
    assert jobs([10, 5])[1] == "1"


def test_a_receipt_names_the_card_that_its_job_has(jobs):
    started = [jobs(2), jobs(2), jobs(2, CUDA_VISIBLE_DEVICES="7")]

    told = [process.stdout.readline().strip() for process, _ in started]

    assert told == ["0", "1", "7"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_card_is_free_when_its_job_has_ended(jobs, how):
    (_, zero), (second, one) = jobs(2), jobs(2)
    second.send_signal(how)
    second.wait()
    time.sleep(0.1)

    assert (zero, one) == ("0", "1")
    assert [jobs(2)[1], jobs(2)[1]] == ["1", "0"]


def test_what_a_cluster_or_the_user_has_chosen_stays(jobs):
    assert jobs(2, CUDA_VISIBLE_DEVICES="5")[1] == "None"
    assert jobs(2, CUDA_VISIBLE_DEVICES="")[1] == "None"


def test_without_cards_nothing_is_chosen(monkeypatch, tmp_path):
    monkeypatch.delenv(slots.VARIABLE, raising=False)
    monkeypatch.setattr(slots, "_devices", lambda: [])

    assert slots.choose() is None
    assert slots.VARIABLE not in os.environ
