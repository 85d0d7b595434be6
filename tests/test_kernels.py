"""Fused convolutions, against torch's own operators one after another."""

import pytest
import torch
from torch.nn.functional import conv2d

import small
from losslandscape import kernels

GEOMETRIES = {
    "usual": kernels.Geometry((1, 1), (1, 1), (1, 1), 1),
    "strided": kernels.Geometry((2, 2), (1, 1), (1, 1), 1),
    "dilated": kernels.Geometry((1, 1), (2, 1), (2, 1), 1),
    "grouped": kernels.Geometry((1, 1), (0, 0), (1, 1), 2),
}


@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("added", [False, True])
@pytest.mark.parametrize("name", GEOMETRIES)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_kernels_agree_with_three_operators(dtype, name, added, relu):
    geometry, device = GEOMETRIES[name], torch.get_default_device().type
    x = small.numbers(3, 4, 6, 6).to(dtype)
    weight = small.numbers(6, 4 // geometry.groups, 3, 3, seed=1).to(dtype)
    bias = small.numbers(6, seed=2).to(dtype)
    plain = conv2d(x, weight, bias, *geometry)
    other = small.numbers(*plain.shape, seed=3).to(dtype) if added else None
    expected = plain + other if added else plain
    expected = expected.clamp(min=0) if relu else expected
    before = other.clone() if added else None
    kernel = kernels.of(device, dtype)

    found = kernel(kernels.Convolution(x, weight, bias, other, geometry, relu))

    assert (kernel is kernels.separate) == (dtype == torch.float64)
    assert torch.allclose(found, expected, rtol=1e-4, atol=1e-5)
    assert not added or torch.equal(other, before)


def test_a_device_without_fused_operators_has_the_plain_ones(monkeypatch):
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)

    assert kernels.of("cpu", torch.float32) is kernels.separate
    assert kernels.of("mps", torch.float32) is kernels.separate
