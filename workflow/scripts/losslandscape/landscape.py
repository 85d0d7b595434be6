"""The loss of a net around its weights, proven where nothing has moved.

What lines, planes and surfaces measure: the four measures as a function of the weights,
batch norm as a policy says, and the terms that decide the numbers.
"""

import json
from collections.abc import Mapping

import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import batchnorm, centre, data, device, losses, precision, wording

FLOAT32 = {"float32": {}}


def of(
    net: nn.Module,
    seen: data.Data,
    origin: Tensor,
    plane: Mapping,
    choice: Mapping = FLOAT32,
) -> tuple[losses.Loss, dict]:
    """The four measures as a function of the weights, and the terms they stand on.

    The arithmetic is that of a choice of `precision`. Raises ArithmeticError when at
    the origin (n,) the engine and an ordinary pass over the data disagree.
    """
    policy, limit = plane["batchnorm"], precision.limit(choice)
    loss = engine(net, seen, policy, precision.name(choice))
    itself = at_centre(loss, net, seen, origin, policy, limit)
    found = {"centre": itself, "precision": precision.name(choice)}
    return loss, terms(plane, seen) | found | {"precision_limit": limit}


def engine(
    net: nn.Module, seen: data.Data, policy: str, kind: str = "float32"
) -> losses.Loss:
    """The four measures as a function of the weights, batch norm as the policy says.

    `kind` is the name of a `precision`.
    """
    measures = losses.measures(net, seen.train, seen.test, kind)
    statistics = batchnorm.statistics(policy, net, seen.train)

    def loss(vector: Tensor) -> Tensor:
        with device.tf32(kind == "tf32"):
            return measures(statistics(vector))

    return loss


def at_centre(
    loss: losses.Loss,
    net: nn.Module,
    seen: data.Data,
    origin: Tensor,
    policy: str,
    limit: float = 0.0,
) -> list[float]:
    """The measures of the net itself, by an ordinary pass over the data.

    Raises ArithmeticError when the engine says otherwise of the same weights, by more
    than rounding and a limit.
    """
    with torch.no_grad():
        weights_there = batchnorm.statistics(policy, net, seen.train)(origin)
    expected = losses.plain(net, weights_there, seen)
    centre.require(loss(origin).tolist(), expected, "the engine", limit)
    return expected


def require_trained(
    terms: Mapping, plane: Mapping, trained_on: Mapping, history: Mapping[str, ndarray]
) -> None:
    """Raise ArithmeticError unless the centre has what training measured at its end.

    Where images or batch-norm statistics are others there is nothing to compare.
    """
    if plane["images"] == trained_on and plane["batchnorm"] != "re-estimated":
        last = [history[name][-1] for name in losses.MEASURES]
        centre.require(terms["centre"], last, "the trained weights")


def terms(plane: Mapping, seen: data.Data) -> dict:
    """What decides the numbers of a landscape, to be stored with them."""
    words = seen.train.task.words
    return images(seen, plane["images"]) | {
        "batchnorm": plane["batchnorm"],
        "directions": json.dumps(plane["directions"], sort_keys=True),
        "loss": f"mean {words.loss} without weight decay, no augmentation; "
        + wording.terms(words),
    }


def images(seen: data.Data, chosen: Mapping) -> dict:
    """Which images something is measured on, how many, and in which precision."""
    images = seen.train.images
    kind = images.dtype if images.is_floating_point() else torch.float32
    return {
        "images": json.dumps(chosen, sort_keys=True),
        "precision": str(kind).removeprefix("torch."),
        "test_images": len(seen.test.labels),
        "train_images": len(seen.train.labels),
    }
