"""Ensembles of nets: mean probabilities, disagreement, and temperatures (section 4).

Logits of several nets on the same images are (nets, images, classes).
"""

import math

import torch
from scipy.optimize import minimize_scalar
from torch import Tensor
from torch.nn.functional import nll_loss

# The logarithms of the least and the largest constant that a temperature may have.
RANGE = -12.0, 12.0


def error(probabilities: Tensor, labels: Tensor) -> float:
    """The share of images, in %, whose most probable class is another.

    >>> error(torch.tensor([[0.9, 0.1], [0.2, 0.8]]), torch.tensor([0, 0]))
    50.0
    """
    return 100 * (probabilities.argmax(-1) != labels).double().mean().item()


def loss(probabilities: Tensor, labels: Tensor) -> float:
    """The mean cross-entropy of probabilities (images, classes)."""
    return nll_loss(probabilities.log(), labels).item()


def probabilities(logits: Tensor) -> Tensor:
    """The softmax of logits (…, images, classes) in float64."""
    return logits.double().softmax(-1)


def disagreement(one: Tensor, other: Tensor) -> float:
    """The share of images, in %, that two nets (images, classes) put elsewhere."""
    return 100 * (one.argmax(-1) != other.argmax(-1)).double().mean().item()


def constants(logits: Tensor, labels: Tensor, losses: Tensor) -> tuple[float, float]:
    """The constants c of temperatures c / loss, one for each half of the images.

    Each is fitted to the images of the other half, even or odd ones, so that no image
    is measured with a constant that has seen it. The paper says that temperatures are
    inversely proportional to the loss, not by which constant. Nets without a finite
    loss or output, or with a loss of nought, are left out; if all are, it is nan.

    >>> logits = torch.tensor([[[2.0, 0.0], [2.0, 0.0]]])
    >>> constants(logits, torch.tensor([0, 0]), torch.tensor([float("nan")]))
    (nan, nan)
    """
    sound = losses.isfinite() & (losses > 0) & logits.isfinite().all(-1).all(-1).cpu()
    if not sound.any():
        return math.nan, math.nan
    logits, losses = logits[sound.to(logits.device)], losses[sound]
    halves = [slice(1, None, 2), slice(0, None, 2)]
    first, second = (_constant(logits[:, h], labels[h], losses) for h in halves)
    return first, second


def scaled(logits: Tensor, losses: Tensor, constants: tuple[float, float]) -> Tensor:
    """Logits over temperatures c / loss, c for the even images and for the odd."""
    of_images = [constants[image % 2] for image in range(logits.shape[1])]
    heat = torch.tensor(of_images, dtype=torch.float64, device="cpu") / losses[:, None]
    return logits.double() / heat.to(logits.device)[:, :, None]


def _constant(logits: Tensor, labels: Tensor, losses: Tensor) -> float:
    """The constant by which the mean cross-entropy of the single nets is least."""
    everyone = labels.repeat(len(logits))

    def mean(logarithm: float) -> float:
        heat = math.exp(logarithm) / losses
        scores = (logits / heat.to(logits)[:, None, None]).log_softmax(-1)
        return nll_loss(scores.flatten(0, 1), everyone).item()

    typical = losses.log().mean().item()
    low, high = (edge + typical for edge in RANGE)
    best = minimize_scalar(mean, bounds=(low, high), method="bounded")
    return math.exp(best.x)
