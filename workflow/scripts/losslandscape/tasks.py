"""What a net is for: how far its outputs are from their targets, in two ways.

A task has a loss, which is trained on and whose landscape is drawn, and a measure that
people read: what files call `error`. Both are means over examples. They are operations
of torch alone, so that a GPU replays them without waiting for the host.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from losslandscape import fingerprint, memory, own, wording

LIBRARY = Path(__file__).parent

# Of a task of one's own: the functions that its file has.
PARTS = "loss", "measure"

# Outputs and targets (n, …) to a number for each example (n,), or for each element.
Each = Callable[[Tensor, Tensor], Tensor]


class Task(NamedTuple):
    """A loss and a measure of outputs and targets, both (n, …), and their names.

    `loss` has torch's reductions: "none" is a loss for each example (n,), "sum" and
    "mean" are of these. `measure` is (n,), in parts of `scale` of its unit.
    """

    words: wording.Words
    loss: Callable[[Tensor, Tensor, str], Tensor]
    measure: Each
    scale: float = 1.0


def of(choice: Mapping) -> Task:
    """The task that a config chooses, such as `{"regression": {}}`.

    Classification: cross-entropy, and the share of wrong classes, in %. Targets are
    classes (n,), or one for each pixel or word (n, …), which an example's loss is the
    mean over. Classes of outputs are on axis 1, or last if only that fits.

    Regression: the squared error, and the absolute one, in the unit of the targets:
    unlike its root, a mean over examples. Both are means over an example's outputs.

    Own: functions of a file, which give a number for each example (n,), or for each
    element (n, …), over which the mean is taken. Targets come in the shape of outputs
    where axes of one element alone differ. ValueError for what is not there, and for a
    file that is not what its `code` says, a digest.
    """
    ((kind, how),) = choice.items()
    match kind:
        case "classification":
            return CLASSIFICATION
        case "regression":
            found = partial(_reduced, _squared), _absolute
        case "own":
            _require_unedited(how)
            loss, measure = (_named(how["file"], how[name]) for name in PARTS)
            found = partial(_reduced, loss), measure
        case _:
            raise ValueError(f"no such task: {kind}")
    return Task(wording.of(choice), *found)


def of_classes(task: Task, targets: Tensor) -> bool:
    """Whether each example has one class: what nets can vote on."""
    return task == CLASSIFICATION and targets.dim() == 1


def _cross_entropy(outputs: Tensor, targets: Tensor, reduction: str) -> Tensor:
    if targets.dim() == 1:
        return cross_entropy(outputs, targets, reduction=reduction)
    return _reduced(_of_elements, outputs, targets, reduction)


def _of_elements(outputs: Tensor, targets: Tensor) -> Tensor:
    # In one row, since for images of classes CUDA has no repeatable kernel.
    scores = _classes_last(outputs, targets).flatten(0, -2)
    found = cross_entropy(scores, targets.flatten(), reduction="none")
    return found.unflatten(0, targets.shape)


def _wrong(outputs: Tensor, targets: Tensor) -> Tensor:
    if targets.dim() == 1:
        return outputs.argmax(1) != targets
    return _each((_classes_last(outputs, targets).argmax(-1) != targets).double())


def _classes_last(outputs: Tensor, targets: Tensor) -> Tensor:
    """Outputs (n, classes, …) or (n, …, classes) as the latter."""
    last = outputs.shape[:-1] == targets.shape
    second = outputs.shape[:1] + outputs.shape[2:] == targets.shape
    if last == second:
        told = "fit in two ways" if last else "do not fit"
        raise ValueError(
            f"outputs {tuple(outputs.shape)} and classes {tuple(targets.shape)} "
            f"{told}: they must be on axis 1, or last; or name a task of your own"
        )
    return outputs if last else outputs.movedim(1, -1)


def _squared(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs - _like(targets, outputs)).square()


def _absolute(outputs: Tensor, targets: Tensor) -> Tensor:
    return _each((outputs - _like(targets, outputs)).abs().double())


def _like(targets: Tensor, outputs: Tensor) -> Tensor:
    """Targets in the shape of outputs; axes of one element do not matter."""
    if not _are_alike(outputs, targets):
        raise ValueError(
            f"outputs are {tuple(outputs.shape)}, but targets {tuple(targets.shape)}"
        )
    return targets.reshape(outputs.shape)


def _are_alike(outputs: Tensor, targets: Tensor) -> bool:
    shapes = (
        [size for size in part.shape[1:] if size > 1] for part in (outputs, targets)
    )
    return len(outputs) == len(targets) and len({*map(tuple, shapes)}) == 1


def _reduced(loss: Each, outputs: Tensor, targets: Tensor, reduction: str) -> Tensor:
    values = _each(loss(outputs, targets))
    if reduction == "none":
        return values
    return values.double().sum() if reduction == "sum" else values.mean()


def _each(values: Tensor) -> Tensor:
    """A number for each example (n,): the mean over all other axes."""
    return values.flatten(1).mean(1) if values.dim() > 1 else values


def _require_unedited(how: Mapping) -> None:
    file = how["file"]
    if "code" in how and how["code"] != fingerprint.of_file(file, LIBRARY):
        raise ValueError(
            f"{file} is not what it was when its dataset was made: "
            "run the same command again"
        )


def _named(file: str, name: str) -> Each:
    """A user's function, which gives one number for each example."""
    function = own.named(file, name)

    def checked(outputs: Tensor, targets: Tensor) -> Tensor:
        # (n, 1) and (n,) would be spread to (n, n), of which a mean says nothing.
        if _are_alike(outputs, targets):
            targets = targets.reshape(outputs.shape)
        try:
            values = function(outputs, targets)
        except Exception as error:
            # What a capture refuses is done without one.
            if not memory.is_capturing():
                own.tell(error, f"{file}: {name}", file)
            raise
        _require_of_examples(values, outputs, targets, f"{file}: {name}")
        is_exact = values.is_floating_point()
        return _each(values if is_exact else values.to(torch.get_default_dtype()))

    return checked


def _require_of_examples(
    values: Tensor, outputs: Tensor, targets: Tensor, name: str
) -> None:
    if isinstance(values, Tensor) and values.shape[:1] == outputs.shape[:1]:
        axes, *others = (each.shape[1:] for each in (values, outputs, targets))
        if any(_is_within(axes, there) for there in others):
            return
    shape = tuple(values.shape) if isinstance(values, Tensor) else type(values)
    raise ValueError(
        f"{name} gives {shape} for outputs {tuple(outputs.shape)} and targets "
        f"{tuple(targets.shape)}: it must give a number for each example, or for each "
        "of their elements; were they broadcast?"
    )


def _is_within(axes: Sequence[int], others: Sequence[int]) -> bool:
    """Whether others are the same, in this order, but for some that were reduced."""
    left = iter(others)
    return all(size in left for size in axes if size > 1)


CLASSIFICATION = Task(wording.CLASSIFICATION, _cross_entropy, _wrong, 100.0)
