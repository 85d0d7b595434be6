"""The 3conv3fc net of Garipov et al. (table 2 and figure 7), without batch norm."""

from torch import Tensor, nn

from losslandscape import initialisation


class ConvNet(nn.Module):
    """Three convolutions, each with a max-pool, and three fully connected layers."""

    def __init__(
        self, *, width: float = 1.0, channels: int, size: int, classes: int
    ) -> None:
        """Build it with 1000 · `width` neurons, rounded, in each hidden layer (fig. 7).

        Max-pools, 3x3 with stride 2, that would leave less than one pixel are left out.
        """
        super().__init__()
        layers: list[nn.Module] = []
        for maps in (32, 64, 128):
            layers += [nn.Conv2d(channels, maps, 5, padding=2), nn.ReLU(inplace=True)]
            channels = maps
            if size >= 3:
                layers.append(nn.MaxPool2d(3, stride=2))
                size = (size - 1) // 2
        neurons = round(1000 * width)
        self.conv_part = nn.Sequential(*layers)
        self.fc_part = nn.Sequential(
            nn.Linear(channels * size**2, neurons),
            nn.ReLU(inplace=True),
            nn.Linear(neurons, neurons),
            nn.ReLU(inplace=True),
            nn.Linear(neurons, classes),
        )
        initialisation.garipov(self)

    def forward(self, images: Tensor) -> Tensor:
        """The logits (n, classes) of images (n, channels, size, size)."""
        return self.fc_part(self.conv_part(images).flatten(1))
