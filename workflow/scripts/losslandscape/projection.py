"""A run's way seen from a plane: where its shadow falls, and how far off it is.

The loss in a plane is not the loss on a way outside of it: what was true at each epoch
stands beside what the plane has under it.
"""

from collections.abc import Mapping

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import checkpoint, losses, surface, trajectory, weights


def path(
    net: nn.Module,
    way: trajectory.Trajectory,
    origin: Tensor,
    span: Tensor,
    end: Tensor,
) -> dict[str, ndarray]:
    """A run's way over the plane of two directions (2, n) through an origin (n,).

    For each epoch (k,): `epoch` and `lr`; the coordinates `x` and `y` of the nearest
    point of the plane, in multiples of the directions; the `distance` to it and the
    `length` from the origin. For each direction (2,): its `norms`, and the share of
    the way's variance that it has `explained`.

    Lengths are Euclidean, over all parameters, and over batch-norm statistics where the
    plane moves them. Shares are of the variance in the tensors that the plane moves:
    for principal components, those of the PCA itself. Raises ValueError for a way that
    does not end at the run's weights `end` (n,).
    """
    compared = _compared(net, span)
    found = project(way.weights, origin, span, compared)
    if (way.weights[-1] - end)[compared].norm() > 0:
        raise ValueError("the last weights that were kept are not those of the run")
    shares = explained(way.weights, span, _moved(net, span))
    norms = span.double().norm(dim=1)
    ends = {"norms": norms.cpu().numpy(), "explained": shares.cpu().numpy()}
    return {"epoch": way.epoch, "lr": way.lr} | found | ends


def project(
    points: Tensor, origin: Tensor, span: Tensor, compared: Tensor
) -> dict[str, ndarray]:
    """Points (k, n) on a plane by least squares: `x`, `y`, `distance`, `length` (k,).

    Directions (2, n) need not be orthogonal. Only numbers in `compared` (n,) count.

    >>> points = torch.tensor([[2.0, 3.0, 4.0]])
    >>> span = torch.tensor([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    >>> found = project(points, torch.zeros(3), span, torch.ones(3, dtype=torch.bool))
    >>> {name: value.tolist() for name, value in found.items() if name != "length"}
    {'x': [2.0], 'y': [1.5], 'distance': [4.0]}
    """
    norms = span.double().norm(dim=1)
    units = span.double() / norms[:, None]
    cosine = units[0] @ units[1]
    rows = []
    for point in points:
        offset = torch.where(compared, point.double() - origin.double(), 0)
        along = units @ offset
        # The inverse of the Gram matrix of two unit vectors.
        along = (along - cosine * along.flip(0)) / (1 - cosine**2)
        distance = (offset - along @ units).norm()
        rows.append(torch.stack([*(along / norms), distance, offset.norm()]))
    columns = torch.stack(rows).T.cpu().numpy()
    return dict(zip(("x", "y", "distance", "length"), columns, strict=True))


def explained(points: Tensor, span: Tensor, moved: Tensor) -> Tensor:
    """The shares (2,) of the variance of points (k, n) along each of two directions.

    Only numbers in `moved` (n,) count. Shares of directions that are not orthogonal
    have no meaningful sum.
    """
    units = span.double() / span.double().norm(dim=1, keepdim=True)
    mean = sum(point.double() for point in points) / len(points)
    total = torch.zeros([], dtype=torch.float64)
    along = torch.zeros(2, dtype=torch.float64)
    for point in points:
        centred = torch.where(moved, point.double() - mean, 0)
        total += centred @ centred
        along += (units @ centred) ** 2
    return along / total


def under(loss: losses.Loss, origin: Tensor, span: Tensor) -> losses.Loss:
    """The loss of a plane as a function of coordinates (2,) in it."""
    return lambda point: loss(origin + point.to(origin) @ span)


def measures(
    true: losses.Loss,
    plane: losses.Loss,
    way: Tensor,
    shadow: Mapping[str, ndarray],
    memory: checkpoint.Checkpoint,
) -> dict[str, ndarray]:
    """The measures of weights (k, n), and of a plane at their shadow's `x` and `y`.

    The former by their names, the latter by `plane_` and the name, each (k,).
    """
    count = len(way)
    points = torch.as_tensor(np.column_stack([shadow["x"], shadow["y"]]))

    # Both are one walk along the numbers, so that one memory serves them.
    def measure(number: Tensor) -> Tensor:
        index = int(number)
        return true(way[index]) if index < count else plane(points[index - count])

    zero = torch.zeros(1, dtype=torch.float64)
    one = torch.ones(1, 1, dtype=torch.float64)
    numbers = np.arange(2.0 * count)[:, None]
    values = surface.measure(measure, zero, one, numbers, memory)
    return {name: values[name][:count] for name in values} | {
        f"plane_{name}": values[name][count:] for name in values
    }


def _compared(net: nn.Module, span: Tensor) -> Tensor:
    """Which numbers (n,) a distance is of: parameters, and statistics that move."""
    learnable = weights.count(net)
    compared = torch.arange(span.shape[1]) < learnable
    return compared | span[:, learnable:].any()


def _moved(net: nn.Module, span: Tensor) -> Tensor:
    """Which numbers (n,) belong to tensors that a plane moves."""
    parts, sizes = weights.unflatten(span, net), weights.sizes(net)
    return torch.cat([part.any().expand(sizes[name]) for name, part in parts.items()])
