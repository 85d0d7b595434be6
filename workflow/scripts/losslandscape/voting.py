"""Ensembles of nets that runs leave, by what they cost (Garipov et al., section 5).

The votes of members are their softmax outputs, averaged. Each member has the batch-norm
statistics that it had in training, as in the official code.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from losslandscape import batchnorm, data, ensembles, losses, trajectory, weights


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
    """The nets that files hold, one of each leg of `study.legs`, one after another."""
    for path, leg in zip(paths, legs, strict=True):
        for epoch, vector in _held(path, leg, net):
            found = {key: leg[key] for key in ("recipe", "seed", "budget")}
            yield Member(vector, **found, epoch=epoch, spent=leg["spent"] + epoch)


def averaged(
    found: Iterable[Member], net: nn.Module, seen: data.Data
) -> Iterator[Member]:
    """Of the members of each budget, the net of their mean weights (Izmailov et al.).

    Batch-norm statistics are those of the training images.
    """
    statistics = batchnorm.statistics("re-estimated", net, seen.train)
    for group in _by_budget(found):
        mean = torch.stack([member.weights for member in group]).double().mean(0)
        vector = statistics(mean.to(group[-1].weights))
        yield group[-1]._replace(weights=vector)


def rows(
    found: Iterable[Member], net: nn.Module, seen: data.Data, entry: Mapping
) -> list[dict]:
    """A row for each member: itself, and the vote of all up to it.

    `own_error` is the vote of the members of its budget alone, `step` the distance from
    the member before in its run, and `disagreement` the share of images, in %, on which
    it and the member before differ in class. Errors are of the test images, in %.
    """
    outputs, labels = losses.outputs(net, seen.test), seen.test.labels
    table: list[dict] = []
    total, own, before = 0.0, 0.0, None
    for number, member in enumerate(found, start=1):
        votes = ensembles.probabilities(outputs(member.weights))
        is_first = before is None or before[0].budget != member.budget
        total, own = total + votes, votes if is_first else own + votes
        row = {"seed": member.seed, "recipe": member.recipe, "epoch": member.epoch}
        row |= {"spent": member.budget + member.spent / entry["budget"]}
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


def _by_budget(found: Iterable[Member]) -> Iterator[list[Member]]:
    group: list[Member] = []
    for member in found:
        if group and member.budget != group[-1].budget:
            yield group
            group = []
        group.append(member)
    yield group


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
    same_run = (earlier.recipe, earlier.seed) == (member.recipe, member.seed)
    way = (member.weights - earlier.weights)[:count].double()
    return {
        "step": way.norm().item() if same_run else None,
        "disagreement": ensembles.disagreement(votes, others),
    }
