"""A GPU for each job of one machine, where no cluster deals them out.

Snakemake counts GPUs but never says which. Each card has places, files that are
locked: a job takes the first place of a card where nobody is, else a second one, and so
on. How many jobs run at once is Snakemake's to say, by `--resources gpu=N`. A lock ends
with its process, however that ends.
"""

import fcntl
import os
import tempfile
from pathlib import Path

VARIABLE = "CUDA_VISIBLE_DEVICES"

MOST = 64  # jobs on one card

# Open files hold the locks: closed, they would be given back.
_held: list = []


def choose() -> str | None:
    """Give this process a card of its own, before CUDA looks for cards; say which.

    None where a cluster or the user has chosen, and where there are no cards.
    """
    if VARIABLE in os.environ:
        return None
    cards = sorted(int(path.name[6:]) for path in _devices())
    for place in range(MOST):
        # CUDA counts the cards that it sees: in a container the fifth may be its first.
        for rank, card in enumerate(cards):
            if _take(folder() / f"{card}-{place}"):
                os.environ[VARIABLE] = str(rank)
                return str(rank)
    return None


def folder() -> Path:
    """Where the places are: one for each user, for all studies on a machine."""
    made = Path(tempfile.gettempdir()) / f"losslandscape-gpus-{os.getuid()}"
    made.mkdir(mode=0o700, exist_ok=True)
    return made


def _devices() -> list[Path]:
    """The cards, without asking CUDA, which would then not look again."""
    return list(Path("/dev").glob("nvidia[0-9]*"))


def _take(path: Path) -> bool:
    """Lock a file for good, unless another process has."""
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _held.append(file)
    return True
