"""Nets of every kind of tensor with other weights, by hand."""

import copy

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from losslandscape import (
    data,
    directions,
    weights,
)

HOW = {"seed": 3, "normalise": "filter", "ignore": "biasbn", "of": "weights"}


def parts(vector: torch.Tensor, net: nn.Module) -> dict[str, torch.Tensor]:
    """The numbers of a vector that each tensor has."""
    sizes = weights.sizes(net)
    return dict(zip(sizes, vector.split(list(sizes.values())), strict=True))


def single(split: data.Split) -> data.Split:
    """Images in single precision."""
    return split._replace(images=split.images.float())


def span(net: nn.Module, count: int = 1, **how) -> torch.Tensor:
    """Random directions (count, n) of a net."""
    origin = weights.named(weights.flatten(net), net)
    still = weights.buffers(net), weights.frozen(net)
    found = directions.drawn(directions.Start(origin, *still), count, **HOW | how)
    return weights.joined(found, net)


def moved(net: nn.Module, vector: torch.Tensor) -> nn.Module:
    """The net with other weights, put into it one by one."""
    net = copy.deepcopy(net)
    state = weights.unflatten(vector, net)
    with torch.no_grad():
        for name, tensor in (*net.named_parameters(), *net.named_buffers()):
            if name in state:
                tensor.copy_(state[name])
    return net


def mean_loss(net: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    """The mean cross-entropy, one image after another."""
    with torch.no_grad():
        found = [
            cross_entropy(net(one[None]).double(), label[None])
            for one, label in zip(images, labels, strict=True)
        ]
    return torch.stack(found).mean().item()
