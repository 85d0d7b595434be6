"""A dataset as arrays, and the one file that stores it."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from losslandscape import store

log = logging.getLogger(__name__)


class Arrays(NamedTuple):
    """A dataset before normalisation.

    Images (n, height, width, channels) are uint8 or float32, labels (n,) integers
    from 0; `maximum` is the value of a white pixel, `source` the origin's name.
    """

    train_images: ndarray
    train_labels: ndarray
    test_images: ndarray
    test_labels: ndarray
    maximum: int
    source: str


def stored(arrays: Arrays) -> dict[str, ndarray]:
    """The four arrays under their names in the file, with labels as int64."""
    return {
        "train/images": arrays.train_images,
        "train/labels": arrays.train_labels.astype("<i8"),
        "test/images": arrays.test_images,
        "test/labels": arrays.test_labels.astype("<i8"),
    }


def sha256(arrays: Arrays) -> str:
    """The hash of the content: of each stored array, its shape and its bytes."""
    digest = hashlib.sha256()
    for array in stored(arrays).values():
        digest.update(str(array.shape).encode())
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()


def save(
    path: str | Path, arrays: Arrays, mean: Sequence[float], std: Sequence[float]
) -> None:
    """Write a dataset as HDF5: the same arrays give the same bytes.

    `mean` and `std`, one value a channel, are on the scale image / maximum.
    """
    channels = arrays.train_images.shape[-1]
    if not len(mean) == len(std) == channels:
        raise ValueError(
            f"mean {list(mean)} and std {list(std)} need one value for each of the "
            f"{channels} channels of {arrays.source}"
        )
    content = sha256(arrays)
    store.save(
        path,
        stored(arrays),
        maximum=arrays.maximum,
        mean=list(mean),
        std=list(std),
        classes=int(arrays.train_labels.max()) + 1,
        source=arrays.source,
        sha256=content,
    )
    counts = len(arrays.train_labels), len(arrays.test_labels)
    log.info("%s: %d + %d images, sha256 %s", arrays.source, *counts, content)
