"""Batch-norm statistics against a pass written out by its formulas, in float64."""

import copy

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, relu

import small
from losslandscape import batchnorm, data, weights


def normalised(x: Tensor, gain: Tensor, bias: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """A batch (n, channels, …) by its own moments; and its mean, unbiased variance."""
    channels = x.transpose(0, 1).flatten(1)
    number = channels.shape[1]
    mean = channels.sum(1) / number
    squares = ((channels.T - mean) ** 2).sum(0)
    shape = (1, -1) + (1,) * (x.ndim - 2)
    scale = gain / (squares / number + 1e-5).sqrt()
    y = (x - mean.reshape(shape)) * scale.reshape(shape) + bias.reshape(shape)
    return y, mean, squares / (number - 1)


def statistics(net: nn.Module, batches: list[Tensor]) -> Tensor:
    """The statistics of the small net: those of batches, averaged by their images."""
    w = dict(net.named_parameters())
    sums, images = torch.zeros(14, dtype=torch.float64), 0
    for x in batches:
        x = conv2d(x, w["0.weight"], w["0.bias"])
        x, *first = normalised(x, w["1.weight"], w["1.bias"])
        x = relu(x).flatten(1) @ w["4.weight"].T + w["4.bias"]
        _, *second = normalised(x, w["5.weight"], w["5.bias"])
        sums = sums + len(x) * torch.cat([*first, *second])
        images += len(x)
    return (sums / images).detach()


@pytest.mark.parametrize("policy", ["frozen", "interpolated"])
def test_a_vector_says_its_own_statistics(policy):
    vector = small.numbers(152)

    found = batchnorm.statistics(policy, small.net(), small.split(10))(vector)

    assert torch.equal(found, vector)


@pytest.mark.parametrize(
    ("number", "size", "batches"),
    [
        (10, 4, [4, 4, 2]),
        (12, 4, [4, 4, 4]),
        (10, 30, [10]),
        # A batch of one image has no variance: it joins the one before.
        (9, 4, [4, 5]),
    ],
)
def test_statistics_are_means_over_batches_by_their_size(number, size, batches):
    net, split = small.net(), small.split(number)
    vector = weights.flatten(small.net(seed=1))

    found = batchnorm.reestimated(net, split, size)(vector)

    weights.assign(vector, net)
    expected = statistics(net, split.images.split(batches))
    assert torch.equal(found[:138], vector[:138])
    assert torch.allclose(found[138:], expected, rtol=1e-12, atol=0)


def test_a_policy_of_re_estimation_takes_batches_of_128_images():
    net, split = small.net(), small.split(130)

    found = batchnorm.statistics("re-estimated", net, split)(weights.flatten(net))

    expected = statistics(net, split.images.split([128, 2]))
    assert torch.allclose(found[138:], expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("value", [0, 1e30, -1, torch.inf, torch.nan])
def test_what_the_vector_says_of_statistics_is_ignored(value):
    net, split = small.net(), small.split(10)
    measured = batchnorm.reestimated(net, split, 4)
    vector = weights.flatten(net)
    expected = measured(vector)

    vector[138:] = value

    assert torch.equal(measured(vector), expected)


def test_earlier_points_leave_no_trace():
    net, split = small.net(), small.split(10)
    measured = batchnorm.reestimated(net, split, 4)
    expected = measured(weights.flatten(net))

    measured(torch.full((152,), torch.nan, dtype=torch.float64))

    assert torch.equal(measured(weights.flatten(net)), expected)


def test_everything_but_batch_norm_is_in_evaluation():
    net = nn.Sequential(nn.Dropout(0.5), small.net())
    split = small.split(10)

    found = batchnorm.reestimated(net.train(), split)(weights.flatten(net))

    assert torch.allclose(found[138:], statistics(net[1], [split.images]), rtol=1e-12)


def test_the_net_itself_stays_as_it_is():
    net, split = small.net(), small.split(10)
    before = copy.deepcopy(net.state_dict())

    batchnorm.reestimated(net, split, 4)(weights.flatten(small.net(seed=1)))

    assert not any(module.training for module in net.modules())
    assert net[1].momentum == net[5].momentum == 0.1
    assert all(torch.equal(before[name], net.state_dict()[name]) for name in before)


def test_a_net_without_batch_norm_has_nothing_to_estimate():
    net = nn.Sequential(nn.Flatten(), nn.Linear(32, 3)).double()
    split = data.Split(small.split(5).images, small.split(5).labels)

    found = batchnorm.reestimated(net, split)(weights.flatten(net))

    assert torch.equal(found, weights.flatten(net))


def test_a_policy_of_re_estimation_leaves_other_nets_alone():
    vector = small.numbers(89)

    found = batchnorm.statistics("re-estimated", small.chain(), small.split(5))

    assert torch.equal(found(vector), vector)
