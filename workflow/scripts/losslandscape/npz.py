"""Somebody's own arrays, from an .npz file; what is wrong with them is said."""

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy import ndarray

from losslandscape import datasets, proof, targets

DAMAGE = (KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error)


def read(path: str, sha256: str | None = None) -> datasets.Arrays:
    """A dataset of a user's own; ValueError says what is wrong with it.

    Images are (n, side, side, channels) or (n, side, side): uint8, or floats, which are
    taken as they are (maximum 1). Labels (n,) are integers from 0 without gaps. Instead
    of labels there may be targets, and instead of images inputs, both numbers (n, …).
    `sha256` is the file's.
    """
    if sha256 is not None:
        proof.whole(Path(path), sha256)
    seen, unseen = split(path, "train"), split(path, "test")
    datasets.require_alike(seen[0], unseen[0], path)
    if not _has(path, "train_targets"):
        names = "train_labels", "test_labels"
        targets.require_no_gaps(seen[1], unseen[1], path, names)
    maximum = 255 if seen[0].dtype == np.uint8 else 1
    if _has(path, "train_inputs"):
        maximum = None
    return datasets.Arrays(*seen, *unseen, maximum=maximum, source="npz")


def split(path: str, name: str) -> tuple[ndarray, ndarray]:
    """The images or inputs (n, …) and labels or targets (n, …) of a split, checked."""
    pixels, labels = f"{name}_images", f"{name}_labels"
    if _has(path, f"{name}_inputs"):
        images = _numbers(path, f"{name}_inputs")
    else:
        images = _images(array(path, pixels), f"{path}: {pixels}")
    if _has(path, f"{name}_targets"):
        labels = f"{name}_targets"
        found, is_wrong = _numbers(path, labels), False
    else:
        found = array(path, labels)
        is_wrong = found.dtype.kind not in "iu" or found.ndim != 1
    if is_wrong or len(found) != len(images):
        number = "an integer" if labels.endswith("labels") else "a target"
        raise ValueError(
            f"{path}: {labels} is {targets.described(found)}; "
            f"it must be {number} for each of {len(images)} images"
        )
    return images, found


def array(path: str, name: str) -> ndarray:
    """An array of an .npz file, never unpickled."""
    if not zipfile.is_zipfile(path):
        raise ValueError(f"{path} is missing, cut short, or not an .npz file")
    try:
        with np.load(path, allow_pickle=False) as file:
            return file[name]
    except DAMAGE as error:
        raise ValueError(f"{path}: {name} cannot be read: {error}") from error


def _has(path: str, name: str) -> bool:
    """Whether a whole .npz file has an array of some name."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as file:
        return f"{name}.npy" in file.namelist()


def _numbers(path: str, name: str) -> ndarray:
    found = array(path, name)
    targets.require_numbers(found, f"{path}: {name}")
    return targets.plain(found)


def _images(images: ndarray, name: str) -> ndarray:
    shaped = images[..., None] if images.ndim == 3 else images
    if shaped.ndim != 4 or shaped.shape[1] != shaped.shape[2] or shaped.size == 0:
        raise ValueError(
            f"{name} is {targets.described(images)}; it must be "
            "(n, side, side, channels) or (n, side, side)"
        )
    if shaped.dtype == np.uint8:
        return shaped
    if shaped.dtype.kind != "f":
        raise ValueError(
            f"{name} is {targets.described(images)}; it must be uint8 or float"
        )
    shaped = shaped.astype(np.float32)
    targets.require_numbers(shaped, name)
    return shaped
