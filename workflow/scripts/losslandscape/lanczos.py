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

# How likely a run may be, at worst, to have missed an end by more than its tolerance.
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
    product: Product, start: Tensor, tolerance: float, limit: int, least: int = 0
) -> Ends:
    """Both ends of the spectrum in one Lanczos run.

    The start (n,) is a random unit vector, or one with what is known of the ends added
    that does not depend on it. The run has converged when both residuals ‖Hv − λv‖ are
    at most `tolerance` times the larger of |λ_min| and |λ_max|, and when no eigenvalue
    lies outside of what was found by more than `tolerance` · (λ_max − λ_min), but for
    RISK; or when it has seen all there is. It ends then, after `least` products, or
    after `limit`. What is not finite gives values that are nan.

    >>> matrix = torch.diag(torch.tensor([-1.0, 0.5, 4.0], dtype=torch.float64))
    >>> start = torch.full((3,), 3.0, dtype=torch.float64) ** -0.5
    >>> ends = extremes(lambda v: matrix @ v, start, tolerance=1e-6, limit=3)
    >>> round(ends.minimum, 6), round(ends.maximum, 6), ends.converged
    (-1.0, 4.0, True)
    """
    share = least_share(len(start)) / start.norm().item()
    for matrix, beyond, basis in krylov(product, start, limit):
        values, vectors = _eigen(matrix)
        ends = [0, -1]
        scale = np.abs(values[ends]).max()
        rounding = torch.finfo(start.dtype).eps * scale
        residuals = np.maximum(beyond * np.abs(vectors[-1]), rounding)
        is_small = residuals[ends].max() <= tolerance * scale
        is_sure = greatest_share(matrix, beyond, tolerance) < share
        if is_small and is_sure and len(basis) >= least:
            break
    is_whole = len(basis) < limit or len(basis) == len(start)
    converged = bool(is_small and (is_sure or is_whole))
    found = torch.from_numpy(vectors[:, ends].T).to(basis) @ basis
    numbers = *values[ends].tolist(), *residuals[ends].tolist()
    return Ends(*numbers, len(basis), converged, found)


def least_share(size: int) -> float:
    """What a random unit vector (size,) has at least of two given ones, but for RISK.

    For a vector u, |⟨start, u⟩| ≤ s has a probability of at most s · √(2 · size / π),
    and no larger one where something is added that does not depend on the start.
    """
    return RISK / 2 * math.sqrt(math.pi / (2 * size))


def greatest_share(matrix: ndarray, beyond: float, tolerance: float) -> float:
    """What a start can have at most of an eigenvector that its run has not met.

    Of one whose eigenvalue lies outside of what the run has found, by more than the
    tolerance times its width. However small a residual, it is that of some eigenvalue,
    and a run may not have met the last one: near a minimiser it often has not. But the
    vectors of a run are orthonormal, and each is p(H) · start for some polynomial; the
    next one's is Π (x − θⱼ) / βⱼ. So the start has at most 1 / √Σp² of an eigenvector,
    and outside of the values θ polynomials grow fast (van Dorsselaer, Hochstenbach and
    van der Vorst 2000).
    """
    values, vectors = _eigen(matrix)
    steps = np.append(np.diag(matrix, 1), beyond)
    margin = tolerance * (values[-1] - values[0])
    outside = np.array([[values[0] - margin], [values[-1] + margin]])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        apart = np.abs(outside - values)
        last = np.log(apart / steps).sum(1)
        # Those before are p = −β p_last · (matrix − x)⁻¹ e, e the last unit vector.
        before = ((beyond * vectors[-1] / apart) ** 2).sum(1)
        return float(np.exp(-last - np.log1p(before) / 2).max())


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
