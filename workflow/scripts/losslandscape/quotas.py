"""What is left of a user's quota of a disk, as `quota` and Lustre's `lfs quota` say."""

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

# `quota` fails where a limit is exceeded, but says so all the same.
COMMAND = 'quota -w -p || true; lfs quota -q "$0" || true'


def left(folder: Path, ask: Callable[..., str | None]) -> Iterator[tuple[float, float]]:
    """The bytes and the files that the quotas of a folder's disk leave, if it has any.

    `ask` runs a command and gives what it prints (`readiness.ask`). Both programs have
    the same columns: the disk, kilobytes, two limits, grace, files, two limits, grace.
    """
    device = (ask("df", "--output=source", folder) or "").splitlines()[-1:]
    for line in (ask("sh", "-c", COMMAND, folder) or "").splitlines():
        row = line.split()
        if len(row) > 7 and (row[0] in device or folder.is_relative_to(row[0])):
            yield _rest(row[1:4]) * 1024, _rest(row[5:8])


def _rest(counted: Sequence[str]) -> float:
    """What is left: used (a star: too much), the soft limit, the hard; 0 is none."""
    used, *limits = (int(text.rstrip("*")) for text in counted)
    return min(filter(None, limits), default=math.inf) - used
