"""Every kind of tensor, from the vector to surfaces and Hessians."""

import re
from pathlib import Path

import pytest
import torch

import tensors
from losslandscape import (
    weights,
)
from tensors_moved import span

FILTERS = Path(__file__).parents[1] / "docs" / "filters.md"

ALL = pytest.mark.parametrize("kind", tensors.KINDS)

# The tensors that a random direction moves, with their filters: how many, which shape.
MOVED = {
    "without batch norm": {"0.weight": (3, (2, 3, 3)), "3.weight": (3, (12,))},
    "batch norm": {
        "0.weight": (3, (2, 3, 3)),
        "4.weight": (4, (12,)),
        "7.weight": (3, (4,)),
    },
    # Of two dimensions, as its images have: nothing tells it from a matrix.
    "layer norm": {"0.weight": (4, (4,)), "0.bias": (4, (4,)), "4.weight": (3, (32,))},
    "group norm": {"0.weight": (4, (2, 3, 3)), "4.weight": (3, (16,))},
    "attention": {
        "attention.in_proj_weight": (12, (4,)),
        "attention.out_proj.weight": (4, (4,)),
        "last.weight": (3, (4,)),
    },
    "transformer": {
        "places": (1, (8, 4)),
        "layer.self_attn.in_proj_weight": (12, (4,)),
        "layer.self_attn.out_proj.weight": (4, (4,)),
        "layer.linear1.weight": (6, (4,)),
        "layer.linear2.weight": (4, (6,)),
        "last.weight": (3, (4,)),
    },
    "tied embedding": {"words.weight": (3, (4,)), "inner.weight": (4, (4,))},
    "embedding": {
        "words.weight": (3, (4,)),
        "inner.weight": (4, (4,)),
        "last.weight": (3, (4,)),
    },
    "tied": {"first.weight": (32, (32,)), "last.weight": (3, (32,))},
    "complex": {"spectrum": (2, (3, 3)), "last.weight": (3, (9,))},
    "frozen": {"3.weight": (3, (4,))},
    "scalar": {"last.weight": (3, (32,))},
    "transposed": {"0.weight": (2, (3, 2, 2)), "3.weight": (3, (75,))},
    "grouped": {"0.weight": (4, (1, 3, 3)), "3.weight": (3, (16,))},
    "recurrent": {
        "memory.weight_ih_l0": (9, (4,)),
        "memory.weight_hh_l0": (9, (3,)),
        "memory.weight_ih_l0_reverse": (9, (4,)),
        "memory.weight_hh_l0_reverse": (9, (3,)),
        "last.weight": (3, (6,)),
    },
    "bilinear": {"meet.weight": (3, (4, 4))},
    "weight norm": {
        "1.parametrizations.weight.original0": (4, (1,)),
        "1.parametrizations.weight.original1": (4, (32,)),
        "3.weight": (3, (4,)),
    },
}


@ALL
def test_the_vector_is_the_net_and_a_file_keeps_it(kind, tmp_path):
    # Files hold no complex numbers of double precision.
    dtype = torch.float32 if kind == "complex" else torch.float64
    net, other = tensors.net(kind, 0, dtype), tensors.net(kind, 5, dtype)
    vector = weights.flatten(net)

    weights.save(tmp_path / "weights.safetensors", vector, net)
    weights.assign(weights.load(tmp_path / "weights.safetensors", other), other)

    assert not vector.is_complex()
    assert len(vector) == sum(weights.sizes(net).values())
    assert torch.equal(weights.flatten(other), vector)
    for name, tensor in other.state_dict().items():
        assert torch.equal(tensor, net.state_dict()[name])
    for name, tensor in weights.unflatten(vector, net).items():
        assert torch.equal(tensor, weights.tensors(net)[name])


@ALL
def test_a_random_direction_moves_filters_and_leaves_the_rest(kind):
    net = tensors.net(kind)
    direction = weights.unflatten(span(net)[0], net)

    found = {name for name, part in direction.items() if part.any()}

    assert found == MOVED[kind].keys()
    for name, (count, shape) in MOVED[kind].items():
        weight = weights.tensors(net)[name].detach()
        assert (len(weight), weight.shape[1:]) == (count, shape)
        for row in range(count):
            length = direction[name][row].abs().square().sum().sqrt()
            expected = weight[row].abs().square().sum().sqrt()
            assert length.item() == pytest.approx(expected.item())


def test_both_parts_of_a_complex_filter_are_drawn():
    net = tensors.net("complex")
    spectrum = weights.unflatten(span(net)[0], net)["spectrum"]

    again = weights.unflatten(span(net, 2)[0], net)["spectrum"]

    assert torch.equal(again, spectrum)
    assert (spectrum.real != 0).all()
    assert (spectrum.imag != 0).all()
    assert (spectrum.real != spectrum.imag).all()


@ALL
def test_frozen_parameters_stay_whatever_a_direction_ignores(kind):
    net = tensors.net(kind)
    direction = weights.unflatten(span(net, ignore="nothing", of="states")[0], net)

    still = {name for name, part in direction.items() if not part.any()}

    assert still == weights.frozen(net)


def test_the_table_of_filters_has_every_kind_that_is_tried():
    rows = re.findall(r"^\| ([^|]+) \|", FILTERS.read_text(), re.MULTILINE)

    told = {row.strip() for row in rows[1:]}

    assert tensors.KINDS.keys() <= told
