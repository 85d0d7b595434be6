"""Complex tensors as the real numbers that a flat vector has of them: pairs."""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray


def real(tensor: ndarray) -> ndarray:
    """A tensor of real numbers as it is; a complex one (…) as (…, 2)."""
    if not np.iscomplexobj(tensor):
        return tensor
    return np.stack([tensor.real, tensor.imag], axis=-1)


def shaped(numbers: ndarray, shape: Sequence[int], is_complex: bool) -> ndarray:
    """Real numbers (k, …) as a tensor (k, shape), two for each complex entry."""
    lead = len(numbers)
    if not is_complex:
        return numbers.reshape(lead, *shape)
    pairs = np.ascontiguousarray(numbers).reshape(lead, *shape, 2)
    kind = np.complex128 if numbers.dtype == np.float64 else np.complex64
    return pairs.view(kind).reshape(lead, *shape)
