"""Curves against de Casteljau, interpolation and finite differences, in float64."""

import copy

import numpy as np
import pytest
import torch
from numpy import ndarray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import small
from losslandscape import curves, weights

SHAPES = ("polychain", "bezier")


def by_hand(shape: str, controls: ndarray, t: float) -> ndarray:
    """φ(t): de Casteljau's corner cutting, or numpy's interpolation by coordinate."""
    if shape == "polychain":
        places = np.linspace(0, 1, len(controls))
        return np.array([np.interp(t, places, column) for column in controls.T])
    while len(controls) > 1:
        controls = (1 - t) * controls[:-1] + t * controls[1:]
    return controls[0]


class Own(nn.Module):
    """A net of somebody's own: dropout, batch norm, and a weight used as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(()))
        self.first, self.last = nn.Linear(32, 4), nn.Linear(4, 3)
        self.norm, self.dropout = nn.BatchNorm1d(4), nn.Dropout(0.5)

    def forward(self, images: Tensor) -> Tensor:
        hidden = self.norm(self.first(images.flatten(1))).tanh()
        return self.gain * self.last(self.dropout(hidden))


def own(seed: int = 0) -> nn.Module:
    """Such a net in float64 with weights of noise; 157 of them."""
    net = Own().double()
    weights.assign(small.numbers(len(weights.flatten(net)), seed=seed), net)
    net.norm.running_var.abs_().add_(0.5)
    return net


NETS = {"usual": small.net, "own": own}


def between(name: str, shape: str, bends: int, decay: float = 0.0) -> curves.Curve:
    """A curve between two nets of noise, its bends off the segment."""
    ends = torch.stack([weights.flatten(NETS[name](seed)) for seed in (0, 1)])
    curve = curves.Curve(NETS[name](2), ends, shape, bends, decay)
    with torch.no_grad():
        curve.bends.add_(small.numbers(*curve.bends.shape, seed=3))
    return curve


def at(curve: curves.Curve, name: str, t: float, bends: ndarray) -> nn.Module:
    """A net of its own that has the weights of the curve at t, put in one by one."""
    first, last = (parameters(NETS[name](seed)) for seed in (0, 1))
    found = by_hand(curve.shape, np.vstack([first, bends, last]), t)
    net = copy.deepcopy(curve.fixed[0])
    for parameter in net.parameters():
        part, found = np.split(found, [parameter.numel()])
        parameter.data = torch.as_tensor(part).reshape(parameter.shape)
    return net


def parameters(net: nn.Module) -> ndarray:
    """All that is learnt of a net."""
    parts = [p.detach().cpu().numpy().ravel() for p in net.parameters()]
    return np.concatenate(parts)


def drawn(seed: int) -> float:
    """The t that a curve draws first after this seed of torch's own generator."""
    torch.manual_seed(seed)
    return torch.rand((), device="cpu").item()


