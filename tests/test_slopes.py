"""Gradients against finite differences, eigenvectors against explicit matrices."""

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

import small
from losslandscape import checkpoint, data, hessian, slopes, weights

NOTHING = checkpoint.Checkpoint(None)
SEARCH = {"which": "largest", "tolerance": 1e-9, "products": 138, "seed": 0}
HOW = SEARCH | {"tensors": "all", "index": 0, "normalise": "unit"}


def along(**how) -> dict:
    """An axis along an eigenvector."""
    return {"eigenvector": HOW | how}


def uphill(tensors: str = "all") -> dict:
    """An axis along the gradient."""
    return {"gradient": {"tensors": tensors, "normalise": "unit"}}


def plain(net: nn.Module, split: data.Split):
    """The mean loss as a function of the vector, as its author would write it."""

    def loss(vector: Tensor) -> Tensor:
        state = weights.unflatten(vector, net)
        state |= {name: state[name].detach() for name in weights.buffers(net)}
        return cross_entropy(functional_call(net, state, (split.images,)), split.labels)

    return loss


def spectrum(net: nn.Module, split: data.Split) -> tuple[Tensor, Tensor]:
    """Eigenvalues, rising, and eigenvectors (rows) of the explicit Hessian."""
    point, count = weights.flatten(net), weights.count(net)
    whole = torch.autograd.functional.hessian(plain(net, split), point)
    values, vectors = torch.linalg.eigh(whole[:count, :count])
    return values, vectors.T


def in_pieces(monkeypatch, size: int) -> None:
    """Let losses be sums of parts of so many images."""
    monkeypatch.setattr("losslandscape.losses.GRAPH", {"cpu": 16 * size})


@pytest.mark.parametrize("tensors", ["all", "matrices"])
def test_a_gradient_is_that_of_finite_differences_in_parts_too(tensors, monkeypatch):
    in_pieces(monkeypatch, 7)
    net, split = small.net(), small.split(30)
    point, loss = weights.flatten(net), plain(net, split)
    is_moved = hessian.included(net, tensors)

    found = slopes.gradient(net, split, tensors)(point)

    assert found.shape == point.shape
    for place in range(len(point)):
        step = torch.zeros_like(point)
        step[place] = 1e-6
        slope = (loss(point + step) - loss(point - step)).item() / 2e-6
        expected = slope if is_moved[place] else 0.0
        assert found[place].item() == pytest.approx(expected, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("which", ["largest", "smallest"])
def test_eigenvectors_are_those_of_the_explicit_matrix(which):
    net, split = small.net(), small.split(30)
    values, vectors = spectrum(net, split)
    axes = [along(which=which, index=index) for index in (2, 0, 1)]

    found, told = slopes.measured(axes, net, split, weights.flatten(net), NOTHING)

    for axis, vector, facts in zip(axes, found, told, strict=True):
        index = axis["eigenvector"]["index"]
        row = -1 - index if which == "largest" else index
        sign = vectors[row][vectors[row].abs().argmax()].sign()
        assert torch.allclose(vector[:138], sign * vectors[row], atol=1e-6)
        assert not vector[138:].any()
        assert facts["eigenvalue"] == pytest.approx(values[row].item(), rel=1e-9)
        assert facts["residual"] < 1e-6
        assert facts["converged"]


def test_the_axes_of_matrices_leave_biases_and_batch_norm_in_place():
    net, split = small.net(), small.split(30)
    axes = [along(tensors="matrices"), uphill("matrices")]

    found, _ = slopes.measured(axes, net, split, weights.flatten(net), NOTHING)

    for vector in found:
        parts = weights.unflatten(vector, net)
        moved = {name for name, part in parts.items() if part.any()}
        assert moved == {"0.weight", "4.weight", "7.weight"}


def test_a_quadratic_rises_by_half_the_eigenvalue_times_the_square_of_the_step():
    half = small.numbers(9, 9, seed=1)
    matrix = half + half.T
    start, none = small.numbers(9, seed=2), torch.empty(0, 9).double()

    pair = slopes.eigenpair(lambda v: matrix @ v, start, SEARCH, none)

    for step in (-2.0, 0.5, 3.0):
        moved = step * pair.vector
        loss = (moved @ matrix @ moved / 2).item()
        assert loss == pytest.approx(pair.value * step**2 / 2, rel=1e-12)


def test_every_eigenvector_is_found_in_turn_one_that_is_twice_there_too():
    values = torch.tensor([5.0, 2.0, 2.0, 1.0, -3.0]).double()
    turn = torch.linalg.qr(small.numbers(5, 5, seed=3)).Q
    matrix = turn @ torch.diag(values) @ turn.T
    found: list[slopes.Pair] = []

    for start in small.numbers(5, 5, seed=4):
        before = [pair.vector for pair in found]
        stacked = torch.stack(before) if before else torch.empty(0, 5).double()
        found.append(slopes.eigenpair(lambda v: matrix @ v, start, SEARCH, stacked))

    assert [pair.value for pair in found] == pytest.approx(values.tolist())
    together = torch.stack([pair.vector for pair in found])
    assert torch.allclose(together @ together.T, torch.eye(5).double())
    assert all(vector[vector.abs().argmax()] > 0 for vector in together)
    with pytest.raises(
        ValueError, match="5 weights have 5 eigenvectors: there is none of index 5"
    ):
        slopes.eigenpair(lambda v: matrix @ v, start, SEARCH, together)


def test_a_hessian_that_is_not_finite_has_no_eigenvectors():
    none = torch.empty(0, 4)

    with pytest.raises(ArithmeticError, match="not finite"):
        slopes.eigenpair(lambda v: v * torch.inf, torch.ones(4), SEARCH, none)


def test_axes_share_what_is_found_and_what_was_kept_is_not_found_again(
    monkeypatch, tmp_path
):
    net, split = small.net().float(), small.split(30)
    split = data.Split(split.images.float(), split.labels)
    point = weights.flatten(net)
    rough = {"tolerance": 1e-2, "products": 40}
    axes = [along(index=1, **rough), uphill(), along(index=2, **rough)]
    axes.append(along(which="smallest", **rough))
    expected, facts = slopes.measured(axes, net, split, point, NOTHING)
    memory, calls, eigenpair = (
        checkpoint.Checkpoint(tmp_path / "kept"),
        [],
        slopes.eigenpair,
    )

    def stopped(*told):
        calls.append(told)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return eigenpair(*told)

    monkeypatch.setattr(slopes, "eigenpair", stopped)
    with pytest.raises(KeyboardInterrupt):
        slopes.measured(axes, net, split, point, memory)
    found, told = slopes.measured(axes, net, split, point, memory)

    # Three of the largest and one of the smallest; the third was tried twice.
    assert len(calls) == 4 + 1
    assert torch.equal(found, expected)
    assert told == facts


def test_what_did_not_converge_is_told(caplog):
    net, split = small.net(), small.split(30)

    _, (told,) = slopes.measured(
        [along(products=8)], net, split, weights.flatten(net), NOTHING
    )

    assert not told["converged"]
    assert told["products"] == 8
    assert "did not converge: it needs more than 8 products" in caplog.text


def test_starts_are_of_the_same_seed_whatever_the_axes():
    net, split = small.net(), small.split(30)
    point = weights.flatten(net)

    (alone,), _ = slopes.measured([along(index=1)], net, split, point, NOTHING)
    both, _ = slopes.measured([along(), along(index=1)], net, split, point, NOTHING)

    assert torch.equal(alone, both[1])
