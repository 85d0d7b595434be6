"""Somebody's own arrays, from an .npz file; what is wrong with them is said."""

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy import ndarray

from losslandscape import datasets, proof

DAMAGE = (KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error)


def read(path: str, sha256: str | None = None) -> datasets.Arrays:
    """A dataset of a user's own; ValueError says what is wrong with it.

    Images are (n, side, side, channels) or (n, side, side): uint8, or floats, which are
    taken as they are (maximum 1). Labels (n,) are integers from 0 without gaps.
    `sha256` is the file's.
    """
    if sha256 is not None:
        proof.whole(Path(path), sha256)
    seen, unseen = split(path, "train"), split(path, "test")
    if seen[0].shape[1:] != unseen[0].shape[1:] or seen[0].dtype != unseen[0].dtype:
        raise ValueError(
            f"{path}: images of the two splits differ: train is {described(seen[0])}, "
            f"test {described(unseen[0])}"
        )
    _need_classes(path, seen[1], unseen[1])
    maximum = 255 if seen[0].dtype == np.uint8 else 1
    return datasets.Arrays(*seen, *unseen, maximum=maximum, source="npz")


def split(path: str, name: str) -> tuple[ndarray, ndarray]:
    """The images (n, side, side, channels) and labels (n,) of a split, checked."""
    pixels, labels = f"{name}_images", f"{name}_labels"
    images = _images(array(path, pixels), f"{path}: {pixels}")
    classes = array(path, labels)
    if classes.dtype.kind not in "iu" or classes.shape != images.shape[:1]:
        raise ValueError(
            f"{path}: {labels} is {described(classes)}; "
            f"it must be an integer for each of {len(images)} images"
        )
    return images, classes


def array(path: str, name: str) -> ndarray:
    """An array of an .npz file, never unpickled."""
    if not zipfile.is_zipfile(path):
        raise ValueError(f"{path} is missing, cut short, or not an .npz file")
    try:
        with np.load(path, allow_pickle=False) as file:
            return file[name]
    except DAMAGE as error:
        raise ValueError(f"{path}: {name} cannot be read: {error}") from error


def described(values: ndarray) -> str:
    """Type and shape in words."""
    return f"{values.dtype} {values.shape}"


def _images(images: ndarray, name: str) -> ndarray:
    shaped = images[..., None] if images.ndim == 3 else images
    if shaped.ndim != 4 or shaped.shape[1] != shaped.shape[2] or shaped.size == 0:
        raise ValueError(
            f"{name} is {described(images)}; it must be (n, side, side, channels) "
            "or (n, side, side)"
        )
    if shaped.dtype == np.uint8:
        return shaped
    if shaped.dtype.kind != "f":
        raise ValueError(f"{name} is {described(images)}; it must be uint8 or float")
    shaped = shaped.astype(np.float32)
    wrong = np.count_nonzero(~np.isfinite(shaped))
    if wrong:
        raise ValueError(f"{name} holds {wrong} values that are NaN or infinite")
    return shaped


def _need_classes(path: str, seen: ndarray, unseen: ndarray) -> None:
    present = np.unique(seen)
    if present[0] != 0 or present[-1] != len(present) - 1:
        raise ValueError(
            f"{path}: train_labels run from {present[0]} to {present[-1]} with "
            f"{len(present)} classes present; they must be 0, 1, 2, ... without gaps"
        )
    strange = np.setdiff1d(unseen, present)
    if strange.size:
        raise ValueError(
            f"{path}: test_labels holds {strange[0]}, which train_labels does not "
            f"(0 to {present[-1]})"
        )
