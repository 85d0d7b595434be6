"""Both ends of the spectrum of a symmetric operator, and its density, by Lanczos runs.

An operator is a function v → Hv of vectors (n,).
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

Product = Callable[[Tensor], Tensor]

# Before so many products a run may not have met an end, however small the residuals:
# near a minimiser, where λ_min is small, runs that ended sooner missed it altogether.
LEAST = 8


class Ends(NamedTuple):
    """The smallest and the largest eigenvalue, and how well they are known.

    `vectors` (2, n) are their eigenvectors, of norm one.
    """

    minimum: float
    maximum: float
    residual_min: float
    residual_max: float
    products: int
    converged: bool
    vectors: Tensor


def extremes(
    product: Product, start: Tensor, tolerance: float, limit: int, least: int = LEAST
) -> Ends:
    """Both ends of the spectrum in one Lanczos run from a start (n,).

    It ends when both residuals ‖Hv − λv‖ are at most `tolerance` times the larger of
    |λ_min| and |λ_max|, but not before `least` products, or after `limit` products, not
    converged. An eigenvalue lies within a residual of what is found, so that, once the
    run has met both ends, each is wrong by no more than that; a short run may not have
    met a small λ_min. What is not finite gives values that are nan.
    """
    for matrix, beyond, basis in krylov(product, start, limit):
        values, vectors = _eigen(matrix)
        residuals = beyond * np.abs(vectors[-1])
        ends = [0, -1]
        error, scale = residuals[ends].max(), np.abs(values[ends]).max()
        converged = bool(error <= tolerance * scale)
        if converged and len(basis) >= least:
            break
    found = torch.from_numpy(vectors[:, ends].T).to(basis) @ basis
    numbers = *values[ends].tolist(), *residuals[ends].tolist()
    return Ends(*numbers, len(basis), converged, found)


def quadrature(product: Product, start: Tensor, limit: int) -> tuple[ndarray, ndarray]:
    """Nodes and weights (limit,) of the Gauss rule of the spectrum seen from a start.

    Σ weight · f(node) is vᵀ f(H) v for the start v, made a unit vector, and every
    polynomial f of a degree below 2 · limit. Averaged over random starts it is
    trace f(H) / n (stochastic Lanczos quadrature: Ubaru, Chen and Saad, 2017). A run
    that ends early, whose rule is exact, is filled up with weights of nought.
    """
    *_, (matrix, _, _) = krylov(product, start, limit)
    values, vectors = _eigen(matrix)
    missing = (0, limit - len(values))
    return np.pad(values, missing, mode="edge"), np.pad(vectors[0] ** 2, missing)


def krylov(
    product: Product, start: Tensor, limit: int
) -> Iterator[tuple[ndarray, float, Tensor]]:
    """A Lanczos run: after each product the matrix, the rest and the basis so far.

    The `basis` (k, n) is orthonormal, the tridiagonal `matrix` (k, k) is H in it, in
    float64, and the rest is the norm of what H adds to it. Ends early where H adds
    nothing, since the basis is then invariant, or what is not finite.
    """
    basis = start.new_empty(min(limit, len(start)), len(start))
    matrix = np.zeros((len(basis) + 1, len(basis) + 1))
    vector = start / start.norm()
    for k in range(len(basis)):
        basis[k] = vector
        seen = basis[: k + 1]
        image = product(vector)
        matrix[k, k] = vector @ image
        # Against all that was seen, and twice: else ends turn up again as ghosts.
        for _ in range(2):
            image = image - (seen @ image) @ seen
        beyond = image.norm().item()
        yield matrix[: k + 1, : k + 1], beyond, seen
        matrix[k, k + 1] = matrix[k + 1, k] = beyond
        nothing = torch.finfo(start.dtype).eps * np.abs(matrix).max()
        if not nothing < beyond < np.inf:
            return
        vector = image / beyond


def directions(count: int, size: int, seed: int) -> Tensor:
    """Random unit vectors (count, size), uniform on the sphere, on the default device.

    The same on every device, and the first of many are those of fewer.
    """
    generator = torch.Generator("cpu").manual_seed(seed)
    # One by one: torch draws the last numbers of a call in another way.
    drawn = [torch.randn(size, generator=generator, device="cpu") for _ in range(count)]
    unit = [vector / vector.norm() for vector in drawn]
    return torch.stack(unit).to(torch.get_default_device())


def _eigen(matrix: ndarray) -> tuple[ndarray, ndarray]:
    """Eigenvalues and eigenvectors (columns), in rising order; nan of what is not."""
    if not np.isfinite(matrix).all():
        return np.full(len(matrix), np.nan), np.full(matrix.shape, np.nan)
    return np.linalg.eigh(matrix)
