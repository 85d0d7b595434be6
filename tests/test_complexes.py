"""Complex tensors as real numbers, against what torch says of them."""

import numpy as np
import pytest
import torch

import small
from losslandscape import complexes


def test_the_real_numbers_of_a_complex_tensor_are_those_of_torch():
    tensor = torch.view_as_complex(small.numbers(2, 3, 2))

    found = complexes.real(tensor.numpy())

    assert np.array_equal(found, torch.view_as_real(tensor).numpy())


def test_a_tensor_of_real_numbers_stays():
    numbers = np.arange(6.0).reshape(2, 3)

    assert complexes.real(numbers) is numbers
    assert np.array_equal(complexes.shaped(numbers, (3, 1), False)[..., 0], numbers)


@pytest.mark.parametrize("kind", [np.complex64, np.complex128])
def test_real_numbers_become_the_tensor_that_they_are_of(kind):
    draws = small.numbers(2, 4, 3, 2).numpy()
    tensor = (draws[..., 0] + 1j * draws[..., 1]).astype(kind)
    # As they lie in a vector: a part of longer rows.
    rows = np.hstack([np.zeros((2, 1)), complexes.real(tensor).reshape(2, -1)])

    found = complexes.shaped(rows[:, 1:].astype(tensor.real.dtype), (4, 3), True)

    assert found.dtype == kind
    assert np.array_equal(found, tensor)
