"""Told to stop, as by a cluster that wants its machine back: at once, or a bit later.

A stop (SIGTERM) is a KeyboardInterrupt, as Ctrl-C is. It waits for the end of a block
that is worth more whole than begun, such as an epoch and the keeping of its state.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

_told = SimpleNamespace(stop=False, blocks=0)


@contextmanager
def heard() -> Iterator[None]:
    """Hear of stops until the end of the block."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        _told.stop = False


@contextmanager
def after() -> Iterator[None]:
    """A block that a stop waits for; raises KeyboardInterrupt at its end."""
    _told.blocks += 1
    try:
        yield
    finally:
        _told.blocks -= 1
    heed()


def is_asked() -> bool:
    """Whether a stop was asked for."""
    return _told.stop


def heed() -> None:
    """Raise KeyboardInterrupt if a stop was asked for, unless a block is to end first.

    Where the signal came is no sure place: Python ignores what its own clearing up of
    objects raises.
    """
    if _told.stop and not _told.blocks:
        raise KeyboardInterrupt


def _stop(number: int, frame: object) -> None:
    # SLURM may tell it twice, of which the second would interrupt the keeping.
    if not _told.stop:
        _told.stop = True
        heed()
