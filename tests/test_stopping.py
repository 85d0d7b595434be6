"""A stop: what it interrupts, and what it waits for."""

import os
import signal

import pytest

from losslandscape import progress, stopping


def stop() -> None:
    """What a cluster sends before it takes its machine back."""
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_stop_interrupts_as_ctrl_c_does():
    with pytest.raises(KeyboardInterrupt), stopping.heard():
        stop()
        pytest.fail("went on")


def test_a_block_ends_before_the_stop():
    done = []

    with pytest.raises(KeyboardInterrupt), stopping.heard():
        with stopping.after():
            with stopping.after():
                stop()
                done.append(stopping.is_asked())
            done.append("outer")
        done.append("behind")

    assert done == [True, "outer"]


def test_a_fault_in_a_block_is_told_and_not_the_stop():
    with pytest.raises(ValueError, match="ours"), stopping.heard(), stopping.after():
        stop()
        raise ValueError("ours")


def test_a_stop_that_is_told_twice_interrupts_once():
    kept = []

    with pytest.raises(KeyboardInterrupt), stopping.heard():
        try:
            stop()
        except KeyboardInterrupt:
            stop()
            kept.append("state")
            raise

    assert kept == ["state"]


def test_a_stop_that_was_lost_is_heeded_at_the_next_step():
    seen = []

    with pytest.raises(KeyboardInterrupt), stopping.heard():
        for item in progress.steps([1, 2, 3], "point"):
            seen.append(item)
            try:
                stop()
            except KeyboardInterrupt:  # as Python does where it clears up
                pass

    assert seen == [1]


def test_what_heard_before_hears_again():
    before = signal.getsignal(signal.SIGTERM)

    with stopping.heard():
        assert signal.getsignal(signal.SIGTERM) != before

    assert signal.getsignal(signal.SIGTERM) == before
    assert not stopping.is_asked()
