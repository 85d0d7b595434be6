"""The way a run took through weight space: its weights at some epochs, on disk.

And its principal components (Li et al., section 7.2), in which it is drawn.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import checkpoint, store, weights

log = logging.getLogger(__name__)

CHUNK = 2**18  # numbers that are compressed together
COLUMNS = 2**16  # weights at a time in the Gram matrix: 160 MB for 301 epochs

# A way whose second variance is a smaller share of its first is a straight line, but
# for the rounding of float32.
STRAIGHT = 1e-12


class Trajectory(NamedTuple):
    """Epochs (k,), the learning rate in each (k,), the weights after each (k, n)."""

    epoch: ndarray
    lr: ndarray
    weights: Tensor


class Components(NamedTuple):
    """Unit directions (2, n), their shares of the variance (2,), coordinates (k, 2).

    Coordinates are about the last point.
    """

    directions: Tensor
    explained: Tensor
    coordinates: Tensor


def save(
    path: str | Path, series: checkpoint.Series, rates: Sequence[float], net: nn.Module
) -> None:
    """Store a series of weights (n,) in float32, compressed, with the rate of each.

    One vector at a time is in memory.
    """
    epochs = series.indices()
    count = sum(tensor.numel() for tensor in weights.tensors(net).values())
    with h5py.File(path, "w") as file:
        file.attrs.update(tensors=_layout(net), raw_bytes=4 * count * len(epochs))
        file.create_dataset("epoch", data=epochs, track_times=False)
        file.create_dataset("lr", data=np.array(rates, float), track_times=False)
        rows = file.create_dataset(
            "weights",
            (len(epochs), count),
            np.float32,
            chunks=(1, min(count, CHUNK)),
            compression="gzip",
            shuffle=True,
            track_times=False,
        )
        for row, epoch in enumerate(epochs):
            rows[row] = series.load(epoch).numpy()
    size, raw = Path(path).stat().st_size, 4 * count * len(epochs)
    log.info(
        "weights of %d epochs: %.1f MB on disk, %.1f MB without compression",
        *(len(epochs), size / 1e6, raw / 1e6),
    )


def load(path: str | Path, net: nn.Module) -> Trajectory:
    """The way of a file, on the default device.

    Raises ValueError, naming the file, when its weights are not those of the net.
    """
    if store.attributes(path)["tensors"] != _layout(net):
        raise ValueError(f"{path} does not fit the net: it has other tensors")
    found = store.load(path)
    return Trajectory(found["epoch"], found["lr"], torch.as_tensor(found["weights"]))


def principal(points: Sequence[Tensor], moved: Tensor) -> Components:
    """The first two principal components of points (k, n), centred by their mean.

    Only columns in `moved` (n,) count. By the Gram matrix (k, k) in float64, so that
    the answer is one and the same; the first point has no negative coordinate. Raises
    ValueError for points that do not span a plane.
    """
    if len(points) < 3:
        raise ValueError(f"a plane needs three points; {len(points)} were kept")
    gram = sum(part @ part.T for _, part in _centred(points, moved))
    if not gram.isfinite().all():
        raise ValueError("the weights that were kept are not finite")
    variance, along = (found.flip(-1)[..., :2] for found in torch.linalg.eigh(gram))
    if variance[1] <= STRAIGHT * variance[0]:
        raise ValueError("the weights that were kept lie on a line or are one point")
    coordinates = (along - along[-1]) * variance.sqrt()
    sign = torch.where(coordinates[0] < 0, -1.0, 1.0)
    mix = (sign * along / variance.sqrt()).T
    directions = torch.empty(2, len(moved), dtype=points[0].dtype)
    for chosen, part in _centred(points, moved):
        directions[:, chosen] = (mix @ part).to(directions.dtype)
    return Components(directions, variance / gram.trace(), sign * coordinates)


def _centred(points: Sequence[Tensor], moved: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """Some columns after others: which, and (k, columns) in float64 less their mean."""
    for start in range(0, len(moved), COLUMNS):
        chosen = slice(start, start + COLUMNS)
        part = torch.stack([point[chosen] for point in points]).double()
        yield chosen, torch.where(moved[chosen], part - part.mean(0), 0)


def _layout(net: nn.Module) -> str:
    """The names and shapes of the tensors of the vector, in order."""
    named = weights.tensors(net).items()
    return json.dumps([[name, list(tensor.shape)] for name, tensor in named])
