"""Every kind of tensor through the engine, surfaces, Hessians, training and curves."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

import tensors
from losslandscape import (
    checkpoint,
    curves,
    data,
    directions,
    engine,
    hessian,
    losses,
    surface,
    train,
    trajectory,
    weights,
)
from losslandscape.components import way
from tensors_moved import mean_loss, moved, parts, single, span

ALL = pytest.mark.parametrize("kind", tensors.KINDS)

RECIPE = {
    **{"epochs": 2, "batch_size": 4, "evaluate_every": 1, "weight_decay": 1e-3},
    **{"precision": "float32", "optimiser": {"adam": {"learning_rate": 0.01}}},
    **{"augmentation": {"pad": 0, "flip": False}, "schedule": {"constant": {}}},
}


@ALL
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_engine_says_of_moved_weights_what_the_net_says(kind, precision):
    dtype = getattr(torch, precision)
    net, seen = tensors.net(kind, dtype=torch.float32), tensors.seen(kind)
    if seen.train.images.is_floating_point():
        seen = seen._replace(
            train=seen.train._replace(images=seen.train.images.float()),
            test=seen.test._replace(images=seen.test.images.float()),
        )
    vector = weights.flatten(net).to(dtype) + 0.3 * span(net)[0].to(dtype)

    values = losses.measures(net, seen.train, seen.test, precision)(vector).tolist()

    exact = moved(tensors.net(kind), vector.double())
    images = [split.images for split in (seen.train, seen.test)]
    doubles = [x.double() if x.is_floating_point() else x for x in images]
    expected = [
        mean_loss(exact, doubles[0], seen.train.labels),
        mean_loss(exact, doubles[1], seen.test.labels),
    ]
    rough = 1e-5 if precision == "float32" else 1e-9
    assert values[::2] == pytest.approx(expected, rel=rough)


@pytest.mark.parametrize("kind", sorted(tensors.KINDS.keys() - {"bilinear"}))
def test_the_engine_is_near_in_bfloat16(kind):
    net, seen = tensors.net(kind, dtype=torch.float32), tensors.seen(kind)
    if seen.train.images.is_floating_point():
        train = seen.train._replace(images=seen.train.images.float())
        test = seen.test._replace(images=seen.test.images.float())
        seen = seen._replace(train=train, test=test)
    vector = weights.flatten(net)

    near = losses.measures(net, seen.train, seen.test, "bfloat16")(vector)

    exact = losses.measures(net, seen.train, seen.test)(vector)
    assert near[::2].tolist() == pytest.approx(exact[::2].tolist(), rel=0.05)


def test_a_net_without_bfloat16_is_refused_in_a_sentence():
    # Torch's bilinear layer takes no inputs of half precision beside its weights.
    net = tensors.net("bilinear", dtype=torch.float32)
    split = tensors.split("bilinear", 4)
    split = split._replace(images=split.images.float())

    with pytest.raises(ValueError, match="the net has no bfloat16, take float32"):
        losses.measures(net, split, split, "bfloat16")


@ALL
def test_a_surface_is_that_of_nets_moved_one_by_one(kind):
    net, seen = tensors.net(kind), tensors.seen(kind)
    origin, plane = weights.flatten(net), span(net, 2)
    points = np.array([[0.0, 0.0], [0.5, -1.0], [1.0, 0.25]])
    loss = losses.measures(net, seen.train, seen.test)

    values = surface.measure(loss, origin, plane, points, checkpoint.Checkpoint(None))

    places = [origin + x * plane[0] + y * plane[1] for x, y in points]
    expected = [mean_loss(moved(net, place), *seen.train[:2]) for place in places]
    assert values["train_loss"] == pytest.approx(expected, rel=1e-9)
    assert len(set(expected)) == 3


@pytest.mark.parametrize("kind", sorted(tensors.KINDS.keys() - {"weight norm"}))
def test_the_hessian_is_the_change_of_the_slope_of_what_is_learnt(kind):
    net, seen = tensors.net(kind), tensors.seen(kind)
    origin = weights.flatten(net)
    places = hessian.included(net, "all").nonzero()[:, 0]
    vector = tensors.small.numbers(len(places), seed=9)

    product = hessian.operator(net, seen.train, "all")(origin)(vector)

    def slope(step: float) -> torch.Tensor:
        along = torch.zeros_like(origin).index_copy(0, places, step * vector)
        there = moved(net, origin + along)
        learnt = [p for p in there.parameters() if p.requires_grad]
        loss = cross_entropy(there(seen.train.images), seen.train.labels)
        found = torch.autograd.grad(loss, learnt)
        real = [torch.view_as_real(g) if g.is_complex() else g for g in found]
        return torch.cat([g.flatten() for g in real])

    expected = (slope(1e-6) - slope(-1e-6)) / 2e-6
    assert len(product) == len(expected)
    torch.testing.assert_close(product, expected, rtol=1e-4, atol=1e-6)


def test_a_second_derivative_that_is_wrong_is_refused():
    # As torch's own is of its weight norm, on the CPU.
    net, seen = tensors.net("weight norm"), tensors.seen("weight norm")

    with pytest.raises(ArithmeticError, match="is no Hessian: u·Hv and v·Hu are"):
        hessian.operator(net, seen.train, "all")(weights.flatten(net))


def test_the_hessian_leaves_out_what_is_frozen():
    net = tensors.net("frozen")

    included = weights.unflatten(hessian.included(net, "all"), net)

    named = {name for name, part in included.items() if part.any()}
    assert named == {"1.bias", "3.weight", "3.bias"}


@pytest.mark.parametrize(
    "kind", [kind for kind in tensors.KINDS if "embedding" not in kind]
)
def test_training_moves_what_is_learnt_and_goes_on_from_what_it_kept(kind, tmp_path):
    seen = tensors.seen(kind)
    seen = data.Data(*map(single, seen[:2]), torch.zeros(2), 3)
    memory = checkpoint.Checkpoint(tmp_path / "state.safetensors")
    net, other = (tensors.net(kind, dtype=torch.float32) for _ in range(2))
    before = weights.flatten(net)

    after, history = train.run(net, seen, RECIPE, 0, memory)
    again, same = train.run(other, seen, RECIPE, 0, memory)

    still = {k for k, part in parts(after != before, net).items() if not part.any()}
    assert still == weights.frozen(net) | (still & weights.buffers(net))
    assert torch.equal(again, after)
    assert repr(same) == repr(history)


@ALL
def test_a_curve_passes_through_nets_of_every_kind(kind):
    net, images = tensors.net(kind), tensors.split(kind, 4).images
    ends = torch.stack([weights.flatten(tensors.net(kind, seed)) for seed in (0, 1)])
    bent = curves.Curve(net, ends, "bezier", bends=1, decay=0.0).eval()
    torch.manual_seed(0)
    t = torch.rand((), device="cpu").item()
    torch.manual_seed(0)

    outputs = bent(images)

    count = weights.count(net)
    place = torch.cat([(1 - t) * ends[0] + t * ends[1]])[:count]
    expected = moved(net, torch.cat([place, weights.flatten(net)[count:]]))(images)
    torch.testing.assert_close(outputs, expected)


def test_a_way_of_complex_weights_is_kept_and_has_components(tmp_path):
    net = tensors.net("complex", dtype=torch.float32)
    kept = checkpoint.Series(tmp_path / "series")
    for epoch in range(4):
        kept.add(epoch, weights.flatten(tensors.net("complex", epoch, torch.float32)))
    trajectory.save(tmp_path / "way.h5", kept, [0.1] * 4, net)

    points = way(tmp_path / "way.h5")
    found = directions.principal(points, weights.buffers(net), "nothing", "weights")

    rows = trajectory.load(tmp_path / "way.h5", net).weights.double()
    centred = rows - rows.mean(0)
    _, _, axes = torch.linalg.svd(centred, full_matrices=False)
    vectors = weights.joined(found, net).double()
    cosines = (vectors * axes[:2]).sum(1) / vectors.norm(dim=1)
    assert points["spectrum"].dtype == np.complex64
    assert cosines.abs().tolist() == pytest.approx([1, 1], abs=1e-5)


class Branching(nn.Module):
    """A net whose way depends on what goes in, which no tracing can tell."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x) if x.isfinite().all() else torch.zeros(len(x), 3)


