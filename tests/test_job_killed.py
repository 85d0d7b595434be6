"""Processes that make the same files, killed at random moments, many times."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dying
from jobs import NAMES
from losslandscape import receipt

ROUNDS, AT_ONCE = 6, 3


def whole(name: str) -> str:
    return "".join(f"{name} {piece}\n" for piece in range(dying.PIECES))


def start(folder: Path) -> subprocess.Popen:
    """Begin a job in the folder, up to its work."""
    process = subprocess.Popen(
        [sys.executable, dying.__file__, folder],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def look(folder: Path) -> int:
    """See that what has its name is whole; gives how many files have."""
    found = 0
    for name in ("weights", "history"):
        if (folder / NAMES[name]).exists():
            assert (folder / NAMES[name]).read_text() == whole(name)
            found += 1
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where three jobs at a time were killed or stopped, and one was let live."""
    folder, lot = tmp_path_factory.mktemp("killed"), random.Random(0)
    for _ in range(ROUNDS):
        for path in NAMES.values():  # as Snakemake does before a job
            (folder / path).unlink(missing_ok=True)
        processes = [start(folder) for _ in range(AT_ONCE)]
        for process in processes:
            end = time.monotonic() + lot.uniform(0, 0.4)
            while time.monotonic() < end:
                look(folder)
            process.send_signal(lot.choice([signal.SIGKILL, signal.SIGTERM]))
        for process in processes:
            process.wait(60)
            look(folder)
    assert start(folder).wait(60) == 0
    return folder


def test_in_the_end_all_is_whole_and_nothing_is_left_beside(folder):
    assert look(folder) == 2
    left = {path.name for path in folder.iterdir()}
    assert left == {*NAMES.values(), "digits.h5", "train.log"}


def test_the_receipt_tells_of_what_is_there(folder):
    told = json.loads((folder / NAMES["receipt"]).read_text())["outputs"]

    assert told == {
        str(folder / NAMES[name]): receipt.digest(folder / NAMES[name])
        for name in ("weights", "history")
    }


def test_of_three_at_once_one_works_and_the_others_take_what_it_made(folder):
    for path in NAMES.values():
        (folder / path).unlink()

    processes = [start(folder) for _ in range(AT_ONCE)]

    assert [process.wait(60) for process in processes] == [0] * AT_ONCE
    assert look(folder) == 2
    left = {path.name for path in folder.iterdir()}
    assert left == {*NAMES.values(), "digits.h5", "train.log"}
