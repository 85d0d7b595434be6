"""What is timed: nets with weights of noise, and images of noise, by a task."""

from typing import NamedTuple

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import data, models, weights

MEAN, STD = (0.49, 0.48, 0.45), (0.25, 0.24, 0.26)

NETS = {
    "ResNet-20": {"resnet": {"depth": 20}},
    "ResNet-32": {"resnet": {"depth": 32}},
    "ResNet-56": {"resnet": {"depth": 56}},
    "VGG-9": {"vgg": {"plan": "vgg9"}},
    "WRN-20-½": {"resnet": {"depth": 20, "width": 0.5}},
    "WRN-20-2": {"resnet": {"depth": 20, "width": 2}},
    "DenseNet": {"densenet": {"blocks": [6, 12, 24, 16], "growth": 32}},
    "ResNet-20-noshort": {"resnet": {"depth": 20, "shortcuts": False}},
}


class Task(NamedTuple):
    """A piece of work: what is done, to which net, with how many images and points."""

    kind: str  # one of `ours.KINDS`
    net: str
    images: int
    points: int = 1
    side: int = 32
    precision: str = "float32"


def pixels(task: Task) -> tuple[ndarray, ndarray]:
    """Images (n, side, side, 3) of bytes, and their classes (n,)."""
    lot = np.random.default_rng(0)
    shape = (task.images, task.side, task.side, 3)
    return lot.integers(0, 256, shape, np.uint8), lot.integers(0, 10, task.images)


def net(task: Task) -> nn.Module:
    """The net, with statistics of batch norm that are those of its images."""
    found = models.build(NETS[task.net], 3, task.side, 10)
    found.train()
    with torch.no_grad():
        for _ in range(5):
            found(seen(task).train.images[:64])
    return found.eval()


def seen(task: Task) -> data.Data:
    """The images as tensors on the device, the test images a fifth of the others."""
    images, labels = map(torch.as_tensor, pixels(task))
    scaled = (images.float() / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    maps = scaled.permute(0, 3, 1, 2).to(torch.get_default_device())
    whole = data.Split(maps, labels.to(maps.device))
    few = data.Split(*(part[: max(1, task.images // 5)] for part in whole[:2]))
    black = (torch.zeros(3) - torch.tensor(MEAN)) / torch.tensor(STD)
    return data.Data(whole, few, black.to(maps.device), 10)


def span(found: nn.Module, count: int) -> Tensor:
    """Small directions of noise (count, n) that move parameters alone."""
    origin = weights.flatten(found)
    lot = torch.Generator("cpu").manual_seed(1)
    noise = torch.randn(count, len(origin), generator=lot, device="cpu").to(origin)
    noise[:, weights.count(found) :] = 0
    return 0.05 * noise * origin.std()


def curve(found: nn.Module) -> Tensor:
    """Two ends of a curve and the bend between them (3, n), near one another."""
    origin, (bend, last) = weights.flatten(found), span(found, 2)
    return torch.stack([origin, origin + 0.3 * bend, origin + 0.3 * last])


def ts(task: Task) -> list[float]:
    """Where a curve is measured, from one of its ends to the other."""
    return np.linspace(0, 1, task.points).tolist()


def places(task: Task) -> list[list[float]]:
    """The coordinates of the points."""
    return [[0.1 * k, 0.3] for k in range(task.points)]
