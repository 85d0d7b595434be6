"""Datasets as tensors on a device: subsets, batches, and augmentation right there."""

from pathlib import Path
from typing import NamedTuple

import h5py
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from losslandscape import store


class Split(NamedTuple):
    """Normalised images (n, channels, height, width) and their classes (n,)."""

    images: Tensor
    labels: Tensor


class Data(NamedTuple):
    """A dataset; `black` (channels,) is the normalised value of a zero pixel."""

    train: Split
    test: Split
    black: Tensor
    classes: int


def load(path: str | Path) -> Data:
    """A stored dataset as float32 on the default device, in channels-last memory.

    ValueError when the file is damaged, or not a dataset.
    """
    try:
        with h5py.File(path) as file:
            black = _normalised(torch.zeros(1, 1, 1, len(file.attrs["mean"])), file)
            return Data(
                train=_split(file, "train"),
                test=_split(file, "test"),
                black=black.flatten(),
                classes=int(file.attrs["classes"]),
            )
    except store.DAMAGE as error:
        raise ValueError(
            f"{path} is not a whole dataset ({error}): {store.REMEDY}"
        ) from error


def _split(file: h5py.File, name: str) -> Split:
    device = torch.get_default_device()
    images = torch.as_tensor(file[name]["images"][:], device=device)
    labels = torch.as_tensor(file[name]["labels"][:], device=device)
    return Split(_normalised(images, file), labels)


def _normalised(images: Tensor, file: h5py.File) -> Tensor:
    mean, std = (
        torch.tensor(file.attrs[name], dtype=torch.float32, device=images.device)
        for name in ("mean", "std")
    )
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

    ValueError for images that are not square.
    """
    channels, height, width = loaded.train.images.shape[1:]
    if height != width:
        raise ValueError(f"images are {height}×{width} pixels, but nets need squares")
    return {"channels": channels, "size": width, "classes": loaded.classes}


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

    Seats go to classes as by Sainte-Laguë, to images by lot; a smaller subset of the
    same seed is part of a larger one.
    """
    total = len(split.labels)
    if not 0 < size <= total:
        raise ValueError(f"a subset of {size} images was asked of {total}")
    lot = torch.Generator("cpu").manual_seed(seed)
    order = torch.randperm(total, generator=lot, device="cpu")
    labels = split.labels.cpu()[order]
    # The k-th image drawn of a class of n stands at (k - 1/2) / n.
    place = one_hot(labels).cumsum(0).gather(1, labels[:, None])[:, 0] - 0.5
    share = place.double() / labels.bincount()[labels]
    chosen = order[share.argsort(stable=True)[:size]].sort().values
    chosen = chosen.to(split.labels.device)
    return Split(split.images[chosen], split.labels[chosen])


def batches(split: Split, size: int) -> list[Split]:
    """A split in pieces, in order and without copying; the last may be smaller."""
    pieces = zip(split.images.split(size), split.labels.split(size), strict=True)
    return [Split(images, labels) for images, labels in pieces]


def portions(rows: Tensor, size: int) -> list[Tensor]:
    """Batches for batch norm: consecutive, the last one kept, but none of one row.

    A last batch of one, which has no variance, joins the batch before.
    """
    pieces = list(rows.split(size))
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        pieces[-2:] = [torch.cat(pieces[-2:])]
    return pieces


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
