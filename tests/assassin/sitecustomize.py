"""Jobs that die: Python imports this first of all, where its folder is on the path.

By the attempt at a rule, in whichever launch: at the first a job kills itself within
half a second; at the second between two renames, or at a random moment, or is told
to stop then and killed after a grace; from then on it lives. What hit is written down
in the folder ASSASSIN before it does.
"""

import os
import random
import re
import signal
import sys
import threading
import time
from pathlib import Path

GRACE = 2  # seconds


def attempt(folder: Path, rule: str) -> int:
    """Which attempt at a rule this is, from 1."""
    for number in range(1, 1000):
        try:
            (folder / f"{rule}.{number}").touch(exist_ok=False)
        except FileExistsError:
            continue
        return number
    raise AssertionError("too many attempts")


def hit(folder: Path, rule: str, how: str) -> None:
    """Write down a hit, and let it be one."""
    (folder / f"{rule}.{how}.hit").touch()
    os.kill(os.getpid(), signal.SIGTERM if how == "stop" else signal.SIGKILL)


def later(folder: Path, rule: str, how: str, seconds: float) -> None:
    """Hit after a while, unless the job has ended."""

    def wait() -> None:
        time.sleep(seconds)
        hit(folder, rule, how)
        time.sleep(GRACE)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def amid_renames(folder: Path, rule: str, nth: int) -> None:
    """Hit before the n-th output gets its name."""
    replace, seen = os.replace, []

    def deadly(source, target) -> None:
        seen.extend([source] * (".part-" in str(source)))
        if len(seen) == nth:
            hit(folder, rule, "rename")
        replace(source, target)

    os.replace = deadly


def arm(folder: Path, rule: str) -> None:
    """Choose how this job dies."""
    number = attempt(folder, rule)
    lot = random.Random(f"{rule} {number}")
    if number == 1:
        later(folder, rule, "kill", lot.uniform(0, 0.5))
    elif number == 2:
        how = lot.choice(["rename", "rename", "stop", "later"])
        if how == "rename":
            amid_renames(folder, rule, lot.choice([1, 2]))
        else:
            later(folder, rule, how, lot.uniform(0.5, 3))


script = re.search(r"\.snakemake/scripts/tmp\w+\.(\w+)\.py$", sys.orig_argv[-1])
if script and "ASSASSIN" in os.environ:
    arm(Path(os.environ["ASSASSIN"]), script[1])
