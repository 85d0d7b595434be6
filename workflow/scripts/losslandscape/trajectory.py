"""The way a run took through weight space: its weights at some epochs, on disk."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import checkpoint, store, weights

log = logging.getLogger(__name__)

CHUNK = 2**18  # numbers that are compressed together


class Trajectory(NamedTuple):
    """Epochs (k,), the learning rate in each (k,), the weights after each (k, n)."""

    epoch: ndarray
    lr: ndarray
    weights: Tensor


def save(
    path: str | Path, series: checkpoint.Series, rates: Sequence[float], net: nn.Module
) -> None:
    """Store a series of weights (n,) in float32, compressed, with the rate of each.

    One vector at a time is in memory.
    """
    epochs = series.indices()
    count = sum(weights.sizes(net).values())
    with store.written(path) as file:
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


def after(path: str | Path, epoch: int, net: nn.Module) -> Tensor:
    """The weights (n,) of a file after an epoch; ValueError if it has none of it."""
    kept = load(path, net)
    if epoch not in kept.epoch:
        raise ValueError(f"{path} has no weights of epoch {epoch}")
    return kept.weights[list(kept.epoch).index(epoch)]


def _layout(net: nn.Module) -> str:
    """The names and shapes of the tensors of the vector, in order.

    Those of complex numbers, of which the vector has two each, have a word more.
    """
    return json.dumps(
        [
            [name, list(tensor.shape), *["complex"] * tensor.is_complex()]
            for name, tensor in weights.tensors(net).items()
        ]
    )
