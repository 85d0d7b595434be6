"""Both ends of the spectrum of a symmetric operator, and its density, by Lanczos runs.

An operator is a function v → Hv of vectors (n,).
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

Product = Callable[[Tensor], Tensor]

# How likely a run may be, at worst, to have missed an end altogether.
RISK = 0.1


class Ends(NamedTuple):
    """The smallest and the largest eigenvalue, and how well they are known.

    Residuals are those of Lanczos, at least the rounding of the larger eigenvalue.

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
    product: Product,
    start: Tensor,
    tolerance: float,
    limit: int,
    least: int = 0,
    missed: float | None = None,
) -> Ends:
    """Both ends of the spectrum in one Lanczos run from a start (n,).

    It has converged when both residuals ‖Hv − λv‖ are at most `tolerance` times the
    larger of |λ_min| and |λ_max|, and it has made `least` products and those that are
    `enough` to have met both ends but for `missed`, else for the tolerance, or has seen
    all there is. It ends then, or after `limit` products. What is not finite gives
    values that are nan.
    """
    least = max(least, enough(len(start), missed or tolerance))
    for matrix, beyond, basis in krylov(product, start, limit):
        values, vectors = _eigen(matrix)
        ends = [0, -1]
        scale = np.abs(values[ends]).max()
        rounding = torch.finfo(start.dtype).eps * scale
        residuals = np.maximum(beyond * np.abs(vectors[-1]), rounding)
        error = residuals[ends].max()
        is_small, is_long = error <= tolerance * scale, len(basis) >= least
        if is_small and is_long:
            break
    is_whole = len(basis) < limit or len(basis) == len(start)
    converged = bool(is_small and (is_long or is_whole))
    found = torch.from_numpy(vectors[:, ends].T).to(basis) @ basis
    numbers = *values[ends].tolist(), *residuals[ends].tolist()
    return Ends(*numbers, len(basis), converged, found)


def enough(size: int, tolerance: float) -> int:
    """The products after which a run from a random start has met both ends.

    However small a residual, it is that of some eigenvalue, and a run that ends early
    may not have met the last one: near a minimiser, where λ_min is small, it often has
    not. After so many products, whatever the spectrum, a run is wrong about an end by
    more than `tolerance` · (λ_max − λ_min) with a probability of at most RISK
    (Kuczyński and Woźniakowski 1992, theorem 4.2, for both ends). A start that is
    random but for a few vectors of the same length comes close to that.
    """
    odds = 2 * 1.648 * math.sqrt(size) / RISK
    return math.ceil((1 + math.log(odds) / math.sqrt(tolerance)) / 2)


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
