"""The net whose checkpoints are given."""

from torch import nn


class Net(nn.Sequential):
    """Pixels of an 8×8 image in, scores of ten classes out."""

    def __init__(self, width: int = 32) -> None:
        """Make one whose two hidden layers are `width` wide."""
        super().__init__(
            nn.Flatten(),
            nn.Linear(64, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 10),
        )
