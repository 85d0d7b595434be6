"""Training: a recipe turns a net into weights and a history.

What is random comes from generators of their own: the initial weights (`models`), the
order of the images, their augmentation; dropout draws from torch's, which is seeded.
"""

import hashlib
import logging
import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from losslandscape import (
    capture,
    checkpoint,
    data,
    device,
    losses,
    optimisers,
    progress,
    schedules,
    stopping,
    trial,
    weights,
)

log = logging.getLogger(__name__)


def run(
    net: nn.Module,
    loaded: data.Data,
    recipe: Mapping,
    seed: int,
    memory: checkpoint.Checkpoint,
    evaluate: losses.Loss | None = None,
) -> tuple[Tensor, list[dict]]:
    """Train a net in place; gives its weights (n,) and the rows of its history.

    Losses in the history are of whole splits without augmentation and weight decay, in
    evaluation mode, or what `evaluate` makes of the weights; errors are the task's
    measure, of classes in %; the norm of the weights and their distance from where they
    started are Euclidean; epoch 0 is before training. A run whose loss is no longer
    finite ends there. One that finds its state in `memory` goes on from it, and ends
    with the same bytes. The weights (n,) that the recipe keeps go to the series of the
    memory, by their epochs.
    """
    training = Training(net, loaded, recipe, seed, evaluate)
    done = training.begin(memory)
    for epoch in progress.steps(range(done + 1, recipe["epochs"] + 1), "epoch", done):
        # Half an epoch is worth nothing: one that is told to stop ends first.
        with stopping.after():
            training.epoch(epoch, memory.series)
            training.keep(epoch, memory.series)
            is_due = epoch % recipe["evaluate_every"] == 0 or epoch == recipe["epochs"]
            if is_due:
                training.measure(epoch)
                if training.diverged():
                    log.warning("the run diverged and ends here")
                    break
            if is_due or stopping.is_asked():
                memory.save(training.state())
    vector = weights.flatten(net)
    if "every" in recipe.get("keep", {}):
        memory.series.add(training.history[-1]["epoch"], vector)
    return vector, training.history


def rate(recipe: Mapping, epoch: int, step: int = 1, steps: int = 1) -> float:
    """The learning rate at a step of an epoch, or where it ends; nan for epoch 0."""
    ((_, options),) = recipe["optimiser"].items()
    factor = schedules.factor(recipe["schedule"], epoch, recipe["epochs"], step, steps)
    return options["learning_rate"] * factor if epoch else math.nan


def rates(recipe: Mapping, loaded: data.Data, epochs: Sequence[int]) -> list[float]:
    """The learning rates where these epochs of a run end; see `rate`."""
    steps = _steps(recipe, loaded)
    return [rate(recipe, epoch, steps, steps) for epoch in epochs]


