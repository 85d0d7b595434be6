"""Losses, errors and votes along a curve through weight space.

Garipov et al., section 3.3 and appendix A.2: t is equally spaced, and batch-norm
statistics are measured anew at each point.
"""

import json
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import (
    batchnorm,
    centre,
    checkpoint,
    curves,
    data,
    landscape,
    losses,
    shrinking,
    surface,
    tasks,
    votes,
    weights,
    wording,
)

TRIED = 16  # images that prove a trivial curve

Way = Callable[[float], Tensor]  # t → the state (n,) of a net


def way(net: nn.Module, shape: Mapping, ends: Tensor, bends: Sequence[Tensor]) -> Way:
    """The curve of a shape between ends (2, n), with its bends (bends, n) if any."""
    (kind,) = shape
    if kind == "shrinking":
        return lambda t: shrinking.point(net, ends, t)
    controls = torch.cat([ends[:1], *bends, ends[1:]])
    kind = "bezier" if kind == "bezier" else "polychain"
    return lambda t: curves.point(kind, controls, t)


def between(
    net: nn.Module,
    seen: data.Data,
    way: Way,
    curve: Mapping,
    decay: float,
    memory: checkpoint.Checkpoint,
) -> dict[str, ndarray]:
    """What is measured along a curve from one net to another, t from 0 to 1.

    `t`, what `along` and, of one class an example, `votes.of_curve` say of each of its
    points, the `distance` of the ends, the number of `voters`, and the `marks`, t where
    the curve meets a control point. Raises ArithmeticError for the trivial curve of a
    net that has none.
    """
    if "shrinking" in curve["shape"]:
        ends = torch.stack([way(0.0), way(1.0)])
        shrinking.require(net, ends, seen.test.images[:TRIED])
    ts = np.linspace(0, 1, curve["points"])
    vote = tasks.of_classes(seen.test.task, seen.test.labels)
    voters = np.linspace(0, 1, curve["ensemble"] if vote else 0)
    values, logits = along(net, seen, way, [*ts, *voters], decay, memory)
    labels, levels = seen.test.labels, values["regularised_loss"]
    found = {"t": ts} | {name: part[: len(ts)] for name, part in values.items()}
    if vote:
        found |= votes.of_curve(logits, labels, levels, len(voters))
    apart = (way(1.0) - way(0.0))[: weights.count(net)].double().norm()
    found |= {"distance": np.array(apart.item()), "voters": np.array(len(voters))}
    return found | {"marks": marks(curve["shape"])}


def through(
    net: nn.Module,
    seen: data.Data,
    members: Tensor,
    curve: Mapping,
    decay: float,
    memory: checkpoint.Checkpoint,
) -> dict[str, ndarray]:
    """What `along` says of straight lines through members (k, n), t from 0 to k - 1.

    Every line has the curve's number of points, both ends included.
    """
    lines = len(members) - 1
    ts = np.linspace(0, lines, lines * (curve["points"] - 1) + 1)
    chain = lambda t: curves.point("polychain", members, t / lines)  # noqa: E731
    values, _ = along(net, seen, chain, ts, decay, memory)
    return {"t": ts} | values | {"marks": np.arange(lines + 1.0)}


def along(
    net: nn.Module,
    seen: data.Data,
    way: Way,
    ts: Sequence[float],
    decay: float,
    memory: checkpoint.Checkpoint,
) -> tuple[dict[str, ndarray], Tensor]:
    """What is measured at each t (points,), and the logits (points, images, classes).

    The four measures; `weight_norm`, Euclidean; `regularised_loss`, the training loss
    with its L2 term; `length` of the chain of points up to each. Logits are of the test
    images, and (points, 0) where there is no class for each. Raises ArithmeticError
    when an ordinary pass over the data says otherwise of the first point. See
    `surface.walk` for what goes to `memory`.
    """
    values, logits = measure(net, seen, way, ts, memory)
    values |= lengths(way, ts, weights.count(net))
    level = surface.regularised(values, decay)
    return values | {"regularised_loss": level}, logits


