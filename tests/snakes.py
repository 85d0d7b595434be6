"""Snakemake in children of a process that has imported it already.

Its libraries take two of the four seconds of a dry run, and the tests do some hundreds.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path


def run(options: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """What Snakemake gives and prints for options in a folder, in this environment."""
    with tempfile.TemporaryDirectory() as place:
        files = [Path(place, name) for name in ("stdout", "stderr")]
        told = {
            "options": [*map(str, options)],
            "folder": str(folder),
            "env": dict(os.environ),
            "files": [*map(str, files)],
        }
        server = _server()
        server.stdin.write(json.dumps(told) + "\n")
        server.stdin.flush()
        code = server.stdout.readline()
        assert code, "the process that runs Snakemake for the tests has ended"
        printed = [file.read_text() for file in files]
    return subprocess.CompletedProcess(["snakemake", *options], int(code), *printed)


@cache
def _server() -> subprocess.Popen[str]:
    """The process that imported it; it ends with this one, whose pipe it reads.

    Libraries have read the environment in which it was started.
    """
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, __file__], **piped)


def _serve() -> None:
    """Fork a child for each line that is read; in it, be Snakemake."""
    del sys.path[0]  # the tests', which are no business of Snakemake
    from snakemake.cli import main

    for line in sys.stdin:
        told = json.loads(line)
        child = os.fork()
        if not child:
            _become(told)
            sys.exit(main())
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(told: dict) -> None:
    """Take a folder, an environment, files to print to and options as one's own."""
    os.environ.clear()
    os.environ.update(told["env"])
    os.chdir(told["folder"])
    empty = os.open(os.devnull, os.O_RDONLY)
    written = [os.open(file, os.O_WRONLY | os.O_CREAT) for file in told["files"]]
    for number, opened in enumerate([empty, *written]):
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["snakemake", *told["options"]]


if __name__ == "__main__":
    _serve()
