"""The VGG nets of both papers: VGG-9 of Li et al., VGG-16 of Garipov et al."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from torch import Tensor, nn

from losslandscape import initialisation


class VGG(nn.Module):
    """Convolutions and max-pools, then fully connected layers.

    Modules are named as in Li et al.'s released nets, whose weights therefore fit.
    """

    def __init__(
        self, *, plan: str, width: float = 1, channels: int, size: int, classes: int
    ) -> None:
        """Build it by a plan of `PLANS`, all its widths times `width`.

        An unknown plan is a ValueError. Max-pools that would leave less than one pixel
        are left out.
        """
        super().__init__()
        if plan not in PLANS:
            raise ValueError(f"unknown plan {plan!r} of a VGG, not in {sorted(PLANS)}")
        stages, norm, hidden, draws = PLANS[plan]
        stages = [[round(width * filters) for filters in stage] for stage in stages]
        self.features = features(stages, channels, size, norm)
        last = stages[-1][-1]
        side = max(1, size // 2 ** len(stages))
        self.fc = hidden(last * side**2, last)
        self.classifier = nn.Linear(last, classes)
        for draw in draws:
            draw(self)

    def forward(self, images: Tensor) -> Tensor:
        """The logits (n, classes) of images (n, channels, size, size)."""
        return self.classifier(self.fc(self.features(images).flatten(1)))


def features(
    stages: Sequence[Sequence[int]], channels: int, size: int, norm: bool
) -> nn.Sequential:
    """Stages of 3x3 convolutions of the given widths, each closed by a max-pool."""
    layers: list[nn.Module] = []
    for stage in stages:
        for width in stage:
            layers.append(nn.Conv2d(channels, width, 3, padding=1))
            layers += [nn.BatchNorm2d(width)] if norm else []
            layers.append(nn.ReLU(inplace=True))
            channels = width
        layers += [nn.MaxPool2d(2)] if size > 1 else []
        size //= 2
    return nn.Sequential(*layers)


def normalised(inputs: int, width: int) -> nn.Sequential:
    """The hidden layer of Li et al.: linear, batch norm, ReLU."""
    return nn.Sequential(
        nn.Linear(inputs, width), nn.BatchNorm1d(width), nn.ReLU(inplace=True)
    )


def dropped(inputs: int, width: int) -> nn.Sequential:
    """The two hidden layers of Garipov et al., each behind a dropout of one half."""
    return nn.Sequential(
        nn.Dropout(),
        nn.Linear(inputs, width),
        nn.ReLU(inplace=True),
        nn.Dropout(),
        nn.Linear(width, width),
        nn.ReLU(inplace=True),
    )


class Plan(NamedTuple):
    """What tells one VGG from another."""

    stages: tuple[tuple[int, ...], ...]  # widths
    norm: bool
    hidden: Callable[[int, int], nn.Module]
    draws: tuple[Callable[[nn.Module], None], ...]


NINE = ((64, 64), (128, 128), (256, 256, 256))
SIXTEEN = (*NINE, (512, 512, 512), (512, 512, 512))
LI, GARIPOV = (initialisation.li,), (initialisation.garipov,)

PLANS = {
    "vgg9": Plan(NINE, True, normalised, LI),
    "vgg16": Plan(SIXTEEN, False, dropped, GARIPOV),
    "vgg16_bn": Plan(SIXTEEN, True, dropped, (*GARIPOV, initialisation.uniform_gains)),
}
