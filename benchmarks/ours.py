"""The work as this project does it."""

import itertools
from collections.abc import Callable

import numpy as np
import torch

import work
from losslandscape import (
    checkpoint,
    curvature,
    hessian,
    lanczos,
    landscape,
    profiles,
    surface,
    train,
    weights,
)

Run = Callable[[], list[float]]

NOTHING = checkpoint.Checkpoint(None)


def surface_points(task: work.Task, policy: str = "frozen") -> Run:
    """The four measures at points of a plane."""
    net, seen = work.net(task), work.seen(task)
    loss = landscape.engine(net, seen, policy, task.precision)
    origin, span = weights.flatten(net), work.span(net, 2)
    points = np.array(work.places(task))

    def run() -> list[float]:
        values = surface.measure(loss, origin, span, points, NOTHING)
        return values["train_loss"].tolist()

    return run


def plane_points(task: work.Task) -> Run:
    """The same, with statistics of batch norm measured at each point."""
    return surface_points(task, "re-estimated")


def profile_points(task: work.Task) -> Run:
    """Losses along a Bezier curve, proven at its first point by an ordinary pass."""
    net, seen = work.net(task), work.seen(task)
    first, bend, last = work.curve(net)
    way = profiles.way(
        net, {"bezier": {"bends": 1}}, torch.stack([first, last]), [bend[None]]
    )

    def run() -> list[float]:
        values, _ = profiles.measure(net, seen, way, work.ts(task), NOTHING)
        return values["train_loss"].tolist()

    return run


def map_points(task: work.Task) -> Run:
    """Both ends of the Hessian's spectrum at points of a row of a plane."""
    net, seen = work.net(task), work.seen(task)
    operator = hessian.operator(net, seen.train, "matrices")
    origin, span = weights.flatten(net), work.span(net, 2)
    products = curvature.over(operator, lambda vector: vector, origin, span)
    size = int(hessian.included(net, "matrices").sum())
    points = np.array([work.places(task)])
    starts = lanczos.directions(task.points, size, 0)
    search = {"tolerance": 0.01, "products": 100}

    def run() -> list[float]:
        found = curvature.measure(products, starts, points, search, NOTHING)
        ends = [*found["lambda_min"], *found["lambda_max"]]
        return [*map(float, ends), float(found["products"].mean())]

    return run


def epochs(task: work.Task) -> Run:
    """An epoch of training each time, in batches of 128."""
    net, seen = work.net(task), work.seen(task)
    recipe = {
        "epochs": 1000,
        "batch_size": 128,
        "optimiser": {
            "sgd": {"learning_rate": 0.01, "momentum": 0.9, "nesterov": True}
        },
        "schedule": {"constant": {}},
        "weight_decay": 5e-4,
        "augmentation": {"pad": 4, "flip": True},
        "precision": task.precision,
        "evaluate_every": 1000,
    }
    training = train.Training(net, seen, recipe, 0)
    numbers = itertools.count(1)

    def run() -> list[float]:
        training.epoch(next(numbers), NOTHING.series)
        return [float(training.optimiser.parameters[0].detach().sum())]

    return run


KINDS = {
    "surface": surface_points,
    "plane": plane_points,
    "profile": profile_points,
    "map": map_points,
    "epoch": epochs,
}


def prepare(task: work.Task) -> Run:
    """The work of a task, ready to be done as often as it is called."""
    torch.backends.cudnn.benchmark = False
    return KINDS[task.kind](task)
