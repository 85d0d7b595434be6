"""What went wrong, in one sentence, and what to do about it where that is known."""

import errno
import os
from collections.abc import Iterable

from losslandscape import shortage

# What the outside can get wrong. Anything else is our own fault.
REFUSALS = (ValueError, OSError, ArithmeticError)

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
LOCKED_UP = (errno.EROFS, errno.EACCES, errno.EPERM)


def sentence(error: Exception, outputs: Iterable[str]) -> str | None:
    """What a user reads of an error that kept a job from its outputs.

    None for a fault of our own.
    """
    number = getattr(error, "errno", None)
    kind = type(error).__name__
    if number in FULL:
        # HDF5's own text is a page of addresses.
        return (
            f"{kind}: {os.strerror(number)}, for {', '.join(outputs)} or what is kept "
            "beside: make room and run the same command; nothing is lost"
        )
    if number in LOCKED_UP:
        return f"{kind}: {error}: give this user the right to it (`make preflight`)"
    if number == errno.ENOMEM or shortage.is_meant(error):
        return (
            f"{kind}: {_line(error)}: run fewer jobs at once (`--resources gpu=1`, "
            "`--cores 1`), or where there is more memory; nothing is lost"
        )
    return f"{kind}: {error}" if isinstance(error, REFUSALS) else None


def _line(error: Exception) -> str:
    """The first line of an error, of which torch's have many."""
    return (str(error) or "out of memory").splitlines()[0].rstrip(".:")
