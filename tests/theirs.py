"""Python files as a user has them."""

from pathlib import Path

THERE = """
import layers
import inner.deep
import inner.deep as other
from layers import WIDTH
from inner import deep as third


class Net:
    def __init__(self, width=WIDTH, depth=2):
        self.width, self.depth = width, depth

    def late(self):
        import lately
        return lately.HERE


def strict(*, width):
    return width


def broken():
    return 1 / 0


ODD = 3
SEEN = inner.deep.HERE, other.HERE, third.HERE, layers.WIDTH
"""


def written(folder: Path, files: dict[str, str]) -> Path:
    """A folder of Python files by their names."""
    for name, text in files.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def placed(folder: Path) -> Path:
    """A user's file nets.py, with what it imports beside it."""
    return written(
        folder,
        {
            "nets": THERE,
            "layers": "WIDTH = 8\n",
            "inner/deep": "HERE = 'deep'\n",
            "lately": "HERE = 'late'\n",
        },
    )
