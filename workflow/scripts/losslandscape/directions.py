"""Directions in weight space: random, to other solutions, or along a run's own way.

Li et al., section 4: d_ij ← d_ij / ‖d_ij‖ · ‖θ_ij‖ for filter j of layer i. Tensors of
two or more dimensions are normalised, a filter being a slice along the first axis (a
neuron, in a fully connected layer); biases and batch-norm tensors are set to zero
(`ignore: biasbn`) or, as in the official code, to a copy of the weights (`nothing`).

Section 7: for the way of a run, its two principal components; and, for contrast, the
direction to its initial point with a random one.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from losslandscape import trajectory, weights

# The official code's guard against filters that are drawn as zero.
TINY = 1e-10


def span(
    net: nn.Module, origin: Tensor, count: int, choice: Mapping, targets: list[Tensor]
) -> Tensor:
    """The directions (count, n) a config chooses, from the origin (n,).

    `targets` are the weights (n,) they lead to: other solutions, or those of the run's
    own way from its initial point to the origin.
    """
    ((kind, options),) = choice.items()
    if kind == "difference":
        return difference(net, origin, targets, options["of"])
    if kind == "principal":
        return principal(net, targets, **options)[:count]
    if kind == "initial":
        return initial(net, origin, targets[0], options)[:count]
    return drawn(net, origin, count, **options)


def drawn(net: nn.Module, origin: Tensor, count: int, seed: int, **how: str) -> Tensor:
    """Random directions (count, n); see `random` for how they are normalised."""
    generator = torch.Generator("cpu").manual_seed(seed)
    # One by one: torch draws the last numbers of a call in another way.
    draws = [
        torch.randn(len(origin), generator=generator, device="cpu")
        for _ in range(count)
    ]
    return torch.stack([random(net, origin, draw.to(origin), **how) for draw in draws])


def random(
    net: nn.Module, origin: Tensor, drawn: Tensor, normalise: str, ignore: str, of: str
) -> Tensor:
    """A Gaussian draw (n,) as a direction (n,), normalised against the origin (n,)."""
    weight = weights.unflatten(origin, net)
    parts = [
        normalised(part, weight[name], normalise)
        if part.dim() > 1
        else weight[name] * (ignore == "nothing")
        for name, part in weights.unflatten(drawn, net).items()
    ]
    direction = torch.cat([part.flatten() for part in parts])
    return _of(of, net, direction)


def difference(
    net: nn.Module, origin: Tensor, targets: Sequence[Tensor], of: str
) -> Tensor:
    """The directions (count, n) that lead from the origin (n,) to other solutions."""
    return _of(of, net, torch.stack([target - origin for target in targets]))


def initial(net: nn.Module, origin: Tensor, first: Tensor, options: Mapping) -> Tensor:
    """The direction to a run's initial point, and a random one (2, n) (Figure 8).

    What is ignored, biases and batch norm, the random one alone leaves in place, so
    that the initial point is at x = 1. Raises ValueError when it is the origin.
    """
    back = difference(net, origin, [first], options["of"])
    if not back.any():
        raise ValueError("the initial weights of the run are its last ones")
    return torch.cat([back, drawn(net, origin, 1, **options)])


def principal(net: nn.Module, way: Sequence[Tensor], ignore: str, of: str) -> Tensor:
    """The two principal components (2, n) of a run's way (k, n), from its last point.

    Each is as long as the way's largest coordinate on it, so that a grid from −1.2 to
    1.2 holds the way; a coordinate times this length is a Euclidean one.
    """
    matters = [
        torch.full([tensor.numel()], tensor.dim() > 1 or ignore == "nothing")
        for tensor in weights.tensors(net).values()
    ]
    moved = _of(of, net, torch.cat(matters))
    found = trajectory.principal(way, moved)
    reach = found.coordinates.abs().amax(0).to(found.directions)
    return found.directions * reach[:, None]


def normalised(direction: Tensor, weight: Tensor, how: str) -> Tensor:
    """A tensor of a direction, scaled to the norms of the weights it will move."""
    if how == "none":
        return direction
    if how == "weight":
        return direction * weight
    if how == "layer":
        return direction * (weight.norm() / (direction.norm() + TINY))
    scale = filter_norms(weight) / (filter_norms(direction) + TINY)
    return direction * scale.reshape(-1, *[1] * (weight.dim() - 1))


def filter_norms(tensor: Tensor) -> Tensor:
    """The Frobenius norm of each slice along the first axis; of a vector, its own."""
    return tensor.flatten(1).norm(dim=1) if tensor.dim() > 1 else tensor.norm()[None]


def norms(net: nn.Module, origin: Tensor, directions: Tensor) -> list[dict]:
    """The norm of every filter: of the weights, then of each direction.

    One row for a filter; a bias or batch-norm tensor is one row of its own.
    """
    weight = weights.unflatten(origin, net)
    direction = weights.unflatten(directions, net)
    rows = []
    for name, tensor in weight.items():
        columns = torch.stack(
            [filter_norms(part) for part in (tensor, *direction[name])]
        )
        for index, values in enumerate(columns.T.tolist()):
            moved = {f"direction{k}_norm": v for k, v in enumerate(values[1:])}
            rows.append(
                {"tensor": name, "filter": index, "weight_norm": values[0]} | moved
            )
    return rows


def summary(net: nn.Module, directions: Tensor) -> dict:
    """Which tensors the directions leave alone, their norms, and the angle between.

    The angle, in degrees, is None for a single direction.
    """
    parts = weights.unflatten(directions, net)
    summed: dict = {
        "zeroed": [name for name, part in parts.items() if not part.any()],
        "norms": directions.double().norm(dim=1).tolist(),
        "angle": None,
    }
    if len(directions) == 2:
        x, y = directions.double()
        cosine = (x @ y / (x.norm() * y.norm())).clamp(-1, 1)
        summed |= {"angle": torch.rad2deg(cosine.arccos()).item()}
    return summed


def _of(of: str, net: nn.Module, direction: Tensor) -> Tensor:
    """The direction, moving batch-norm statistics only if it is one of states."""
    if of == "weights":
        direction[..., weights.count(net) :] = 0
    return direction