@pytest.mark.parametrize("kind", ["transformer", "recurrent", "tied embedding"])
@pytest.mark.parametrize(
    ("precision", "rough"), [("float64", 1e-9), ("float32", 1e-5), ("bfloat16", 0.05)]
)
def test_a_net_that_cannot_be_traced_is_measured_as_it_is(
    kind, precision, rough, caplog
):
    net = tensors.net(kind, dtype=torch.float32)
    images = tensors.split(kind, 4).images
    images = images.float() if images.is_floating_point() else images

    form = engine.fastest(Branching(net), images, getattr(torch, precision))

    state = weights.unflatten(weights.flatten(net), net)
    found = form({f"net.{name}": part for name, part in state.items()})(images)
    double = tensors.net(kind)
    weights.assign(weights.flatten(net).double(), double)
    exact = double(images.double() if images.is_floating_point() else images)
    assert "measured as it is written" in caplog.text
    torch.testing.assert_close(
        found.double(), exact, rtol=rough, atol=rough * exact.abs().max().item()
    )


def test_layers_behind_words_are_folded_too(caplog):
    net, words = tensors.net("embedding"), tensors.split("embedding", 4).images

    form = engine.fastest(net, words, words.dtype)

    found = form(weights.unflatten(weights.flatten(net), net))(words)
    torch.testing.assert_close(found, net(words))
    assert "measured as it is written" not in caplog.text
