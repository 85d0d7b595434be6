"""Ensembles of nets that runs leave, by what they cost (Garipov et al., section 5).

The votes of members are their softmax outputs, averaged. Each member has the batch-norm
statistics that it had in training, as in the official code.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from losslandscape import (
    accounts,
    batchnorm,
    data,
    ensembles,
    losses,
    tasks,
    trajectory,
    weights,
)


class Member(NamedTuple):
    """A net of an ensemble: its weights (n,), its run, and what was spent by then."""

    weights: Tensor
    recipe: str
    seed: int
    budget: int  # which of the budgets pays for it, from 0
    epoch: int  # of the run
    spent: int  # epochs of this budget


def members(
    paths: Sequence[str | Path], legs: Sequence[Mapping], net: nn.Module
) -> Iterator[Member]:
    """The nets that files hold, one of each of `accounts.legs`, one after another."""
    for path, leg in zip(paths, legs, strict=True):
        for epoch, vector in _held(path, leg, net):
            found = {key: leg[key] for key in ("recipe", "seed", "budget")}
            yield Member(vector, **found, epoch=epoch, spent=leg["spent"] + epoch)


def averaged(
    found: Iterable[Member], net: nn.Module, seen: data.Data
) -> Iterator[Member]:
    """Of the members of each run, the net of their mean weights (Izmailov et al.).

    Nets that two starts lead to are not averaged with each other: nothing says that the
    loss is low between them. Batch-norm statistics are those of the training images.
    """
    statistics = batchnorm.statistics("re-estimated", net, seen.train)
    for group in _by_run(found):
        mean = torch.stack([member.weights for member in group]).double().mean(0)
        vector = statistics(mean.to(group[-1].weights))
        yield group[-1]._replace(weights=vector)


def rows(
    found: Iterable[Member],
    net: nn.Module,
    seen: data.Data,
    budget: int,
    legs: Sequence[Mapping],
) -> list[dict]:
    """A row for each member: itself, and the vote of all up to it.

    `spent` counts epochs, in budgets, until the member was there; `cost` are those of
    all runs of its budget, to their ends. `own_error` is the vote of the members of its
    budget alone, `step` the distance from the member before in its run, `disagreement`
    the share of images on which it and the member before differ in class. Errors and
    shares are of the test images, in %. ValueError where those have no class each.
    """
    if not tasks.of_classes(seen.test.task, seen.test.labels):
        raise ValueError("only nets that give each example one class can vote")
    outputs, labels = losses.outputs(net, seen.test), seen.test.labels
    table: list[dict] = []
    total, own, before = 0.0, 0.0, None
    cost = accounts.cost(legs) / budget
    for number, member in enumerate(found, start=1):
        votes = ensembles.probabilities(outputs(member.weights))
        is_first = before is None or before[0].budget != member.budget
        total, own = total + votes, votes if is_first else own + votes
        row = {"seed": member.seed, "recipe": member.recipe, "epoch": member.epoch}
        row |= {"spent": member.budget + member.spent / budget, "cost": cost}
        row |= _quality("", votes, labels)
        row |= {"own_error": ensembles.error(own, labels)}
        row |= _quality("ensemble_", total / number, labels)
        table.append(row | _apart(member, votes, before, weights.count(net)))
        before = member, votes
    return table


def _held(path: str | Path, leg: Mapping, net: nn.Module) -> list[tuple[int, Tensor]]:
    if not leg["keeps"]:
        return [(leg["epochs"], weights.load(path, net))]
    kept = trajectory.load(path, net)
    return list(zip(kept.epoch.tolist(), kept.weights, strict=True))


def _by_run(found: Iterable[Member]) -> Iterator[list[Member]]:
    group: list[Member] = []
    for member in found:
        if group and not _of_one_run(member, group[-1]):
            yield group
            group = []
        group.append(member)
    yield group


def _of_one_run(one: Member, other: Member) -> bool:
    return (one.recipe, one.seed) == (other.recipe, other.seed)


def _quality(prefix: str, votes: Tensor, labels: Tensor) -> dict[str, float]:
    return {
        f"{prefix}error": ensembles.error(votes, labels),
        f"{prefix}loss": ensembles.loss(votes, labels),
    }


def _apart(
    member: Member, votes: Tensor, before: tuple[Member, Tensor] | None, count: int
) -> dict[str, float | None]:
    """How far a member is from the one before it, in weights and in classes."""
    if before is None:
        return {"step": None, "disagreement": None}
    earlier, others = before
    way = (member.weights - earlier.weights)[:count].double()
    return {
        "step": way.norm().item() if _of_one_run(member, earlier) else None,
        "disagreement": ensembles.disagreement(votes, others),
    }
