"""The pre-activation bottleneck nets of Garipov et al., PreResNet-110 and -164."""

from torch import Tensor, nn, relu_

from losslandscape import initialisation

EXPANSION = 4


class PreResNet(nn.Module):
    """A bare stem of 16 channels and three stages of 64, 128 and 256 channels."""

    def __init__(self, *, depth: int, channels: int, size: int, classes: int) -> None:
        """Build it `depth` = 9n + 2 layers deep; `size` is free, the last pool global.

        Another depth is a ValueError.
        """
        super().__init__()
        blocks, rest = divmod(depth - 2, 9)
        if rest or blocks < 1:
            raise ValueError(f"a PreResNet is 9n + 2 layers deep, not {depth}")
        self.conv1 = nn.Conv2d(channels, 16, 3, padding=1, bias=False)
        self.layer1 = stage(blocks, 16, 16, 1)
        self.layer2 = stage(blocks, 16 * EXPANSION, 32, 2)
        self.layer3 = stage(blocks, 32 * EXPANSION, 64, 2)
        self.bn = nn.BatchNorm2d(64 * EXPANSION)
        self.fc = nn.Linear(64 * EXPANSION, classes)
        initialisation.garipov(self)

    def forward(self, images: Tensor) -> Tensor:
        """The logits (n, classes) of images (n, channels, size, size)."""
        x = self.layer3(self.layer2(self.layer1(self.conv1(images))))
        return self.fc(relu_(self.bn(x)).mean((2, 3)))


class Block(nn.Module):
    """Three times batch norm, ReLU, convolution; the untouched input is added."""

    def __init__(self, inputs: int, planes: int, stride: int) -> None:
        """Build it with a 1x1 convolution as shortcut where the shape changes."""
        super().__init__()
        outputs = EXPANSION * planes
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, planes, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, outputs, 1, bias=False)
        self.downsample: nn.Module = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.downsample = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """The sum of both ways."""
        y = self.conv1(relu_(self.bn1(x)))
        y = self.conv2(relu_(self.bn2(y)))
        y = self.conv3(relu_(self.bn3(y)))
        return y.add_(self.downsample(x))


def stage(blocks: int, inputs: int, planes: int, stride: int) -> nn.Sequential:
    """Blocks one after another, of which the first changes the shape."""
    first, outputs = Block(inputs, planes, stride), EXPANSION * planes
    return nn.Sequential(first, *(Block(outputs, planes, 1) for _ in range(1, blocks)))
