"""The loss over a line or a plane through a solution (Li et al., eq. 1)."""

import json
import time
from collections.abc import Mapping

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import batchnorm, centre, checkpoint, data, losses, progress

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


def require_trained(
    terms: Mapping, plane: Mapping, trained_on: Mapping, history: Mapping[str, ndarray]
) -> None:
    """Raise ArithmeticError unless the centre has what training measured at its end.

    Where images or batch-norm statistics are others there is nothing to compare.
    """
    if plane["images"] == trained_on and plane["batchnorm"] != "re-estimated":
        last = [history[name][-1] for name in losses.MEASURES]
        centre.require(terms["centre"], last, "the trained weights")


def landscape(
    net: nn.Module, seen: data.Data, origin: Tensor, plane: Mapping
) -> tuple[losses.Loss, dict]:
    """The four measures as a function of the weights, and the terms they stand on.

    Raises ArithmeticError when at the origin (n,) the engine and an ordinary pass over
    the data disagree.
    """
    loss = engine(net, seen, plane["batchnorm"])
    itself = at_centre(loss, net, seen, origin, plane["batchnorm"])
    return loss, terms(plane, seen) | {"centre": itself}


def engine(net: nn.Module, seen: data.Data, policy: str) -> losses.Loss:
    """The four measures as a function of the weights, batch norm as the policy says."""
    measures = losses.measures(net, seen.train, seen.test)
    statistics = batchnorm.statistics(policy, net, seen.train)
    return lambda vector: measures(statistics(vector))


def at_centre(
    loss: losses.Loss, net: nn.Module, seen: data.Data, origin: Tensor, policy: str
) -> list[float]:
    """The measures of the net itself, by an ordinary pass over the data.

    Raises ArithmeticError when the engine says otherwise of the same weights.
    """
    with torch.no_grad():
        weights_there = batchnorm.statistics(policy, net, seen.train)(origin)
    expected = losses.plain(net, weights_there, seen)
    centre.require(loss(origin).tolist(), expected, "the engine")
    return expected


def terms(plane: Mapping, seen: data.Data) -> dict:
    """What decides the numbers of a landscape, to be stored with them."""
    return {
        "batchnorm": plane["batchnorm"],
        "directions": json.dumps(plane["directions"], sort_keys=True),
        "images": json.dumps(plane["images"], sort_keys=True),
        "loss": "mean cross-entropy without weight decay, no augmentation; errors in %",
        "precision": str(seen.train.images.dtype).removeprefix("torch."),
        "test_images": len(seen.test.labels),
        "train_images": len(seen.train.labels),
    }
