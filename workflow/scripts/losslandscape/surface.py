"""The loss over a line or a plane through a solution (Li et al., eq. 1)."""

import time

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from losslandscape import checkpoint, losses, progress

EVERY = 60  # seconds between two states that are kept


def measure(
    loss: losses.Loss,
    origin: Tensor,
    span: Tensor,
    points: ndarray,
    memory: checkpoint.Checkpoint,
) -> dict[str, ndarray]:
    """The measures at origin + Σ point_k · span_k, each (points,).

    `origin` (n,) and `span` (k, n) are flat weight vectors, `points` (points, k) are
    coordinates. Each point is computed alone: no value depends on the other points.
    Every minute what is done goes to `memory`, and what is there is not done again.
    """
    place = torch.from_numpy(points).to(origin)
    values = list((memory.load() or {"values": torch.empty(0)})["values"])
    done, kept = len(values), time.monotonic()
    for coordinates in progress.steps(place[done:], "point", done):
        values.append(loss(origin + coordinates @ span).cpu())
        if time.monotonic() - kept > EVERY:
            memory.save({"values": torch.stack(values)})
            kept = time.monotonic()
    columns = np.array([value.numpy() for value in values])
    columns = columns.reshape(-1, len(losses.MEASURES)).T
    return dict(zip(losses.MEASURES, columns, strict=True))
