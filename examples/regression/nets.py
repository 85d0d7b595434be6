"""A perceptron of two hidden layers."""

from torch import nn


class Perceptron(nn.Sequential):
    """Numbers in, one number out."""

    def __init__(self, inputs: int = 10, width: int = 32) -> None:
        """Make one whose hidden layers are `width` wide."""
        super().__init__(
            nn.Linear(inputs, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 1),
        )
