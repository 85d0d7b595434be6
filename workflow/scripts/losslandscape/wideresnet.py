"""The WideResNet-28-10 of Garipov et al., a pre-activation net.

Their code differs from Zagoruyko and Komodakis in three ways, all kept: convolutions
have biases, a block's stride is on its second one, and the last batch norm follows the
latest batches (momentum 0.9). Nor is it the Wide-ResNet-56 of Li et al., see `resnet`.
"""

from torch import Tensor, nn, relu_

from losslandscape import initialisation


class WideResNet(nn.Module):
    """A stem 16 channels wide and three stages, 16, 32 and 64 times `width`."""

    def __init__(
        self,
        *,
        depth: int = 28,
        width: int = 10,
        channels: int,
        size: int,
        classes: int,
    ) -> None:
        """Build it `depth` = 6n + 4 layers deep; `size` is free, the last pool global.

        Another depth is a ValueError. Weights are drawn as by the PyTorch of the time.
        """
        super().__init__()
        blocks, rest = divmod(depth - 4, 6)
        if rest or blocks < 1:
            raise ValueError(f"a WideResNet is 6n + 4 layers deep, not {depth}")
        narrow, middle, wide = 16 * width, 32 * width, 64 * width
        self.conv1 = nn.Conv2d(channels, 16, 3, padding=1)
        self.layer1 = stage(blocks, 16, narrow, 1)
        self.layer2 = stage(blocks, narrow, middle, 2)
        self.layer3 = stage(blocks, middle, wide, 2)
        self.bn1 = nn.BatchNorm2d(wide, momentum=0.9)
        self.linear = nn.Linear(wide, classes)
        initialisation.uniform_gains(self)

    def forward(self, images: Tensor) -> Tensor:
        """The logits (n, classes) of images (n, channels, size, size)."""
        x = self.layer3(self.layer2(self.layer1(self.conv1(images))))
        return self.linear(relu_(self.bn1(x)).mean((2, 3)))


class Block(nn.Module):
    """Twice batch norm, ReLU, convolution; the untouched input is added."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        """Build it with a 1x1 convolution as shortcut where the shape changes."""
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, stride, padding=1)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else nn.Conv2d(inputs, outputs, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        """The sum of both ways."""
        y = self.conv1(relu_(self.bn1(x)))
        y = self.conv2(relu_(self.bn2(y)))
        return y.add_(self.shortcut(x))


def stage(blocks: int, inputs: int, outputs: int, stride: int) -> nn.Sequential:
    """Blocks one after another, of which the first changes the shape."""
    first = Block(inputs, outputs, stride)
    return nn.Sequential(first, *(Block(outputs, outputs, 1) for _ in range(1, blocks)))
