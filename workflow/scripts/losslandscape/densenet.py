"""The DenseNet-121 of Li et al., in its CIFAR form (figures 4 and 7)."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn, relu_

from losslandscape import initialisation


class DenseNet(nn.Module):
    """Dense blocks, where each layer sees the outputs of all the layers before it.

    Modules are named as in the authors' released nets, whose weights therefore fit.
    """

    def __init__(
        self,
        *,
        growth: int = 32,
        blocks: Sequence[int] = (6, 12, 24, 16),
        channels: int,
        size: int,
        classes: int,
    ) -> None:
        """Build it with so many layers a block, each adding `growth` channels.

        Channels and side are halved between blocks; a side of one pixel stays.
        """
        super().__init__()
        width = 2 * growth
        self.conv1 = nn.Conv2d(channels, width, 3, padding=1, bias=False)
        for number, layers in enumerate(blocks, start=1):
            self.add_module(f"dense{number}", dense(layers, width, growth))
            width += layers * growth
            if number < len(blocks):
                self.add_module(f"trans{number}", Transition(width, pooled=size > 1))
                width, size = width // 2, size // 2
        self.bn = nn.BatchNorm2d(width)
        self.linear = nn.Linear(width, classes)
        initialisation.li(self)

    def forward(self, images: Tensor) -> Tensor:
        """The logits (n, classes) of images (n, channels, size, size)."""
        *body, bn, linear = self.children()
        x = images
        for part in body:
            x = part(x)
        return linear(relu_(bn(x)).mean((2, 3)))


class Layer(nn.Module):
    """A bottleneck of 4 `growth` channels, then `growth` new ones before the old."""

    def __init__(self, inputs: int, growth: int) -> None:
        """Build it without biases."""
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, 4 * growth, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """New and old channels, in this order."""
        y = self.conv1(relu_(self.bn1(x)))
        return torch.cat([self.conv2(relu_(self.bn2(y))), x], dim=1)


class Transition(nn.Module):
    """Half the channels and, if `pooled`, half the side."""

    def __init__(self, inputs: int, pooled: bool) -> None:
        """Build it without biases."""
        super().__init__()
        self.bn = nn.BatchNorm2d(inputs)
        self.conv = nn.Conv2d(inputs, inputs // 2, 1, bias=False)
        self.pool = nn.AvgPool2d(2) if pooled else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """The thinner, smaller maps."""
        return self.pool(self.conv(relu_(self.bn(x))))


def dense(layers: int, inputs: int, growth: int) -> nn.Sequential:
    """A dense block: each layer is wider by what the one before has added."""
    return nn.Sequential(*(Layer(inputs + i * growth, growth) for i in range(layers)))
