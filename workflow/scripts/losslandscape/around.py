"""The loss of any net around its weights: the library by itself, without the workflow.

No file, no config, no dataset: a net, and a function of it that gives its loss.
"""

import copy
from collections.abc import Callable

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import directions, grid, losses, surface, weights

Measure = Callable[[nn.Module], Tensor]


def plane(
    net: nn.Module, measure: Measure, seed: int = 0, reach: float = 1, points: int = 21
) -> tuple[ndarray, ndarray, ndarray]:
    """A loss over the plane of two filter-normalised directions (Li et al., eq. 1).

    Gives x (points,), y (points,) and the losses (points, points), row = y. Coordinates
    run from −`reach` to `reach` in multiples of the directions, which `seed` decides;
    of an odd number of points the middle one is the net itself. See `of` for `measure`.
    ValueError for fewer than two points, and for a net without parameters.

    >>> net = nn.Linear(2, 1, bias=False)
    >>> x, y, losses = plane(net, lambda net: net.weight.square().sum(), points=3)
    >>> losses.shape, bool(np.isclose(losses[1, 1], net.weight.square().sum().item()))
    ((3, 3), True)
    """
    (x, y), values = _measured(net, measure, seed, [_axis(reach, points)] * 2)
    return x, y, values.reshape(len(y), len(x))


def line(
    net: nn.Module, measure: Measure, seed: int = 0, reach: float = 1, points: int = 51
) -> tuple[ndarray, ndarray]:
    """A loss along one filter-normalised direction: t (points,), losses (points,).

    The direction is the first one of `plane`, of the same seed.
    """
    (t,), values = _measured(net, measure, seed, [_axis(reach, points)])
    return t, values


def of(net: nn.Module, measure: Measure) -> losses.Loss:
    """A function of a net as one of its flat weight vector (n,); see `weights`.

    `measure` gives a number (shape ()) of the net that it is given, and of no other: it
    is called on a copy in evaluation mode, without gradients. Dropout is off, running
    statistics are those in the vector.
    """
    net = copy.deepcopy(net).eval()

    @torch.no_grad()
    def loss(vector: Tensor) -> Tensor:
        weights.assign(vector, net)
        return measure(net)

    return loss


def span(net: nn.Module, seed: int, count: int) -> Tensor:
    """Random directions (count, n) from a net's weights, on its device.

    Each filter has the norm that it has in the weights (Li et al., section 4); biases,
    batch norm and its statistics, and what is frozen, stay where they are. They are of
    float32 where the net is of less.

    >>> net = nn.Linear(3, 2)
    >>> moved = weights.unflatten(span(net, seed=0, count=1)[0], net)
    >>> bool(torch.allclose(moved["weight"].norm(dim=1), net.weight.norm(dim=1)))
    True
    >>> bool(moved["bias"].any())
    False
    """
    if not weights.count(net):
        raise ValueError(f"{type(net).__name__} has no parameters to move")
    origin = _state(net)
    how = {"normalise": "filter", "ignore": "biasbn", "of": "weights"}
    frozen = {name for name, part in net.named_parameters() if not part.requires_grad}
    named = weights.named(origin, net)
    start = directions.Start(named, weights.buffers(net), frozen)
    drawn = directions.drawn(start, count, seed, **how)
    return weights.joined(drawn, net).to(origin)


def _state(net: nn.Module) -> Tensor:
    """The weights (n,) of a net, which NumPy has no type for below float32."""
    vector = weights.flatten(net)
    return vector.to(torch.promote_types(vector.dtype, torch.float32))


def _axis(reach: float, points: int) -> ndarray:
    if points < 2:
        raise ValueError(f"an axis has two points or more, not {points}")
    return grid.axis({"from": -reach, "to": reach, "points": points})


def _measured(
    net: nn.Module, measure: Measure, seed: int, axes: list[ndarray]
) -> tuple[list[ndarray], ndarray]:
    """The axes, and the values (cells,) of the grid on them."""
    directed, origin = span(net, seed, len(axes)), _state(net)
    loss = of(net, measure)
    places = (surface.at(origin, directed, point) for point in grid.points(axes))
    return axes, np.array([float(loss(place)) for place in places])
