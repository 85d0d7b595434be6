"""Optimisers, against those of torch over several steps."""

import pytest
import torch
from torch import optim
from torch.nn.functional import cross_entropy

import small
from losslandscape import optimisers, weights

CASES = {
    "plain": (
        lambda p: optimisers.SGD(p, momentum=0, nesterov=False, weight_decay=0.1),
        lambda p: optim.SGD(p, lr=0.1, weight_decay=0.1),
    ),
    "momentum": (
        lambda p: optimisers.SGD(p, momentum=0.9, nesterov=False, weight_decay=0.1),
        lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1),
    ),
    "nesterov": (
        lambda p: optimisers.SGD(p, momentum=0.8, nesterov=True, weight_decay=0),
        lambda p: optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True),
    ),
    "adam": (
        lambda p: optimisers.Adam(p, weight_decay=0.1),
        lambda p: optim.Adam(p, lr=0.1, weight_decay=0.1),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_steps_are_those_of_torch(case):
    split, vectors = small.split(30), []
    for build in CASES[case]:
        net = small.net()
        optimiser = build(net.parameters())
        for number in range(5):
            rate = 0.1 / (1 + number)
            if isinstance(optimiser, optim.Optimizer):
                optimiser.param_groups[0]["lr"] = rate
                optimiser.zero_grad()
            else:
                optimiser.rate.fill_(rate)
                optimiser.clear()
            cross_entropy(net(split.images), split.labels).backward()
            optimiser.step()
        vectors.append(weights.flatten(net))

    ours, theirs = vectors
    assert (ours - weights.flatten(small.net())).abs().max() > 0.01
    assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("case", CASES)
def test_what_is_frozen_or_out_of_reach_stays(case):
    net, split = small.net(), small.split(30)
    net[0].bias.requires_grad_(False)
    net.register_parameter("idle", torch.nn.Parameter(torch.ones(2)))
    before = net[0].bias.clone()
    optimiser = CASES[case][0](net.parameters())
    optimiser.rate.fill_(0.1)

    for _ in range(2):
        optimiser.clear()
        cross_entropy(net(split.images), split.labels).backward()
        optimiser.step()

    assert torch.equal(net[0].bias, before)
    assert torch.equal(net.idle, torch.ones(2))


def test_importing_and_stepping_needs_no_compiler():
    import subprocess
    import sys
    from pathlib import Path

    program = (
        "import sys, torch; from losslandscape import optimisers;"
        "p = torch.ones(2, requires_grad=True);"
        "o = optimisers.SGD([p], momentum=0.9, nesterov=True, weight_decay=0.1);"
        "p.sum().backward(); o.step(); print('torch._dynamo' in sys.modules)"
    )
    scripts = Path(__file__).parents[1] / "workflow" / "scripts"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=scripts, capture_output=True, text=True
    )

    assert ran.stdout.strip() == "False", ran.stderr


@pytest.mark.parametrize("case", CASES)
def test_complex_numbers_move_as_those_of_torch(case):
    targets, found = torch.view_as_complex(small.numbers(4, 3, 2, seed=2)), []
    for build in CASES[case]:
        weight = torch.view_as_complex(small.numbers(4, 3, 2)).requires_grad_()
        optimiser = build([weight])
        for _ in range(5):
            if isinstance(optimiser, optim.Optimizer):
                optimiser.zero_grad()
            else:
                optimiser.rate.fill_(0.1)
                optimiser.clear()
            ((weight - targets).abs() ** 3).sum().backward()
            optimiser.step()
        found.append(weight.detach())

    torch.testing.assert_close(*found)
