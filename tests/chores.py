"""Tasks other than one class an example, so small that loops can be asked instead."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

import small
from losslandscape import data, tasks, weights

OWN = """
import torch


def cubed(outputs, targets):
    return (outputs - targets).abs() ** 3


def far_off(outputs, targets):
    return ((outputs - targets).abs() > 1).flatten(1).all(1)


def total(outputs, targets):
    return (outputs - targets).sum()


def number(outputs, targets):
    return 1.0


def squeezed(outputs, targets):
    return (outputs.squeeze(1) - targets).abs()


def at_most(outputs, targets):
    return outputs.argmax(1) != targets[:, None]


def of_rows(outputs, targets):
    return outputs.mean(1, keepdim=True)


def apart(outputs, targets):
    return outputs @ targets


def full(outputs, targets):
    raise torch.OutOfMemoryError("CUDA out of memory")
"""


class Words(nn.Module):
    """A language model of 96 weights: words (n, t) to scores (n, t, 5)."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(5, 4)
        self.mixed = nn.Linear(4, 4)
        self.scores = nn.Linear(4, 5)

    def forward(self, words: Tensor) -> Tensor:
        """Each word with the mean of those up to it."""
        known = self.words(words).cumsum(1)
        places = torch.arange(1, words.shape[1] + 1, device=words.device)
        return self.scores(torch.tanh(self.mixed(known / places[:, None])))


def drawn(net: nn.Module) -> nn.Module:
    """The net in float64, its weights of noise."""
    net.double().eval()
    weights.assign(small.numbers(weights.flatten(net).numel()) / 2, net)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_var.abs_().add_(0.5)
    return net


def numbers() -> tuple[nn.Module, Tensor, Tensor]:
    """Features (n, 3) to two numbers (n, 2)."""
    net = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 2))
    return net, small.numbers(23, 3), small.numbers(23, 2, seed=1)


def masks() -> tuple[nn.Module, Tensor, Tensor]:
    """Images (n, 2, 4, 5) to a class of three for each pixel (n, 4, 5)."""
    net = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU())
    net.append(nn.Conv2d(3, 3, 1))
    labels = np.random.default_rng(0).integers(0, 3, (11, 4, 5))
    return net, small.numbers(11, 2, 4, 5), torch.as_tensor(labels)


def words() -> tuple[nn.Module, Tensor, Tensor]:
    """Words (n, 7) to the word after each."""
    text = torch.as_tensor(np.random.default_rng(0).integers(0, 5, (13, 8)))
    return Words(), text[:, :-1].contiguous(), text[:, 1:].contiguous()


def own(folder: Path, loss="cubed", measure="far_off") -> dict:
    path = folder / "task.py"
    path.write_text(OWN)
    return {"own": {"file": str(path), "loss": loss, "measure": measure, "unit": "m"}}


def each_class(scores: np.ndarray, label: int) -> tuple[float, float]:
    return np.log(np.exp(scores).sum()) - scores[label], 100 * (
        scores.argmax() != label
    )


def each_number(found: float, target: float) -> tuple[float, float]:
    return (found - target) ** 2, abs(found - target)


def looped(case: str, net: nn.Module, inputs: Tensor, targets: Tensor) -> np.ndarray:
    """The mean loss and measure, element by element and example by example."""
    rows = []
    for one, target in zip(inputs, targets.cpu().numpy(), strict=True):
        found = net(one[None])[0].detach().cpu().numpy()
        if case == "masks":
            found = found.transpose(1, 2, 0)
        if case == "own":
            apart = abs(found - target)
            rows.append(((apart**3).mean(), float((apart > 1).all())))
            continue
        each = each_number if case == "numbers" else each_class
        places = [*np.ndindex(target.shape)]
        rows.append(np.mean([each(found[at], target[at]) for at in places], axis=0))
    return np.mean(rows, axis=0)


CASES = {
    "numbers": (numbers, {"regression": {}}),
    "masks": (masks, {"classification": {}}),
    "words": (words, {"classification": {}}),
    "own": (numbers, None),
}


def written_out(name: str, found: Tensor, targets: Tensor) -> Tensor:
    """The mean loss once more, in one line a case."""
    if name == "numbers":
        return ((found - targets) ** 2).sum() / targets.numel()
    if name == "own":
        return ((found - targets) ** 2).pow(1.5).sum() / targets.numel()
    rows = found.movedim(1, -1) if name == "masks" else found
    right = rows.gather(-1, targets[..., None])[..., 0]
    return (rows.exp().sum(-1).log() - right).sum() / targets.numel()


def seen(case: str, folder: Path) -> tuple[nn.Module, data.Data]:
    """The net of a case, and its data: all but five to train on."""
    made, choice = CASES[case]
    net, inputs, targets = made()
    task = tasks.of(choice or own(folder))
    splits = [
        data.Split(inputs[s], targets[s], task) for s in (slice(5), slice(5, None))
    ]
    loaded = data.Data(splits[1], splits[0], torch.zeros(2), 5)
    return drawn(net), loaded
