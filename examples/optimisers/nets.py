"""A small perceptron, for the ways that optimisers take through its weights."""

from torch import nn


class Perceptron(nn.Sequential):
    """Pixels of an 8×8 image in, scores of ten classes out."""

    def __init__(self, width: int = 16) -> None:
        """Make one with a hidden layer."""
        super().__init__(
            nn.Flatten(), nn.Linear(64, width), nn.Tanh(), nn.Linear(width, 10)
        )
