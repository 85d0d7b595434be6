"""What follows from a task: derivatives, training, surfaces, curves and their terms."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.func import grad, hessian

import chores
import small
import trainings
from losslandscape import (
    data,
    landscape,
    losses,
    profiles,
    surface,
    train,
    voting,
    weights,
)
from losslandscape import hessian as operators


@pytest.fixture(params=chores.CASES)
def case(request, tmp_path):
    """The name of a case, its net, and its data."""
    return request.param, *chores.seen(request.param, tmp_path)


def test_products_are_those_of_the_matrix_of_second_derivatives(case):
    name, net, seen = case
    vector = weights.flatten(net)

    product = operators.operator(net, seen.train, "all")(vector)

    count = weights.count(net)

    def mean(at: Tensor) -> Tensor:
        state = weights.parameters(at, net)
        found = torch.func.functional_call(net, state, (seen.train.images,))
        return chores.written_out(name, found, seen.train.labels)

    matrix = hessian(mean)(vector[:count])
    along = small.numbers(count, seed=3)
    assert torch.allclose(product(along), matrix @ along, rtol=1e-8, atol=1e-10)
    assert matrix.abs().max() > 1e-3


def test_steps_of_training_follow_the_gradient_of_the_mean_loss(case):
    name, net, seen = case
    net.float()
    splits = (
        part._replace(images=single(part.images), labels=single(part.labels))
        for part in seen[:2]
    )
    seen = data.Data(*splits, *seen[2:])
    plain = {"sgd": {"learning_rate": 0.1, "momentum": 0.0, "nesterov": False}}
    options = trainings.recipe(epochs=2, optimiser=plain)
    before = weights.flatten(net).double()

    vector, history = train.run(net, seen, options, 0, trainings.NOTHING)

    expected = before[: weights.count(net)]
    if name != "masks":  # batch norm in training is another function
        for _ in range(2):
            expected = expected - 0.1 * slope(name, net, seen.train, expected)
        found = vector[: weights.count(net)].double()
        assert torch.allclose(found, expected, rtol=1e-4, atol=1e-5)
    assert history[-1]["train_loss"] < history[0]["train_loss"]


def single(values: Tensor) -> Tensor:
    return values.float() if values.is_floating_point() else values


def slope(name: str, net: nn.Module, split: data.Split, at: Tensor) -> Tensor:
    def mean(vector: Tensor) -> Tensor:
        state = weights.unflatten(vector, net)
        images = data.exact(split.images)
        return chores.written_out(
            name, torch.func.functional_call(net, state, (images,)), split.labels
        )

    return grad(mean)(at)


def test_a_surface_is_that_of_nets_with_these_weights(case):
    name, net, seen = case
    origin = weights.flatten(net)
    span = small.numbers(1, len(origin), seed=4) / 10
    span[:, weights.count(net) :] = 0
    points = np.array([[-1.0], [0.0], [2.0]])
    loss = losses.measures(net, seen.train, seen.test)

    values = surface.measure(loss, origin, span, points, trainings.NOTHING)

    for row, (step,) in enumerate(points):
        weights.assign(origin + step * span[0], net)
        expected = chores.looped(name, net, seen.test.images, seen.test.labels)
        found = values["test_loss"][row], values["test_error"][row]
        assert found == pytest.approx(expected, rel=1e-10)


def test_a_curve_of_tasks_without_classes_has_losses_and_no_votes(case):
    name, net, seen = case
    start = weights.flatten(net)
    step = small.numbers(len(start), seed=5) / 10
    step[weights.count(net) :] = 0
    curve = {"shape": {"segment": {}}, "points": 3, "ensemble": 4}

    found = profiles.between(
        net, seen, lambda t: start + t * step, curve, 0.0, trainings.NOTHING
    )

    assert not {"pair_error", "disagreement", "ensemble_error"} & found.keys()
    assert (len(found["test_loss"]), found["voters"]) == (3, 0)
    if name != "masks":  # statistics of batch norm are measured anew
        weights.assign(start + step, net)
        expected = chores.looped(name, net, seen.test.images, seen.test.labels)
        last = found["test_loss"][-1], found["test_error"][-1]
        assert last == pytest.approx(expected, rel=1e-6)


def test_terms_of_a_landscape_name_the_task(case):
    name, net, seen = case
    plane = {"batchnorm": "frozen", "images": {}, "directions": {}}

    _, terms = landscape.of(net, seen, weights.flatten(net), plane)

    told = {
        "numbers": ("squared error", "are absolute error"),
        "own": ("cubed", "are far off in m"),
    }
    loss, errors = told.get(name, ("cross-entropy", "in %"))
    assert terms["loss"] == (
        f"mean {loss} without weight decay, no augmentation; errors {errors}"
    )
    assert terms["precision"] == "float32"


def test_nets_without_a_class_for_each_example_do_not_vote(case):
    _, net, seen = case

    with pytest.raises(ValueError, match="one class can vote"):
        voting.rows([], net, seen, 1, [])
