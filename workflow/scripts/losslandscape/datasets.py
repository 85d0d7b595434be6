"""A dataset as arrays, and the one file that stores it."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from losslandscape import store, targets

log = logging.getLogger(__name__)

CLASSIFICATION = {"classification": {}}


class Arrays(NamedTuple):
    """A dataset before normalisation.

    Images (n, height, width, channels) are uint8 or float32, labels (n,) integers
    from 0; `maximum` is the value of a white pixel, `source` the origin's name. Without
    a maximum, images are inputs (n, channels, …) as a net takes them; labels are
    whatever targets (n, …) a task has.
    """

    train_images: ndarray
    train_labels: ndarray
    test_images: ndarray
    test_labels: ndarray
    maximum: int | None
    source: str


def stored(arrays: Arrays) -> dict[str, ndarray]:
    """The four arrays under their names in the file: integers as int64, but pixels."""
    images = arrays.train_images, arrays.test_images
    if arrays.maximum is None:
        images = targets.plain(images[0]), targets.plain(images[1])
    return {
        "train/images": images[0],
        "train/labels": targets.plain(arrays.train_labels),
        "test/images": images[1],
        "test/labels": targets.plain(arrays.test_labels),
    }


def sha256(arrays: Arrays) -> str:
    """The hash of the content: of each stored array, its shape and its bytes."""
    digest = hashlib.sha256()
    for array in stored(arrays).values():
        digest.update(str(array.shape).encode())
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()


def save(
    path: str | Path,
    arrays: Arrays,
    mean: Sequence[float],
    std: Sequence[float],
    task: Mapping = CLASSIFICATION,
) -> None:
    """Write a dataset as HDF5: the same arrays give the same bytes.

    `mean` and `std`, one value a channel, are on the scale image / maximum. ValueError
    for targets that do not fit the task.
    """
    _require_channels(arrays, mean, std)
    labels = targets.fitted(
        task, arrays.train_labels, arrays.test_labels, arrays.source
    )
    arrays = arrays._replace(train_labels=labels[0], test_labels=labels[1])
    content = sha256(arrays)
    white = {} if arrays.maximum is None else {"maximum": arrays.maximum}
    # A file of classes is what it was before there were other tasks.
    told = {} if task == CLASSIFICATION else {"task": json.dumps(task, sort_keys=True)}
    store.save(
        path,
        stored(arrays),
        **white,
        mean=list(mean),
        std=list(std),
        classes=targets.outputs(labels),
        source=arrays.source,
        sha256=content,
        **told,
    )
    counts = len(arrays.train_labels), len(arrays.test_labels)
    log.info("%s: %d + %d images, sha256 %s", arrays.source, *counts, content)


def require_alike(seen: ndarray, unseen: ndarray, source: str) -> None:
    """Raise ValueError unless inputs of two splits are of one type and shape."""
    if seen.shape[1:] != unseen.shape[1:] or seen.dtype != unseen.dtype:
        raise ValueError(
            f"{source}: images of the two splits differ: train is "
            f"{targets.described(seen)}, test {targets.described(unseen)}"
        )


def _require_channels(
    arrays: Arrays, mean: Sequence[float], std: Sequence[float]
) -> None:
    images = arrays.train_images
    has_pixels = arrays.maximum is not None
    if not has_pixels and not len(mean) and not len(std):
        return
    if not has_pixels and images.dtype.kind != "f":
        raise ValueError(f"{arrays.source}: inputs are words, which have no mean")
    channels = images.shape[-1 if has_pixels else min(1, images.ndim - 1)]
    if not len(mean) == len(std) == channels:
        raise ValueError(
            f"mean {list(mean)} and std {list(std)} need one value for each of the "
            f"{channels} channels of {arrays.source}"
        )
