"""Datasets as tensors on a device: subsets, batches, and augmentation right there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import h5py
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from losslandscape import store, tasks

# The task of a dataset whose file tells of none.
CLASSIFICATION = '{"classification": {}}'


class Split(NamedTuple):
    """Inputs and targets of a task.

    Normalised images (n, channels, height, width) and their classes (n,), as a rule;
    inputs may be any floats or integers (n, …), targets what the task asks for.
    """

    images: Tensor
    labels: Tensor
    task: tasks.Task = tasks.CLASSIFICATION


class Data(NamedTuple):
    """A dataset; `black` (channels,) is the normalised value of a zero pixel.

    `classes` is how many outputs its task needs of a net.
    """

    train: Split
    test: Split
    black: Tensor
    classes: int


def load(path: str | Path) -> Data:
    """A stored dataset on the default device, images in channels-last memory.

    Inputs are float32, or int64 as words are. ValueError when the file is damaged, or
    not a dataset; and when its task is a user's, who has edited it since.
    """
    try:
        with h5py.File(path) as file:
            choice = json.loads(file.attrs.get("task", CLASSIFICATION))
            splits = [_tensors(file, name) for name in ("train", "test")]
            black, classes = _black(file, splits[0][0]), int(file.attrs["classes"])
    except store.DAMAGE as error:
        raise ValueError(
            f"{path} is not a whole dataset ({error}): {store.REMEDY}"
        ) from error
    task = tasks.of(choice)
    train, test = (Split(*tensors, task) for tensors in splits)
    return Data(train, test, black, classes)


def _tensors(file: h5py.File, name: str) -> tuple[Tensor, Tensor]:
    device = torch.get_default_device()
    images = torch.as_tensor(file[name]["images"][:], device=device)
    labels = torch.as_tensor(file[name]["labels"][:], device=device)
    return (_normalised if _has_pixels(file) else _as_they_are)(images, file), labels


def _has_pixels(file: h5py.File) -> bool:
    """Whether inputs are images (n, height, width, channels), not what a net takes."""
    return "maximum" in file.attrs


def _black(file: h5py.File, images: Tensor) -> Tensor:
    if _has_pixels(file):
        black = torch.zeros(1, 1, 1, len(file.attrs["mean"]))
        return _normalised(black, file).flatten()
    channels = images.shape[1] if images.dim() > 1 else 1
    return _as_they_are(torch.zeros(1, channels), file).flatten()


def _as_they_are(values: Tensor, file: h5py.File) -> Tensor:
    """Inputs (n, channels, …) as float32, by the mean and std of channels if told."""
    if not values.is_floating_point():
        return values
    values = values.to(torch.float32)
    if len(file.attrs["mean"]):
        shape = 1, -1, *[1] * (values.dim() - 2)
        mean, std = (_told(file, name, values).view(shape) for name in ("mean", "std"))
        values = (values - mean) / std
    is_image = values.dim() == 4
    layout = torch.channels_last if is_image else torch.contiguous_format
    return values.contiguous(memory_format=layout)


def _told(file: h5py.File, name: str, like: Tensor) -> Tensor:
    return torch.tensor(file.attrs[name], dtype=torch.float32, device=like.device)


def _normalised(images: Tensor, file: h5py.File) -> Tensor:
    mean, std = (_told(file, name, images) for name in ("mean", "std"))
    # In place: a hundred thousand images as float32 take a gigabyte.
    scaled = images.to(torch.float32).div_(int(file.attrs["maximum"]))
    return (
        scaled.sub_(mean)
        .div_(std)
        .permute(0, 3, 1, 2)
        .contiguous(memory_format=torch.channels_last)
    )


def shape(loaded: Data) -> dict[str, int]:
    """What a net must know of a dataset: its channels, its images' side, its classes.

    Channels and side are 0 where inputs are not square images: see `models.build`.
    """
    images = loaded.train.images
    is_square = images.dim() == 4 and images.shape[2] == images.shape[3]
    channels, side = images.shape[1:3] if is_square else (0, 0)
    return {"channels": channels, "size": side, "classes": loaded.classes}


def reduced(loaded: Data, train: int | str, test: int | str, seed: int) -> Data:
    """A dataset of so many images of each split, or "all" of them; see `subset`."""
    parts = {
        name: subset(getattr(loaded, name), size, seed)
        for name, size in (("train", train), ("test", test))
        if size != "all"
    }
    return loaded._replace(**parts)


def subset(split: Split, size: int, seed: int) -> Split:
    """Some images of a split, each class in its share, in their order in the split.

    Seats go to classes as by Sainte-Laguë, to images by lot; without classes lot alone
    decides. A smaller subset of the same seed is part of a larger one.
    """
    total = len(split.labels)
    if not 0 < size <= total:
        raise ValueError(f"a subset of {size} images was asked of {total}")
    lot = torch.Generator("cpu").manual_seed(seed)
    order = torch.randperm(total, generator=lot, device="cpu")
    if tasks.of_classes(split.task, split.labels):
        order = order[_shares(split.labels.cpu()[order]).argsort(stable=True)]
    chosen = order[:size].sort().values.to(split.labels.device)
    return split._replace(images=split.images[chosen], labels=split.labels[chosen])


def _shares(labels: Tensor) -> Tensor:
    """The share of its class that is drawn with each image, in the order of a lot."""
    # The k-th image drawn of a class of n stands at (k - 1/2) / n.
    place = one_hot(labels).cumsum(0).gather(1, labels[:, None])[:, 0] - 0.5
    return place.double() / labels.bincount()[labels]


def exact(images: Tensor) -> Tensor:
    """Inputs in float64; words stay."""
    return images.double() if images.is_floating_point() else images


def batches(split: Split, size: int) -> list[Split]:
    """A split in pieces, in order and without copying; the last may be smaller."""
    pieces = zip(split.images.split(size), split.labels.split(size), strict=True)
    return [Split(images, labels, split.task) for images, labels in pieces]


def portions(rows: Tensor, size: int) -> list[Tensor]:
    """Batches for batch norm: consecutive, the last one kept, but none of one row.

    A last batch of one, which has no variance, joins the batch before.
    """
    pieces = list(rows.split(size))
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        pieces[-2:] = [torch.cat(pieces[-2:])]
    return pieces


def require_movable(split: Split, pad: int, flip: bool) -> None:
    """Raise ValueError where an augmentation is asked of what it cannot be done to."""
    if not pad and not flip:
        return
    if split.images.dim() != 4:
        shape = tuple(split.images.shape[1:])
        raise ValueError(f"only images can be augmented, but inputs are {shape} each")
    if split.labels.dim() > 2:
        raise ValueError("images with a target for each pixel cannot be augmented")


def augmented(
    images: Tensor, how: Mapping, black: Tensor, generator: torch.Generator
) -> Tensor:
    """Images as `crop_and_flip` makes them, and other inputs as they are."""
    if images.dim() != 4:
        return images
    return crop_and_flip(images, **how, black=black, generator=generator)


def crop_and_flip(
    images: Tensor,
    pad: int,
    black: Tensor,
    generator: torch.Generator,
    flip: bool,
) -> Tensor:
    """Images (n, c, h, w) shifted at random in a black margin, half of them mirrored.

    What both papers train on: pad with zeros (here `black`, as images are normalised
    already), crop at random, mirror with probability 1/2 unless `flip` is off.
    """
    number, _, height, width = images.shape
    canvas = black.to(images).repeat(number, height + 2 * pad, width + 2 * pad, 1)
    canvas[:, pad : pad + height, pad : pad + width] = images.permute(0, 2, 3, 1)

    def drawn(choices: int) -> Tensor:
        lot = torch.randint(
            choices, (number, 1, 1), generator=generator, device=generator.device
        )
        return lot.to(images.device)

    row = torch.arange(height, device=images.device)[:, None] + drawn(2 * pad + 1)
    column = torch.arange(width, device=images.device).expand(number, 1, width)
    if flip:
        column = torch.where(drawn(2) == 1, column.flip(2), column)
    column = column + drawn(2 * pad + 1)
    image = torch.arange(number, device=images.device)[:, None, None]
    pixel = (image * canvas.shape[1] + row) * canvas.shape[2] + column
    # One gather over a flat list of pixels; the result is channels-last in memory.
    gathered = canvas.flatten(0, 2).index_select(0, pixel.flatten())
    return gathered.unflatten(0, pixel.shape).permute(0, 3, 1, 2)
