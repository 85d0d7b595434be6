"""Several lines or planes measured as one: one job, one memory, one proof.

They start from the same net, or from nets of the same function.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import centre, checkpoint, directions, losses, surface, weights


class Part(NamedTuple):
    """A line or a plane: the weights (n,) it starts from, its directions (d, n)."""

    origin: Tensor
    span: Tensor


def drawn(net: nn.Module, origin: Tensor, count: int, how: Mapping) -> Tensor:
    """Random directions (count, n) from the origin (n,); see `directions.drawn`."""
    start = directions.Start(
        weights.named(origin, net), weights.buffers(net), weights.frozen(net)
    )
    found = directions.drawn(start, count, **how)
    return weights.joined(found, net)


def measure(
    loss: losses.Loss,
    parts: Sequence[Part],
    points: ndarray,
    expected: Sequence[float],
    memory: checkpoint.Checkpoint,
) -> dict[str, ndarray]:
    """The measures (parts, cells) at the same points (cells, d) of every part.

    To the bit what each part measured alone would have. Raises ArithmeticError when a
    part's measures at its origin are not those `expected` of all.
    """

    def at(place: Tensor) -> Tensor:
        origin, span = parts[int(place[0])]
        return loss(origin + place[1:].to(origin) @ span)

    numbers = np.repeat(np.arange(len(parts)), len(points))
    tiled = np.tile(points, (len(parts), 1))
    rows = np.column_stack([numbers, tiled])
    # A walk over (part, coordinates) itself: nothing is as large as all directions.
    zero, one = torch.zeros(rows.shape[1]).double(), torch.eye(rows.shape[1]).double()
    values = surface.measure(at, zero, one, rows, memory)
    centre.require_cell(values, tiled, expected, "one of several parts")
    return {name: column.reshape(len(parts), -1) for name, column in values.items()}
