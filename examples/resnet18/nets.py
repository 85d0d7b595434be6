"""torchvision's ResNet-18, made fit for small images."""

from torch import nn
from torchvision.models import resnet18


def small(channels: int = 1, classes: int = 10) -> nn.Module:
    """A ResNet-18 whose stem keeps every pixel: it was made for 224 of them a side."""
    net = resnet18(num_classes=classes)
    net.conv1 = nn.Conv2d(channels, 64, kernel_size=3, padding=1, bias=False)
    net.maxpool = nn.Identity()
    return net
