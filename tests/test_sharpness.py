"""Curves and eigenvalues of rescaled weights, against those of the net itself."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.autograd.functional import hessian as explicit

import small
from losslandscape import (
    bundle,
    checkpoint,
    data,
    lanczos,
    landscape,
    losses,
    rescaling,
    sharpness,
    weights,
)

NOTHING = checkpoint.Checkpoint(None)
FACTORS = (0.25, 0.5, 2, 4)
RANDOM = {"seed": 3, "normalise": "filter", "ignore": "biasbn", "of": "weights"}
ALL = {"tensors": "all", "tolerance": 1e-5, "products": 138, "seed": 0}


def without_norm() -> nn.Module:
    """Three layers without batch norm, and biases, for the images of `small`."""
    first = [nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 4), nn.ReLU()]
    net = nn.Sequential(*first, nn.Linear(4, 3)).double()
    weights.assign(small.numbers(len(weights.flatten(net))) / 2, net)
    return net


KINDS = {"with norms": small.net, "without": without_norm}


def measured(net, factors=(1, *FACTORS)):
    """The curves of `net` for each factor, by name, over three multiples."""
    seen, origin = small.seen(), weights.flatten(net)
    loss = landscape.engine(net, seen, "frozen")
    centres, _ = rescaling.centres(net, origin, factors, seen)
    lines = sharpness.lines(net, origin, centres, {"random": RANDOM})
    points, expected = np.array([[-0.5], [0], [1]]), loss(origin).tolist()
    values = bundle.measure(loss, lines, points, expected, NOTHING)
    return sharpness.named(values)


@pytest.mark.parametrize("kind", KINDS)
def test_normalised_curves_do_not_see_the_factor(kind):
    curves = measured(KINDS[kind]())

    for name in losses.MEASURES:
        rows = curves[f"normalised_{name}"]
        assert rows.shape == (5, 3)
        assert np.allclose(rows, rows[0], rtol=1e-8)


@pytest.mark.parametrize("kind", KINDS)
def test_plain_curves_do(kind):
    curves = measured(KINDS[kind]())["plain_train_loss"]

    assert np.allclose(curves[:, 1], curves[0, 1], rtol=1e-8)
    for multiple in (0, 2):
        gaps = np.abs(np.subtract.outer(curves[:, multiple], curves[:, multiple]))
        assert gaps[~np.eye(5, dtype=bool)].min() > 1e-4


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_curve_is_that_of_the_net_itself_along_its_direction_over_the_factor(
    kind,
):
    net, split = KINDS[kind](), small.split(30, 1)
    origin, parameters = weights.flatten(net), weights.count(net)
    (first, *_) = sharpness.lines(net, origin, [origin], {"random": RANDOM})

    curves = measured(net, factors=FACTORS)["plain_train_loss"]

    # So what only moves weights that are multiplied by c is c times as wide.
    for factor, curve in zip(FACTORS, curves, strict=True):
        less = first.span[0].clone()
        less[:parameters] /= scales(net, factor)
        for multiple, loss in zip((-0.5, 0, 1), curve, strict=True):
            weights.assign(origin + multiple * less, net)
            assert loss == pytest.approx(small.classified(net, split)[0], rel=1e-8)


def test_the_plain_direction_is_one_draw_as_long_as_the_normalised():
    net = small.net()
    origin = weights.flatten(net)
    centres = [rescaling.rescaled(net, origin, factor) for factor in (1, 4)]

    parts = sharpness.lines(net, origin, centres, {"random": RANDOM})

    plain_spans, spans = [p.span for p in parts[:2]], [p.span for p in parts[2:]]
    draw = bundle.drawn(net, origin, 1, RANDOM | {"normalise": "none"})
    cosine = torch.cosine_similarity(plain_spans[0], draw)
    assert [part.origin is centres[k % 2] for k, part in enumerate(parts)] == [True] * 4
    assert torch.equal(*plain_spans)
    assert cosine.item() == pytest.approx(1, rel=1e-12)
    assert plain_spans[0].norm() == pytest.approx(spans[0].norm().item(), rel=1e-12)
    for span, centre in zip(spans, centres, strict=True):
        assert torch.equal(span, bundle.drawn(net, centre, 1, RANDOM))


def scales(net: nn.Module, factor: float) -> torch.Tensor:
    """By how much each parameter is multiplied, from a vector of ones."""
    ones = torch.ones_like(weights.flatten(net))
    return rescaling.rescaled(net, ones, factor)[: weights.count(net)]


def hessian_at(net: nn.Module, vector: torch.Tensor, split: data.Split):
    """The Hessian over all parameters at a vector, built in full."""
    parameters = weights.count(net)
    (part,) = losses.parts(net, split, set())
    return explicit(part, vector)[:parameters, :parameters]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factor", FACTORS)
def test_the_hessian_is_scaled_from_both_sides_by_what_weights_are_divided_by(
    kind, factor
):
    net, split = KINDS[kind](), small.split(30)
    origin = weights.flatten(net)

    matrix = hessian_at(net, rescaling.rescaled(net, origin, factor), split)

    # With statistics held, L'(θ) = L(θ / s), so that H'ᵢⱼ = Hᵢⱼ / (sᵢ sⱼ): a block of
    # weights that are all multiplied by c is c⁻² of what it was.
    scale = scales(net, factor)
    before = hessian_at(net, origin, split)
    expected = before / scale[:, None] / scale
    assert torch.allclose(matrix, expected, rtol=1e-9, atol=1e-12)
    times = scale == factor
    assert times.sum() > 50
    assert torch.allclose(
        torch.linalg.eigvalsh(matrix[times][:, times])[-1],
        torch.linalg.eigvalsh(before[times][:, times])[-1] / factor**2,
        rtol=1e-9,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_sharpness_is_the_largest_eigenvalue_of_the_scaled_matrix(kind):
    net, split = KINDS[kind](), small.split(30)
    origin = weights.flatten(net)
    centres = [rescaling.rescaled(net, origin, factor) for factor in FACTORS]
    memory = checkpoint.Series(None)

    found = sharpness.largest(net, split, centres, ALL, memory)

    matrix = hessian_at(net, origin, split)
    for k, factor in enumerate(FACTORS):
        scale = scales(net, factor)
        top = torch.linalg.eigvalsh(matrix / scale[:, None] / scale)[-1].item()
        assert found["lambda_max"][k] == pytest.approx(top, rel=1e-5)
        assert found["residual_max"][k] < 1e-4 * top
        assert found["converged"][k] == 1
        parameters = origin[: weights.count(net)] * scale
        assert found["weight_norm"][k] == pytest.approx(parameters.norm().item())


def test_eigenvalues_that_did_not_converge_are_told_and_marked(caplog):
    net, split = small.net(), small.split(30)
    hasty = ALL | {"products": 3}
    memory = checkpoint.Series(None)

    found = sharpness.largest(net, split, [weights.flatten(net)], hasty, memory)

    assert found["converged"].tolist() == [0]
    assert "did not converge" in caplog.text


def test_interrupted_eigenvalues_go_on_to_the_same(tmp_path, monkeypatch):
    net, split = small.net(), small.split(30)
    origin = weights.flatten(net)
    centres = [rescaling.rescaled(net, origin, factor) for factor in FACTORS]
    memory, extremes, calls = checkpoint.Series(tmp_path / "kept"), lanczos.extremes, []

    def stops_at_the_third(*given):
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return extremes(*given)

    monkeypatch.setattr(lanczos, "extremes", stops_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        sharpness.largest(net, split, centres, ALL, memory)
    found = sharpness.largest(net, split, centres, ALL, memory)

    whole = sharpness.largest(net, split, centres, ALL, checkpoint.Series(None))
    assert len(calls) == 3 + 2 + 4
    for name in whole:
        assert np.array_equal(found[name], whole[name])