@pytest.mark.parametrize("t", [0.0, 0.1, 1 / 3, 0.5, 0.77, 1.0])
@pytest.mark.parametrize("bends", [1, 2, 4])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_curve_is_its_parametrisation(shape, bends, t):
    controls = small.numbers(bends + 2, 7)

    found = curves.point(shape, controls, t)

    expected = by_hand(shape, controls.cpu().numpy(), t)
    assert np.allclose(found.cpu(), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("t", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_one_bend_gives_the_formulas_of_the_paper(t):
    first, bend, last = controls = small.numbers(3, 7)

    chain, bezier = (curves.point(shape, controls, t) for shape in SHAPES)

    line = 2 * (t * bend + (0.5 - t) * first)
    if t > 0.5:
        line = 2 * ((t - 0.5) * last + (1 - t) * bend)
    square = (1 - t) ** 2 * first + 2 * t * (1 - t) * bend + t**2 * last
    assert torch.allclose(chain, line, rtol=0, atol=1e-14)
    assert torch.allclose(bezier, square, rtol=0, atol=1e-14)


@pytest.mark.parametrize("kind", [torch.float32, torch.float64])
@pytest.mark.parametrize("bends", [1, 2, 3, 7])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_curve_ends_at_its_ends_to_the_bit(shape, bends, kind):
    sizes = 10.0 ** torch.arange(-30, 31)
    controls = (small.numbers(bends + 2, 61) * sizes).to(kind)

    first, last = (curves.point(shape, controls, t) for t in (0.0, 1.0))

    assert first.dtype == kind
    assert torch.equal(first, controls[0])
    assert torch.equal(last, controls[-1])


@pytest.mark.parametrize("shape", SHAPES)
def test_products_of_low_precision_do_not_round_a_curve(shape):
    controls = small.numbers(3, 50).float()
    exact = curves.point(shape, controls, 0.3)

    with torch.autocast(controls.device.type, torch.bfloat16):
        found = curves.point(shape, controls, 0.3)

    assert found.dtype == torch.float32
    assert torch.equal(found, exact)


@pytest.mark.parametrize("shape", ["bezir", "Bezier", ""])
def test_a_shape_is_known_by_its_name_or_refused(shape):
    with pytest.raises(ValueError, match=f"polychain or a bezier, not '{shape}'$"):
        curves.point(shape, torch.zeros(3, 2), 0.5)


@pytest.mark.parametrize("bends", [1, 2, 4])
def test_straight_bends_divide_the_segment_evenly(bends):
    first, last = ends = small.numbers(2, 7)

    found = curves.straight(ends, bends)

    shares = torch.arange(1, bends + 1)[:, None] / (bends + 1)
    assert found.shape == (bends, 7)
    assert torch.allclose(found, first + shares * (last - first), rtol=0, atol=1e-6)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", NETS)
def test_the_slope_of_the_bends_is_that_of_finite_differences(name, shape):
    decay, step, curve = 0.3, 1e-6, between(name, shape, 2, 0.3)
    images, labels, _ = small.split(12)

    def value(bends):
        net = at(curve, name, drawn(5), bends).train()
        norm = (parameters(net) ** 2).sum()
        drawn(5)  # dropout goes on from there
        return cross_entropy(net(images), labels).item() + decay / 2 * norm

    torch.manual_seed(5)
    cross_entropy(curve.train()(images), labels).backward()

    bends = curve.bends.detach().cpu().numpy()
    slope = np.zeros_like(bends)
    for index in np.ndindex(bends.shape):
        moved = np.zeros_like(bends)
        moved[index] = step
        slope[index] = (value(bends + moved) - value(bends - moved)) / (2 * step)
    assert np.abs(slope).max() > 0.1
    assert np.allclose(curve.bends.grad.cpu(), slope, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("training", [True, False])
def test_a_curve_is_the_net_at_its_t_in_training_and_in_evaluation(name, training):
    curve, images = between(name, "bezier", 1).train(training), small.split(9).images
    net = at(curve, name, drawn(8), curve.bends.detach().cpu().numpy())
    drawn(8)
    expected = net.train(training)(images)

    torch.manual_seed(8)
    found = curve(images)

    assert torch.allclose(found, expected, rtol=0, atol=1e-12)


def test_dropout_and_batches_matter_in_training_alone():
    curve, images = between("own", "polychain", 1), small.split(9).images

    def logits(training, images):
        torch.manual_seed(8)
        return curve.train(training)(images)[:4]

    assert torch.allclose(logits(False, images), logits(False, images[:4]))
    # The same mask of dropout hides the first images; their batch is another.
    assert not torch.allclose(logits(True, images), logits(True, images[:4]))
    zeros = curve.fixed[0].dropout(torch.ones(99)) == 0
    assert zeros.any()


def test_the_bends_alone_are_learnt_and_start_on_the_segment():
    net = small.net(2)
    ends = torch.stack([weights.flatten(small.net(seed)) for seed in (0, 1)])
    before, kept = ends.clone(), parameters(net)
    curve = curves.Curve(net, ends, "bezier", 3, 0.1)
    start = curve.bends.detach().clone()

    cross_entropy(curve(small.split(9).images), small.split(9).labels).backward()
    torch.optim.SGD(curve.parameters(), lr=0.1).step()

    assert list(dict(curve.named_parameters())) == list(curve.state_dict()) == ["bends"]
    assert torch.equal(start, curves.straight(ends[:, :138], 3))
    assert not torch.isclose(curve.bends, start).all(1).any()
    assert torch.equal(ends, before)
    assert np.array_equal(parameters(net), kept)
    assert torch.equal(curve.point(0.0), ends[0, :138])
    assert torch.equal(curve.point(1.0), ends[1, :138])


def test_each_batch_has_a_t_of_its_own_uniform_from_0_to_1():
    net = nn.Linear(1, 1, bias=False)
    curve = curves.Curve(net, torch.tensor([[0.0], [1.0]]), "polychain", 1, 0.0)
    torch.manual_seed(0)

    drawn = torch.cat([curve(torch.ones(3, 1)).T for _ in range(2000)]).detach()

    assert torch.equal(drawn, drawn[:, :1].expand(-1, 3))
    ranks = torch.arange(2000) / 2000
    # Kolmogorov and Smirnov: more than 2 / √n is one in three thousand.
    assert (drawn[:, 0].sort().values - ranks).abs().max() < 2 / 2000**0.5


def test_bends_are_states_with_statistics_of_the_segment():
    ends, bends = small.numbers(2, 9, seed=1), small.numbers(3, 6, seed=2)

    found = curves.states(bends, ends)

    assert torch.equal(found[:, :6], bends)
    for row, share in zip(found, (0.25, 0.5, 0.75), strict=True):
        expected = (1 - share) * ends[0, 6:] + share * ends[1, 6:]
        assert torch.allclose(row[6:], expected, rtol=0, atol=1e-14)


def test_what_a_net_has_frozen_stays_on_the_segment():
    net = own()
    first = next(net.parameters())
    first.requires_grad_(False)
    ends = torch.stack([weights.flatten(own(seed)) for seed in (0, 1)])
    curve = curves.Curve(net, ends, "bezier", 1, 0.1)

    curve(small.numbers(4, 2, 4, 4)).square().sum().backward()

    slope = curve.bends.grad[0]
    assert not slope[: first.numel()].any()
    assert slope[first.numel() :].any()
