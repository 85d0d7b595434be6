"""A job of a tenth of a second in a process of its own, to be killed on its way.

`python dying.py FOLDER` says when its work begins; its outputs are written in pieces.
"""

import sys
import time
from pathlib import Path

import jobs
from losslandscape import job

PIECES = 20


def main(folder: str) -> None:
    """Write two files, piece by piece."""
    snakemake = jobs.told(Path(folder))
    print("ready", flush=True)
    with job.running(snakemake) as memory:
        memory.write_text("state")
        for name in ("weights", "history"):
            with open(getattr(snakemake.output, name), "w", buffering=1) as file:
                for piece in range(PIECES):
                    file.write(f"{name} {piece}\n")
                    time.sleep(0.002)


if __name__ == "__main__":
    main(*sys.argv[1:])
