"""The residual nets of Li et al., with and without shortcuts (figures 1, 5, 6, 7).

Unlike He et al., a projection stands where the shape changes. Their Wide-ResNet-56-k
is the ResNet-56 with all its widths times k.
"""

from torch import Tensor, nn, relu_

from losslandscape import initialisation


class ResNet(nn.Module):
    """A stem and three stages of blocks, 16, 32 and 64 channels wide.

    Modules are named as in the authors' released nets, whose weights therefore fit.
    """

    def __init__(
        self,
        *,
        depth: int,
        shortcuts: bool = True,
        width: float = 1,
        channels: int,
        size: int,
        classes: int,
    ) -> None:
        """Build it `depth` = 6n + 2 layers deep; `size` is free, the last pool global.

        `width` multiplies every width, the stem's too. Another depth is a ValueError.
        """
        super().__init__()
        blocks, rest = divmod(depth - 2, 6)
        if rest or blocks < 1:
            raise ValueError(f"a ResNet is 6n + 2 layers deep, not {depth}")
        narrow, middle, wide = (round(width * filters) for filters in (16, 32, 64))
        self.conv1 = nn.Conv2d(channels, narrow, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(narrow)
        self.layer1 = stage(blocks, narrow, narrow, 1, shortcuts)
        self.layer2 = stage(blocks, narrow, middle, 2, shortcuts)
        self.layer3 = stage(blocks, middle, wide, 2, shortcuts)
        self.linear = nn.Linear(wide, classes)
        initialisation.li(self)

    def forward(self, images: Tensor) -> Tensor:
        """The logits (n, classes) of images (n, channels, size, size)."""
        x = relu_(self.bn1(self.conv1(images)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


class Block(nn.Module):
    """Two convolutions; the shortcut, if there is one, joins before the last ReLU.

    In place wherever that is harmless: a fifth less time on small images.
    """

    def __init__(self, inputs: int, outputs: int, stride: int, shortcuts: bool) -> None:
        """Build it with its stride on the first convolution."""
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = shortcut(inputs, outputs, stride) if shortcuts else None

    def forward(self, x: Tensor) -> Tensor:
        """The block's output; without a shortcut the input is not added."""
        y = relu_(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.shortcut is not None:
            y += self.shortcut(x)
        return relu_(y)


def shortcut(inputs: int, outputs: int, stride: int) -> nn.Module:
    """The identity, or a projection (1x1 convolution, BN) where the shape changes."""
    if stride == 1 and inputs == outputs:
        return nn.Identity()
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
    )


def stage(
    blocks: int, inputs: int, outputs: int, stride: int, shortcuts: bool
) -> nn.Sequential:
    """Blocks one after another, of which the first changes the shape."""
    first = Block(inputs, outputs, stride, shortcuts)
    rest = [Block(outputs, outputs, 1, shortcuts) for _ in range(blocks - 1)]
    return nn.Sequential(first, *rest)
