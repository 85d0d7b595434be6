"""A stop: what it interrupts, and what it waits for."""

import os
import signal
from contextlib import contextmanager, suppress

import pytest

from losslandscape import progress, stopping


def stop() -> None:
    """What a cluster sends before it takes its machine back."""
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def interrupted():
    """A block that hears of stops, and that one interrupts."""
    with pytest.raises(KeyboardInterrupt), stopping.heard():
        yield


def test_a_stop_interrupts_as_ctrl_c_does():
    done = []

    with interrupted():
        stop()
        done.append("behind")

    assert not done


def test_a_block_ends_before_the_stop():
    done = []

    with interrupted():
        with stopping.after():
            with stopping.after():
                stop()
                done.append(stopping.is_asked())
            done.append("outer")
        done.append("behind")

    assert done == [True, "outer"]


def test_a_fault_in_a_block_is_told_and_not_the_stop():
    def fault():
        with stopping.after():
            stop()
            raise ValueError("ours")

    with stopping.heard(), pytest.raises(ValueError, match="ours"):
        fault()


def test_a_stop_that_is_told_twice_interrupts_once():
    kept = []

    with interrupted():
        try:
            stop()
        except KeyboardInterrupt:
            stop()
            kept.append("state")
            raise

    assert kept == ["state"]


def test_a_stop_that_was_lost_is_heeded_at_the_next_step():
    seen = []

    with interrupted():
        for item in progress.steps([1, 2, 3], "point"):
            seen.append(item)
            with suppress(KeyboardInterrupt):  # as Python does where it clears up
                stop()

    assert seen == [1]


def test_what_heard_before_hears_again():
    before = signal.getsignal(signal.SIGTERM)

    with stopping.heard():
        assert signal.getsignal(signal.SIGTERM) != before

    assert signal.getsignal(signal.SIGTERM) == before
    assert not stopping.is_asked()
