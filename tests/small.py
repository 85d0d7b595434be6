"""A net and data so small that every answer can be got another way, in float64."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from losslandscape import checkpoint, data, directions, weights


def numbers(*shape: int, seed: int = 0) -> Tensor:
    """Standard normal numbers in float64, that no generator of torch decides."""
    return torch.as_tensor(np.random.default_rng(seed).normal(size=shape))


def net(seed: int = 0) -> nn.Module:
    """A net of 138 weights and 14 statistics, none of them a nought or a one."""
    net = nn.Sequential(
        nn.Conv2d(2, 3, 3),
        nn.BatchNorm2d(3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(12, 4),
        nn.BatchNorm1d(4),
        nn.ReLU(),
        nn.Linear(4, 3),
    )
    weights.assign(numbers(152, seed=seed), net.double().eval())
    for norm in (net[1], net[5]):
        norm.running_var.abs_().add_(0.5)
    return net


def chain(seed: int = 0) -> nn.Module:
    """A net of 89 weights in three layers of ReLU, without batch norm."""
    net = nn.Sequential(
        nn.Conv2d(2, 2, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(8, 4),
        nn.ReLU(),
        nn.Linear(4, 3),
    )
    net.double().eval()
    weights.assign(numbers(weights.count(net), seed=seed), net)
    return net


def split(number: int, seed: int = 0) -> data.Split:
    """Images of noise, two channels of 4x4 pixels, in three classes."""
    labels = np.random.default_rng(seed).integers(0, 3, number)
    return data.Split(numbers(number, 2, 4, 4, seed=seed), torch.as_tensor(labels))


def seen(train: int = 30, test: int = 20) -> data.Data:
    """A dataset of such images."""
    return data.Data(split(train, 1), split(test, 2), torch.zeros(2), 3)


def series(folder: Path, count: int = 3) -> checkpoint.Series:
    """A series of weights of noise for every fifth epoch."""
    found = checkpoint.Series(folder)
    for row in range(count):
        found.add(5 * row, numbers(152, seed=row).float())
    return found


def span(
    net: nn.Module, origin: Tensor, count: int, choice: dict, targets: Tensor = ()
) -> Tensor:
    """The directions (count, n) of a choice; `targets` are solutions, or a way."""
    way = weights.named(torch.stack(list(targets)), net) if len(targets) else {}
    ends = [weights.named(target, net) for target in targets]
    start = directions.Start(weights.named(origin, net), weights.buffers(net))
    leads = directions.Leads(ends, way, {})
    return weights.joined(directions.span(start, count, choice, leads), net)


def classified(net: nn.Module, split: data.Split) -> list[float]:
    """Mean loss and error (%) of a net as it stands, image by image, in numpy."""
    losses, wrong = [], []
    for image, label in zip(split.images, split.labels.tolist(), strict=True):
        logits = net(image[None])[0].detach().cpu().numpy()
        losses.append(np.log(np.exp(logits).sum()) - logits[label])
        wrong.append(logits.argmax() != label)
    return [np.mean(losses), 100 * np.mean(wrong)]
