"""Images in folders, a folder a class, as torchvision's ImageFolder has them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy import ndarray
from PIL import Image, ImageOps, UnidentifiedImageError

from losslandscape import datasets, supplies


def read(path: str, size: int) -> datasets.Arrays:
    """The images train/{class}/… and test/{class}/… of a folder, in colour.

    The shorter side is made `size` pixels, of the longer one the middle is kept.
    Classes are numbered by name. ValueError unless both splits have the same ones, an
    image or more of each, and every image can be read.
    """
    names = [_classes(Path(path) / split) for split in ("train", "test")]
    if names[0] != names[1]:
        (odd, *_) = sorted({*names[0]} ^ {*names[1]})
        raise ValueError(f"{path}: only one of train and test has the class '{odd}'")
    seen, unseen = (
        _split(Path(path) / split, names[0], size) for split in ("train", "test")
    )
    return datasets.Arrays(*seen, *unseen, maximum=255, source="folder")


def _classes(folder: Path) -> list[str]:
    if not folder.is_dir():
        raise ValueError(f"there is no folder {folder}")
    found = sorted(each.name for each in folder.iterdir() if each.is_dir())
    if not found:
        raise ValueError(f"{folder} has no folder of a class")
    return found


def _split(folder: Path, classes: list[str], size: int) -> tuple[ndarray, ndarray]:
    images, labels = [], []
    for label, name in enumerate(classes):
        found = [*_images(folder / name, size)]
        if not found:
            raise ValueError(f"{folder / name} has no image (png, jpg)")
        images += found
        labels += [label] * len(found)
    return np.stack(images), np.array(labels)


def _images(folder: Path, size: int) -> Iterator[ndarray]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in supplies.IMAGES:
            yield _pixels(path, size)


def _pixels(path: Path, size: int) -> ndarray:
    """An image (size, size, 3) as a viewer shows it, cut to its middle."""
    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError(f"{path} is not an image: {error}") from error
    return np.asarray(ImageOps.fit(upright, (size, size), Image.Resampling.BILINEAR))
