"""Tiny nets of every kind of tensor, in float64, each with what goes into it."""

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

import small
from losslandscape import data, weights


class Words(nn.Module):
    """Words through an embedding that may be the last layer too."""

    def __init__(self, tied=False):
        super().__init__()
        self.words = nn.Embedding(3, 4)
        self.inner = nn.Linear(4, 4)
        self.last = nn.Linear(4, 3, bias=False)
        if tied:
            self.last.weight = self.words.weight

    def forward(self, x):
        return self.last(torch.tanh(self.inner(self.words(x).mean(1))))


class Attention(nn.Module):
    """Attention among the rows of an image, with layer norms."""

    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(4)
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)
        self.last = nn.Linear(4, 3)

    def forward(self, x):
        rows = self.norm(x.flatten(1, 2))
        return self.last(self.attention(rows, rows, rows, need_weights=False)[0].sum(1))


class Transformer(nn.Module):
    """Torch's own layer of a transformer, and a place for each row."""

    def __init__(self):
        super().__init__()
        self.places = nn.Parameter(torch.zeros(1, 8, 4))
        self.layer = nn.TransformerEncoderLayer(4, 2, 6, dropout=0.2, batch_first=True)
        self.last = nn.Linear(4, 3)

    def forward(self, x):
        return self.last(self.layer(x.flatten(1, 2) + self.places).mean(1))


class Recurrent(nn.Module):
    """The rows of an image one after another."""

    def __init__(self):
        super().__init__()
        self.memory = nn.GRU(4, 3, batch_first=True, bidirectional=True)
        self.last = nn.Linear(6, 3)

    def forward(self, x):
        return self.last(self.memory(x.flatten(1, 2))[0][:, -1])


class Tied(nn.Module):
    """A layer that is there twice."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(32, 32), nn.Linear(32, 32)
        self.second.weight = self.first.weight
        self.last = nn.Linear(32, 3)

    def forward(self, x):
        return self.last(self.second(self.first(x.flatten(1)).tanh()).tanh())


class Complex(nn.Module):
    """A filter of frequencies, as of Fourier layers."""

    def __init__(self):
        super().__init__()
        self.spectrum = nn.Parameter(torch.zeros(2, 3, 3, dtype=torch.complex64))
        self.phase = nn.Parameter(torch.zeros(2, dtype=torch.complex64))
        self.last = nn.Linear(9, 3)

    def forward(self, x):
        waves = torch.fft.rfft2(x)[:, :, :3] * self.spectrum.unsqueeze(0)
        mixed = (waves * self.phase[:, None, None]).sum(1)
        return self.last(torch.view_as_real(mixed).square().sum(-1).sqrt().flatten(1))


class Scalar(nn.Module):
    """A temperature without a dimension, and a scale that is no parameter."""

    def __init__(self):
        super().__init__()
        self.last = nn.Linear(32, 3)
        self.temperature = nn.Parameter(torch.ones(()))
        self.register_buffer("scale", torch.ones(()), persistent=False)

    def forward(self, x):
        return self.last(x.flatten(1)) * self.temperature * self.scale


def frozen() -> nn.Module:
    """A random first layer that is not learnt, with a bias that is."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(32, 4), nn.Tanh(), nn.Linear(4, 3))
    net[1].weight.requires_grad_(False)
    return net


def sequence(*layers: nn.Module, features: int) -> nn.Module:
    return nn.Sequential(*layers, nn.Tanh(), nn.Flatten(), nn.Linear(features, 3))


KINDS = {
    "without batch norm": lambda: sequence(nn.Conv2d(2, 3, 3), features=12),
    "batch norm": small.net,
    "layer norm": lambda: sequence(nn.LayerNorm((4, 4)), nn.Flatten(), features=32),
    "group norm": lambda: sequence(nn.Conv2d(2, 4, 3), nn.GroupNorm(2, 4), features=16),
    "attention": Attention,
    "transformer": Transformer,
    "embedding": Words,
    "tied embedding": lambda: Words(tied=True),
    "tied": Tied,
    "complex": Complex,
    "frozen": frozen,
    "scalar": Scalar,
    "transposed": lambda: sequence(nn.ConvTranspose2d(2, 3, 2), features=75),
    "grouped": lambda: sequence(nn.Conv2d(2, 4, 3, groups=2), features=16),
    "recurrent": Recurrent,
    "bilinear": lambda: Pair(),
    "weight norm": lambda: nn.Sequential(
        nn.Flatten(), weight_norm(nn.Linear(32, 4)), nn.PReLU(), nn.Linear(4, 3)
    ),
}


class Pair(nn.Module):
    """Two channels that meet in a bilinear layer."""

    def __init__(self):
        super().__init__()
        self.meet = nn.Bilinear(4, 4, 3)

    def forward(self, x):
        return self.meet(*x.mean(2).unbind(1))


def net(kind: str, seed: int = 0, dtype: torch.dtype = torch.float64) -> nn.Module:
    """A net of a kind, nothing of it at nought or one, its statistics positive."""
    found = KINDS[kind]().eval()
    found._apply(lambda tensor: _finer(tensor, dtype))
    numbers = 0.5 * small.numbers(len(weights.flatten(found)), seed=seed)
    for name in weights.buffers(found):
        weights.unflatten(numbers, found)[name].abs_().add_(0.5)
    weights.assign(numbers, found)
    return found


def split(kind: str, number: int, seed: int = 0) -> data.Split:
    """Images, or words where the net wants words, in three classes."""
    images, labels, _ = small.split(number, seed)
    if "embedding" not in kind:
        return data.Split(images, labels)
    return data.Split((images.abs() * 3).long().flatten(1) % 3, labels)


def seen(kind: str) -> data.Data:
    """A dataset of such images or words."""
    return data.Data(split(kind, 12, 1), split(kind, 8, 2), torch.zeros(2), 3)


def _finer(tensor: Tensor, dtype: torch.dtype) -> Tensor:
    if tensor.is_complex():
        return tensor.to(torch.promote_types(torch.complex64, dtype))
    return tensor.to(dtype) if tensor.is_floating_point() else tensor