def measure(
    net: nn.Module,
    seen: data.Data,
    way: Way,
    ts: Sequence[float],
    memory: checkpoint.Checkpoint,
) -> tuple[dict[str, ndarray], Tensor]:
    """The four measures at each t, and the test logits; see `along`."""
    statistics = batchnorm.statistics("re-estimated", net, seen.train)
    train, test = losses.score(net, seen.train), _test(net, seen.test)

    def at(t: Tensor) -> Tensor:
        state = statistics(way(t.item()))
        measured, logits = test(state)
        values = torch.cat([train(state), measured])
        # What float32 leaves of a float64 goes beside it: logits are float32, and many.
        halves = values.float(), values - values.float()
        return torch.cat([*halves, logits.flatten()]).float()

    places = torch.tensor([*ts], dtype=torch.float64, device="cpu")
    rows = surface.walk(at, places, memory)
    count = len(losses.MEASURES)
    halves = rows[:, : 2 * count].double().unflatten(1, (2, count))
    columns = halves.sum(1).numpy().T
    expected = losses.plain(net, statistics(way(float(ts[0]))), seen)
    centre.require(columns[:, 0], expected, "the first point of the curve")
    logits = rows[:, 2 * count :]
    if logits.numel():
        logits = logits.unflatten(1, (len(seen.test.labels), -1))
    return dict(zip(losses.MEASURES, columns, strict=True)), logits


def _test(
    net: nn.Module, split: data.Split
) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
    """The loss and error of a split, and its logits, if each example has one class."""
    if not tasks.of_classes(split.task, split.labels):
        score = losses.score(net, split)
        return lambda state: (score(state), state.new_empty(0))
    outputs = losses.outputs(net, split)

    def scored(state: Tensor) -> tuple[Tensor, Tensor]:
        logits = outputs(state)
        return losses.scored(logits, split), logits

    return scored


def lengths(way: Way, ts: Sequence[float], count: int) -> dict[str, ndarray]:
    """The norm of the weights at each t and the length of the chain of points up to it.

    Of the first `count` entries of each vector, those that are learnt.
    """
    norms, steps, before = [], [], way(float(ts[0]))[:count].double()
    for t in ts:
        here = way(float(t))[:count].double()
        norms.append(here.norm().item())
        steps.append((here - before).norm().item())
        before = here
    return {"weight_norm": np.array(norms), "length": np.cumsum(steps)}


def marks(shape: Mapping) -> ndarray:
    """The t at which a curve of some shape meets its ends or bends."""
    ((kind, how),) = shape.items()
    pieces = how["bends"] + 1 if kind == "polychain" else 1
    return np.linspace(0, 1, pieces + 1)


def seen(loaded: data.Data, curve: Mapping, recipe: Mapping) -> data.Data:
    """The images that a curve is measured on, the training ones augmented if asked.

    Once and for all, by a seed: the official code draws new ones at each point.
    """
    found = data.reduced(loaded, **curve["images"])
    if not curve["augmented"]:
        return found
    images, how = found.train.images, recipe["augmentation"]
    data.require_movable(found.train, **how)
    lot = torch.Generator(images.device).manual_seed(0)
    moved = data.augmented(images, how, found.black, lot)
    return found._replace(train=found.train._replace(images=moved))


def terms(curve: Mapping, seen: data.Data, decay: float) -> dict:
    """What decides the numbers of a profile, to be stored with them."""
    words = seen.train.task.words
    return landscape.images(seen, curve["images"]) | {
        "augmented": curve["augmented"],
        "batchnorm": "re-estimated",
        "curve": json.dumps(curve["shape"], sort_keys=True),
        "loss": f"mean {words.loss}; regularised_loss with weight decay; "
        + wording.terms(words),
        "weight_decay": decay,
    }
