"""The loss over a line or a plane through a solution (Li et al., eq. 1)."""

import time
from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import checkpoint, losses, progress, weights

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
    See `walk` for what goes to `memory`.

    >>> from losslandscape import grid
    >>> def loss(vector):  # train_loss, train_error, test_loss and test_error
    ...     return vector.square().sum() * torch.tensor([1.0, 0.0, 2.0, 0.0])
    >>> points = grid.points([np.array([-1.0, 0.0, 1.0])])
    >>> origin, span = torch.ones(2), torch.tensor([[1.0, 0.0]])
    >>> found = measure(loss, origin, span, points, checkpoint.Checkpoint(None))
    >>> found["train_loss"].tolist()
    [1.0, 2.0, 5.0]
    """
    places = torch.from_numpy(points).to(origin)
    values = walk(lambda place: loss(origin + place @ span), places, memory)
    columns = values.numpy().reshape(-1, len(losses.MEASURES)).T
    return dict(zip(losses.MEASURES, columns, strict=True))


def at(origin: Tensor, span: Tensor, point: ndarray) -> Tensor:
    """The weights (n,) at the coordinates (k,) of a point."""
    return origin + torch.from_numpy(point).to(origin) @ span


def walk(
    at: Callable[[Tensor], Tensor], places: Tensor, memory: checkpoint.Checkpoint
) -> Tensor:
    """What a function gives at each of some places (points, …), (points, values).

    Every minute, and when told to stop, what is done goes to `memory`, and what is
    there is not done again.
    """
    values = list((memory.load() or {"values": torch.empty(0)})["values"])
    done, kept = len(values), time.monotonic()
    try:
        for place in progress.steps(places[done:], "point", done):
            values.append(at(place).cpu())
            if time.monotonic() - kept > EVERY:
                memory.save({"values": torch.stack(values)})
                kept = time.monotonic()
    except KeyboardInterrupt:
        if values:
            memory.save({"values": torch.stack(values)})
        raise
    return torch.stack(values) if values else torch.empty(0)


def norms(net: nn.Module, origin: Tensor, span: Tensor, points: ndarray) -> ndarray:
    """The Euclidean norm of all learnable weights at each point, (points,)."""
    basis = torch.vstack([origin, span])[:, : weights.count(net)].double()
    mixes = torch.from_numpy(np.insert(points, 0, 1.0, axis=1)).to(basis)
    # By the inner products alone: no point is built a second time.
    squares = ((mixes @ (basis @ basis.T)) * mixes).sum(dim=1)
    return squares.clamp(min=0).sqrt().cpu().numpy()


def regularised(values: Mapping[str, ndarray], decay: float) -> ndarray:
    """The training loss with the L2 term that training adds, ½ · decay · norm²."""
    return values["train_loss"] + 0.5 * decay * values["weight_norm"] ** 2
