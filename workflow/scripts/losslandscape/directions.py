"""Directions in weight space: random and normalised, or from one solution to another.

Li et al., section 4: d_ij ← d_ij / ‖d_ij‖ · ‖θ_ij‖ for filter j of layer i. Tensors of
two or more dimensions are normalised, a filter being a slice along the first axis (a
neuron, in a fully connected layer); biases and batch-norm tensors are set to zero
(`ignore: biasbn`) or, as in the official code, to a copy of the weights (`nothing`).
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from losslandscape import weights

# The official code's guard against filters that are drawn as zero.
TINY = 1e-10


def span(
    net: nn.Module, origin: Tensor, count: int, choice: Mapping, targets: list[Tensor]
) -> Tensor:
    """The directions (count, n) a config chooses, from the origin (n,)."""
    ((kind, options),) = choice.items()
    if kind == "difference":
        return difference(net, origin, targets, options["of"])
    generator = torch.Generator("cpu").manual_seed(options["seed"])
    # One by one: torch draws the last numbers of a call in another way.
    drawn = [
        torch.randn(len(origin), generator=generator, device="cpu")
        for _ in range(count)
    ]
    how = {key: options[key] for key in ("normalise", "ignore", "of")}
    return torch.stack([random(net, origin, draw.to(origin), **how) for draw in drawn])


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
