"""A small vision transformer."""

import torch
from torch import Tensor, nn


class Transformer(nn.Module):
    """Patches of an image as words, and a first word of its own that sums them up."""

    def __init__(
        self, side: int = 8, patch: int = 2, width: int = 32, depth: int = 2
    ) -> None:
        """Make one for grey images of `side` pixels and ten classes."""
        super().__init__()
        words = (side // patch) ** 2
        self.cut = nn.Conv2d(1, width, kernel_size=patch, stride=patch)
        self.first = nn.Parameter(0.02 * torch.randn(1, 1, width))
        self.places = nn.Parameter(0.02 * torch.randn(1, words + 1, width))
        self.layers = nn.Sequential(*(layer(width) for _ in range(depth)))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, 10)

    def forward(self, images: Tensor) -> Tensor:
        """Scores of the classes (n, 10)."""
        words = self.cut(images).flatten(2).transpose(1, 2)
        first = self.first.expand(len(words), -1, -1)
        words = torch.cat([first, words], dim=1) + self.places
        return self.out(self.norm(self.layers(words)[:, 0]))


def layer(width: int) -> nn.Module:
    """Attention of four heads and two layers on each word, the norms before them."""
    return nn.TransformerEncoderLayer(
        width,
        nhead=4,
        dim_feedforward=2 * width,
        dropout=0.0,
        batch_first=True,
        norm_first=True,
    )