class Training:
    """A run on its way: the net, its optimiser, its generators and its history."""

    def __init__(
        self,
        net: nn.Module,
        loaded: data.Data,
        recipe: Mapping,
        seed: int,
        evaluate: losses.Loss | None = None,
    ) -> None:
        """Prepare the first epoch on the device of the data."""
        data.require_movable(loaded.train, **recipe["augmentation"])
        where = loaded.train.images.device
        self.net = _channels_last(net.to(where))
        trial.require(self.net, loaded)
        self.data, self.recipe = loaded, recipe
        self.optimiser = _optimiser(net, recipe)
        self.descend = capture.replayed(self._descend)
        origin = _origin(recipe)
        self.order = torch.Generator("cpu").manual_seed(stream("order" + origin, seed))
        self.augmentation = torch.Generator(where).manual_seed(
            stream("augmentation" + origin, seed)
        )
        torch.manual_seed(stream("dropout" + origin, seed))
        self.evaluate = evaluate or losses.measures(net, loaded.train, loaded.test)
        self.start = self._parameters()
        self.steps = _steps(recipe, loaded)
        self.history: list[dict[str, float]] = []
        self.done = 0

    def begin(self, memory: checkpoint.Checkpoint) -> int:
        """Measure the start, or go back to a state of this same run; gives its epoch.

        A state whose series has gaps is of no use: training begins anew.
        """
        kept = memory.load()
        if kept is not None and not self._lost(kept, memory.series):
            self.resume(kept)
        else:
            self.measure(0)
            self.keep(0, memory.series)
        return self.done

    def keep(self, epoch: int, series: checkpoint.Series) -> None:
        """Add the net's weights to a series, if they are kept where an epoch ends."""
        if self._is_kept(epoch):
            series.add(epoch, weights.flatten(self.net))

    def _parameters(self) -> Tensor:
        return weights.flatten(self.net)[: weights.count(self.net)].double()

    def _lost(self, state: dict[str, Tensor], series: checkpoint.Series) -> list[int]:
        """The epochs up to a state that the series should have, but has not."""
        past, there = range(int(state["done"]) + 1), series.indices()
        collected = {self._epoch_of(step) for step in self._collected()}
        needed = [k for k in past if self._is_kept(k) or k in collected]
        lost = [k for k in needed if k not in there]
        if lost:
            log.warning("weights of epochs %s are lost: starting again", lost)
        return lost

    def _is_kept(self, epoch: int) -> bool:
        keep = self.recipe.get("keep", {})
        at_times = "every" in keep and epoch % keep["every"] == 0
        return at_times or epoch in keep.get("at", [])

    def _collected(self) -> list[int]:
        """The steps whose nets are members of an ensemble, if the recipe keeps them."""
        if "members" not in self.recipe.get("keep", {}):
            return []
        schedule, epochs = self.recipe["schedule"], self.recipe["epochs"]
        return schedules.collected(schedule, epochs, self.steps)

    def _epoch_of(self, step: int) -> int:
        return math.ceil(step / self.steps)

    def epoch(self, number: int, series: checkpoint.Series) -> None:
        """One pass over the training data, in an order of its own.

        Members of an ensemble go to a series as soon as they are there.
        """
        self.net.train()
        seen, collected = self.data.train, set(self._collected())
        order = torch.randperm(len(seen.labels), generator=self.order, device="cpu")
        batches = _batches(self.recipe, order.to(seen.labels.device))
        for step, chosen in enumerate(batches, start=1):
            self.optimiser.rate.fill_(rate(self.recipe, number, step, self.steps))
            self._step(seen.images[chosen], seen.labels[chosen])
            if (number - 1) * self.steps + step in collected:
                series.add(number, weights.flatten(self.net))
        self.done = number

    def _step(self, images: Tensor, labels: Tensor) -> None:
        with device.tf32(self.recipe["precision"] == "tf32"):
            images = data.augmented(
                images,
                self.recipe["augmentation"],
                black=self.data.black,
                generator=self.augmentation,
            )
            self.descend(images, labels)

    def _descend(self, images: Tensor, labels: Tensor) -> Tensor:
        """One step of the optimiser, on images as the net sees them; gives the loss."""
        self.optimiser.clear()
        half = self.recipe["precision"] == "bfloat16"
        with torch.autocast(images.device.type, torch.bfloat16, enabled=half):
            loss = self.data.train.task.loss(self.net(images), labels, "mean")
        loss.backward()
        self.optimiser.step()
        return loss.detach()

    def measure(self, epoch: int) -> None:
        """Add a row to the history."""
        with device.tf32(False):
            values = self.evaluate(weights.flatten(self.net))
        parameters = self._parameters()
        row = {"epoch": epoch, "lr": rate(self.recipe, epoch, self.steps, self.steps)}
        row |= dict(zip(losses.MEASURES, values.tolist(), strict=True))
        row["weight_norm"] = parameters.norm().item()
        row["distance"] = (parameters - self.start).norm().item()
        self.history.append(row)
        log.info(_sentence(self.history[-1]))

    def diverged(self) -> bool:
        """Whether the last loss or norm of the history is not a finite number."""
        last = self.history[-1]
        return not math.isfinite(last["train_loss"] + last["weight_norm"])

    def state(self) -> dict[str, Tensor]:
        """All that decides the rest of the run."""
        rows = [list(row.values()) for row in self.history]
        return checkpoint.pack(self.net, self.optimiser) | {
            "done": torch.tensor(self.done, device="cpu"),
            "history": torch.tensor(rows, dtype=torch.float64, device="cpu"),
            "order": self.order.get_state(),
            "augmentation": self.augmentation.get_state(),
            **checkpoint.random_state(),
        }

    def resume(self, state: dict[str, Tensor]) -> None:
        """Go back to a state of this same run."""
        checkpoint.unpack(state, self.net, self.optimiser)
        checkpoint.set_random_state(state)
        self.order.set_state(state["order"])
        self.augmentation.set_state(state["augmentation"])
        columns = ("epoch", "lr", *losses.MEASURES, "weight_norm", "distance")
        self.history = [
            dict(zip(columns, row, strict=True)) | {"epoch": int(row[0])}
            for row in state["history"].tolist()
        ]
        self.done = int(state["done"])
        log.info("going on after epoch %d", self.done)


def _steps(recipe: Mapping, loaded: data.Data) -> int:
    """How many steps an epoch has."""
    return len(_batches(recipe, loaded.train.labels))


def _batches(recipe: Mapping, order: Tensor) -> list[Tensor]:
    return data.portions(order, recipe["batch_size"])


def stream(name: str, seed: int) -> int:
    """The seed of one of a run's generators; different names share nothing."""
    digest = hashlib.sha256(f"{name} {seed}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


def _origin(recipe: Mapping) -> str:
    """What tells the streams of a run from those of the run that it goes on from."""
    start = recipe.get("start")
    return f" after {start['recipe']} {start['epoch']}" if start else ""


def _channels_last(net: nn.Module) -> nn.Module:
    """A net with its images' filters in the memory of its images; others have none."""
    if not getattr(net, "any_order", True):  # one of a user's own that cannot
        return net
    return net._apply(
        lambda part: (
            part.to(memory_format=torch.channels_last) if part.dim() == 4 else part
        )
    )


def _optimiser(net: nn.Module, recipe: Mapping) -> optimisers.Optimiser:
    """SGD or Adam; weight decay is coupled L2 on all parameters, as in both papers."""
    ((name, options),) = recipe["optimiser"].items()
    kind = {"sgd": optimisers.SGD, "adam": optimisers.Adam}[name]
    how = {key: options[key] for key in options if key != "learning_rate"}
    return kind(net.parameters(), weight_decay=recipe["weight_decay"], **how)


def _sentence(row: dict[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {row[name]:.4g}" for name in row)
