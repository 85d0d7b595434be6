"""Losses as functions of the weights, against a net that is called image by image."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.func import grad, jvp

import small
from losslandscape import data, losses, weights


def elsewhere(net: nn.Module) -> torch.Tensor:
    """Weights that are not those of the net."""
    vector = weights.flatten(small.net(seed=7))
    assert not torch.equal(vector, weights.flatten(net))
    return vector


def mean(net: nn.Module, split: data.Split, constant: tuple = ()) -> losses.Loss:
    """The mean loss that the parts sum to."""
    parts = losses.parts(net, split, set(constant))
    return lambda vector: sum(part(vector) for part in parts)


def test_measures_are_those_of_the_net_with_these_weights_image_by_image():
    net, seen = small.net(), small.seen()
    vector = elsewhere(net)

    measured = losses.measures(net, seen.train, seen.test)(vector)

    weights.assign(vector, net)
    expected = small.classified(net, seen.train) + small.classified(net, seen.test)
    assert losses.MEASURES == ("train_loss", "train_error", "test_loss", "test_error")
    assert measured.tolist() == pytest.approx(expected, rel=1e-12)
    assert 0 < measured[1] != measured[3] < 100


def test_the_mean_loss_is_that_of_the_measures():
    net, seen = small.net(), small.seen()
    vector = elsewhere(net)

    loss = mean(net, seen.train)(vector)

    weights.assign(vector, net)
    assert loss.shape == ()
    assert loss.item() == pytest.approx(small.classified(net, seen.train)[0], rel=1e-12)


@pytest.mark.parametrize(("graph", "images"), [(1, [1] * 7), (16 * 3, [3, 3, 1])])
def test_each_part_is_of_some_images_and_their_sum_of_all(monkeypatch, graph, images):
    net, split = small.net(), small.split(7)
    monkeypatch.setattr(losses, "GRAPH", dict.fromkeys(losses.GRAPH, graph))
    vector = elsewhere(net)

    parts = [part(vector).item() for part in losses.parts(net, split, set())]

    weights.assign(vector, net)
    expected = [
        len(piece.labels) / 7 * small.classified(net, piece)[0]
        for piece in map(
            data.Split, split.images.split(images), split.labels.split(images)
        )
    ]
    assert parts == pytest.approx(expected, rel=1e-12)


def test_plain_passes_give_the_same_measures():
    net, seen = small.net(), small.seen(train=230)
    vector = elsewhere(net)

    values = losses.plain(net, vector, seen)

    weights.assign(vector, net)
    expected = small.classified(net, seen.train) + small.classified(net, seen.test)
    assert values == pytest.approx(expected, rel=1e-12)


def test_losses_in_float32_are_summed_in_float64():
    net, seen = small.net().float(), small.seen(train=3000)
    train, test = (
        data.Split(part.images.float(), part.labels) for part in (seen.train, seen.test)
    )

    measured = losses.measures(net, train, test)(weights.flatten(net))

    assert measured.dtype == torch.float64
    expected = small.classified(net.double(), seen.train)
    assert measured.tolist()[:2] == pytest.approx(expected, rel=1e-6)


def test_the_size_of_batches_does_not_matter(monkeypatch):
    net, seen = small.net(), small.seen(train=50)
    whole = losses.measures(net, seen.train, seen.test)

    monkeypatch.setattr(losses, "PIXELS", dict.fromkeys(losses.PIXELS, 1))
    parts = losses.measures(net, seen.train, seen.test)

    vector = elsewhere(net)
    assert parts(vector).tolist() == pytest.approx(whole(vector).tolist(), rel=1e-12)


def differences(function, at, steps):
    """Central differences of a function along each of the steps."""
    return torch.stack([function(at + h) - function(at - h) for h in steps]) / 2e-6


def test_the_gradient_of_the_weights_is_that_of_finite_differences():
    net = small.net()
    loss = mean(net, small.split(30))
    vector = weights.flatten(net)

    gradient = grad(loss)(vector)

    steps = 1e-6 * torch.eye(152, dtype=torch.float64)[:138]
    expected = differences(loss, vector, steps)
    assert torch.allclose(gradient[:138], expected, rtol=1e-6, atol=1e-9)


def test_statistics_are_constants_to_the_derivatives():
    net = small.net()
    loss = mean(net, small.split(30))
    vector, along = weights.flatten(net), small.numbers(152, seed=3)
    along[:138] = 0

    gradient, derived = jvp(grad(loss), (vector,), (along,))

    assert loss(vector + along) != loss(vector)
    assert not gradient[138:].any()
    assert not derived.any()


def test_named_tensors_are_constants_to_the_derivatives():
    net = small.net()
    vector = weights.flatten(net)

    gradient = grad(mean(net, small.split(30), ("4.weight", "1.bias")))(vector)

    whole = weights.unflatten(grad(mean(net, small.split(30)))(vector), net)
    for name, part in weights.unflatten(gradient, net).items():
        if name in ("4.weight", "1.bias"):
            assert whole[name].any()
            assert not part.any()
        else:
            assert torch.allclose(part, whole[name], rtol=1e-12)


def test_the_gradient_of_autograd_is_the_same():
    net = small.net()
    loss = mean(net, small.split(30))
    vector = weights.flatten(net).requires_grad_()

    loss(vector).backward()

    assert torch.allclose(vector.grad, grad(loss)(vector.detach()), rtol=1e-12)


def test_the_gradient_can_be_derived_once_more():
    net = small.net()
    loss = mean(net, small.split(30))
    vector, along = weights.flatten(net), small.numbers(152, seed=3)
    along[138:] = 0

    derived = jvp(grad(loss), (vector,), (along,))[1]

    expected = differences(grad(loss), vector, [1e-6 * along])[0]
    assert torch.allclose(derived, expected, rtol=1e-6, atol=1e-8)


def test_measures_keep_no_graph():
    net, seen = small.net(), small.seen()

    measured = losses.measures(net, seen.train, seen.test)(
        weights.flatten(net).requires_grad_()
    )

    assert not measured.requires_grad


def test_a_net_in_training_is_measured_in_evaluation():
    net, seen = nn.Sequential(small.net(), nn.Dropout(0.5)), small.seen()
    expected = small.classified(net.eval(), seen.train)

    loss = mean(net.train(), seen.train)(weights.flatten(net))

    assert loss.item() == pytest.approx(expected[0], rel=1e-12)
    assert net[1].training


def test_the_net_itself_stays_as_it_is():
    net, seen = small.net().train(), small.seen()
    before = copy.deepcopy(net.state_dict())

    losses.measures(net, seen.train, seen.test)(elsewhere(net))
    losses.plain(net, elsewhere(net), seen)
    mean(net, seen.train)(elsewhere(net))

    assert net.training
    assert isinstance(net[1], nn.BatchNorm2d)
    assert all(torch.equal(before[name], net.state_dict()[name]) for name in before)


@pytest.mark.parametrize(
    ("bias", "loss"), [([0, -1e308, 1e308], np.inf), ([np.nan, 0, 0], np.nan)]
)
def test_a_loss_that_overflows_is_what_it_is(bias, loss):
    net, seen = small.net(), small.seen()
    seen.train.labels[0] = 1
    with torch.no_grad():
        net[7].bias.copy_(torch.tensor(bias, dtype=torch.float64))

    measured = losses.measures(net, seen.train, seen.test)(weights.flatten(net))

    assert np.isclose(measured[0].item(), loss, equal_nan=True)
    assert np.allclose(
        measured.cpu(), losses.plain(net, weights.flatten(net), seen), equal_nan=True
    )


def test_outputs_are_the_logits_of_the_net_with_these_weights_image_by_image():
    net, split = small.net(), small.split(2500)
    vector, before = elsewhere(net), weights.flatten(net)

    found = losses.outputs(net.train(), split)(vector)

    assert torch.equal(weights.flatten(net), before)
    weights.assign(vector, net.eval())
    expected = torch.cat([net(image[None]) for image in split.images]).detach()
    assert torch.allclose(found, expected, rtol=1e-12, atol=1e-12)
    assert not found.requires_grad


def test_logits_score_as_their_net_does():
    net, split = small.net(), small.split(40)

    found = losses.scored(net(split.images), split)

    assert found.tolist() == pytest.approx(small.classified(net, split), rel=1e-12)
    assert losses.score(net, split)(weights.flatten(net)).tolist() == pytest.approx(
        found.tolist(), rel=1e-12
    )
