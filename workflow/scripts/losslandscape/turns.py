"""One process at a time for the same outputs, though a launcher knows of one alone.

A launcher that is killed leaves its jobs alive; the next one begins them again.
"""

import fcntl
import logging
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

log = logging.getLogger(__name__)


@contextmanager
def taken(path: Path) -> Iterator[bool]:
    """Hold a lock until the end of the block; gives whether another held it before.

    The lock ends with its process, however that ends. It is only a file's: network
    file systems without locks are told of in the log.
    """
    waited = False
    while True:
        file = path.open("a+")
        waited |= _wait(file)
        if _is_there(file, path):
            break
        file.close()  # the one before removed it meanwhile
    _sign(file)
    try:
        yield waited
    finally:
        path.unlink(missing_ok=True)
        file.close()


def _wait(file: TextIOWrapper) -> bool:
    """Lock a file; gives whether that took waiting."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        other = file.read() or "another process"
        log.warning("waiting for %s, which makes the same files", other)
        fcntl.flock(file, fcntl.LOCK_EX)
        return True
    except OSError as error:
        log.warning("%s cannot be locked (%s): run one Snakemake", file.name, error)
    return False


def _sign(file: TextIOWrapper) -> None:
    """Say whose it is, for those who wait."""
    file.truncate(0)
    file.write(f"process {os.getpid()} on {platform.node()}")
    file.flush()


def _is_there(file: TextIOWrapper, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
