"""A steady log line from anything that takes longer than a few seconds."""

import logging
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

from losslandscape import stopping

T = TypeVar("T")

EVERY = 5  # seconds

log = logging.getLogger(__name__)


def steps(items: Sequence[T], noun: str, done: int = 0) -> Iterator[T]:
    """Yield the items; log how many of them are done and how long the rest will take.

    `done` steps were taken before, by a job that was interrupted.
    """
    total = done + len(items)
    start = spoken = time.monotonic()
    for count, item in enumerate(items, start=1):
        yield item
        stopping.heed()
        now = time.monotonic()
        if now - spoken >= EVERY or (count == len(items) and now - start >= EVERY):
            left = (now - start) / count * (len(items) - count)
            log.info("%s %d of %d, %.0f s left", noun, done + count, total, left)
            spoken = now
