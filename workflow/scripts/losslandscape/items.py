"""Somebody's own Dataset class as arrays: each of its items, once."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy import ndarray

from losslandscape import datasets, own, targets

PARTS = "__getitem__", "__len__"  # of a map-style Dataset
COLOURS = 1, 3, 4  # channels by which images are told that have them first


def read(file: str, name: str, options: Mapping[str, Any]) -> datasets.Arrays:
    """The items of a map-style `torch.utils.data.Dataset`; ValueError for others.

    The class, or a function that gives one, is called with `train=True`, with
    `train=False`, and with the options. An item is an input and its target: tensors,
    arrays, PIL images or numbers, all of one shape. Inputs of uint8 that are (h, w),
    (h, w, channels) or (channels, h, w) are images; all others are what a net takes.
    What the items draw at random comes from seed 0.
    """
    source = f"{file}: {name}"
    if own.lacks(file, name, "train"):
        raise ValueError(
            f"{source} has no argument `train`, but a Dataset is called with "
            "train=True and train=False: give it this argument"
        )
    with _drawn():
        seen, unseen = (
            _split(
                own.made(file, name, {"train": is_train, **options}),
                f"{source}, train={is_train}",
                file,
            )
            for is_train in (True, False)
        )
    datasets.require_alike(seen[0], unseen[0], source)
    has_pixels = seen[0].dtype == np.uint8
    maximum = 255 if has_pixels else None
    return datasets.Arrays(*seen, *unseen, maximum=maximum, source=source)


def _split(dataset: Any, name: str, file: str) -> tuple[ndarray, ndarray]:
    """The inputs and the targets (n, …) of a dataset that a file gives."""
    lacking = [f"`{part}`" for part in PARTS if not hasattr(dataset, part)]
    if lacking:
        raise ValueError(
            f"{name} gives a {type(dataset).__name__}, which is no Dataset of items "
            f"with a length: it lacks {' and '.join(lacking)}"
        )
    items = _items(dataset, name, file)
    if not items:
        raise ValueError(f"{name} has no items")
    if any(not isinstance(item, Sequence) or len(item) != 2 for item in items):
        raise ValueError(f"{name}: an item must be an input and its target")
    inputs, found = zip(*items, strict=True)
    return _inputs(_array(inputs, f"{name}: inputs")), _array(found, f"{name}: targets")


def _items(dataset: Any, name: str, file: str) -> list:
    at, found = "__len__", []
    try:
        for number in range(len(dataset)):
            at = f"item {number}"
            found.append(dataset[number])
    except Exception as error:
        own.tell(error, f"{name}, {at}", file)
        raise
    return found


def _array(parts: Sequence, name: str) -> ndarray:
    arrays = [np.asarray(_on_the_host(part)) for part in parts]
    shapes = list(dict.fromkeys(array.shape for array in arrays))
    if len(shapes) > 1:
        raise ValueError(f"{name} are of several shapes, {shapes[0]} and {shapes[1]}")
    found = np.stack(arrays)
    targets.require_numbers(found, name)
    return found


def _on_the_host(part: Any) -> Any:
    """A tensor as an array; all else as it is."""
    return part.detach().cpu().numpy() if hasattr(part, "detach") else part


def _inputs(values: ndarray) -> ndarray:
    """Images (n, h, w, channels) in uint8; other inputs, a number each as (n, 1)."""
    if values.dtype == np.uint8 and values.ndim in (3, 4):
        pixels = values if values.ndim == 4 else values[..., None]
        is_first = pixels.shape[1] in COLOURS and pixels.shape[3] not in COLOURS
        return np.moveaxis(pixels, 1, 3) if is_first else pixels
    return targets.plain(values if values.ndim > 1 else values[:, None])


@contextmanager
def _drawn() -> Iterator[None]:
    """Give all generators that items may draw from a seed, and their states back."""
    import torch

    ours, numpys = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(0)
        random.seed(0)
        np.random.seed(0)
        try:
            yield
        finally:
            random.setstate(ours)
            np.random.set_state(numpys)
