"""One process at a time: the second waits, and nobody's end leaves a lock."""

import errno
import fcntl
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from losslandscape import turns

SCRIPTS = Path(turns.__file__).parents[1]

HOLDER = """
import sys, time
sys.path.insert(0, {scripts!r})
from pathlib import Path
from losslandscape import turns
with turns.taken(Path({lock!r})):
    print("held", flush=True)
    time.sleep({seconds})
"""


@pytest.fixture
def holder(tmp_path):
    """Starts a process that holds the lock for so many seconds; gives it."""
    begun = []

    def start(seconds: float) -> subprocess.Popen:
        program = HOLDER.format(
            scripts=str(SCRIPTS), lock=str(tmp_path / "lock"), seconds=seconds
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
        )
        begun.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in begun:
        process.kill()
        process.wait()


def test_who_comes_first_does_not_wait_and_leaves_no_file(tmp_path):
    with turns.taken(tmp_path / "lock") as had_to_wait:
        assert (tmp_path / "lock").exists()

    assert not had_to_wait
    assert not list(tmp_path.iterdir())


def test_the_second_waits_for_the_first_and_says_for_whom(tmp_path, holder, caplog):
    process = holder(0.5)

    with turns.taken(tmp_path / "lock") as had_to_wait:
        assert process.wait(5) == 0

    assert had_to_wait
    assert f"waiting for process {process.pid} on " in caplog.text
    assert not list(tmp_path.iterdir())


def test_the_lock_of_a_killed_process_is_free(tmp_path, holder):
    process = holder(60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / "lock").exists()

    with turns.taken(tmp_path / "lock") as had_to_wait:
        assert not had_to_wait

    assert not list(tmp_path.iterdir())


def test_many_take_turns(tmp_path):
    inside, most = [], []

    def take() -> None:
        for _ in range(20):
            with turns.taken(tmp_path / "lock"):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.001)
                inside.pop()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert most == [1] * 80
    assert not list(tmp_path.iterdir())


def test_where_files_cannot_be_locked_a_job_goes_on_and_says_so(
    tmp_path, monkeypatch, caplog
):
    def flock(file, how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)

    with turns.taken(tmp_path / "lock") as had_to_wait:
        assert not had_to_wait

    assert "lock cannot be locked" in caplog.text
