"""Lanczos runs against matrices whose eigenvalues are known."""

import math

import numpy as np
import pytest
import torch

from losslandscape import lanczos
from matrices import spread, start, symmetric


@pytest.mark.parametrize(("low", "high"), [(-1, 5), (-7, 2), (-3, 3), (1, 2), (-2, -1)])
def test_both_ends_are_found_with_their_signs_and_vectors(low, high):
    values = np.linspace(low, high, 60)
    matrix, vectors = symmetric(values)

    ends = lanczos.extremes(lambda v: matrix @ v, start(60), 1e-9, 60)

    assert (ends.minimum, ends.maximum) == pytest.approx((low, high), rel=1e-9)
    assert ends.converged
    cosines = (ends.vectors * vectors[:, [0, -1]].T).sum(1).abs()
    assert torch.allclose(cosines, torch.ones(2, dtype=torch.float64))


@pytest.mark.parametrize("tolerance", [0.5, 0.1, 0.01, 1e-4])
def test_residuals_are_true_and_below_the_tolerance(tolerance):
    matrix, _ = symmetric(np.linspace(-1, 3, 200))
    calls = []

    def product(vector):
        calls.append(vector)
        return matrix @ vector

    ends = lanczos.extremes(product, start(200), tolerance, 200)

    low, high = ends.vectors
    true = [
        (matrix @ low - ends.minimum * low).norm().item(),
        (matrix @ high - ends.maximum * high).norm().item(),
    ]
    assert [ends.residual_min, ends.residual_max] == pytest.approx(true, rel=1e-6)
    assert ends.converged
    assert max(true) <= tolerance * ends.maximum
    assert ends.products == len(calls) <= 200


@pytest.mark.parametrize("share", [1e-9, 0.9])
def test_a_run_ends_as_soon_as_the_tolerance_allows(monkeypatch, share):
    # The smaller the share, the longer it takes to be sure; residuals are as they were.
    monkeypatch.setattr(lanczos, "least_share", lambda size: share)
    matrix, _ = symmetric(np.linspace(-1, 3, 200))
    ends = lanczos.extremes(lambda v: matrix @ v, start(200), 0.01, 200)

    before = lanczos.extremes(lambda v: matrix @ v, start(200), 0.01, ends.products - 1)

    is_small = max(before.residual_min, before.residual_max) <= 0.01 * before.maximum
    assert ends.converged
    assert not before.converged
    assert is_small == (share < 0.1)


def test_the_tolerance_is_of_the_larger_end():
    matrix, _ = symmetric(np.linspace(-10, 0.1, 200))

    ends = lanczos.extremes(lambda v: matrix @ v, start(200), 0.01, 200)

    assert ends.converged
    assert 0.01 * ends.maximum < ends.residual_max <= 0.1


def test_a_run_that_does_not_converge_says_so():
    matrix, _ = symmetric(np.linspace(-1, 1, 100))

    ends = lanczos.extremes(lambda v: matrix @ v, start(100), 1e-3, 10)

    assert not ends.converged
    assert ends.products == 10
    assert max(ends.residual_min, ends.residual_max) > 1e-3
    assert -1 < ends.minimum < -0.8
    assert 0.8 < ends.maximum < 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("after", [0, 3])
def test_products_that_are_not_finite_give_nan_and_do_not_converge(bad, after):
    matrix, _ = symmetric(np.linspace(-1, 1, 30))
    calls = []

    def product(vector):
        calls.append(vector)
        image = matrix @ vector
        if len(calls) > after:
            image[7] = bad
        return image

    ends = lanczos.extremes(product, start(30), 0.9, 30)

    assert math.isnan(ends.minimum)
    assert math.isnan(ends.maximum)
    assert not ends.converged
    assert ends.products == len(calls) == after + 1


def test_products_that_overflow_do_not_converge():
    huge = torch.linspace(-1e30, 1e30, 30)

    ends = lanczos.extremes(lambda v: huge * v, start(30).float(), 0.9, 30)

    assert not ends.converged
    assert ends.products == 1


@pytest.mark.parametrize("values", [[2.0], [-1.0, 3.0], [-2.0, -1.0, 0.0]])
def test_a_small_matrix_is_solved_whole(values):
    matrix, _ = symmetric(values)

    ends = lanczos.extremes(lambda v: matrix @ v, start(len(values)), 1e-6, 100)

    assert ends.converged
    assert ends.products == len(values)
    expected = (values[0], values[-1])
    assert (ends.minimum, ends.maximum) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("values", "products"),
    [([0.0] * 50, 1), ([3.0] * 50, 1), ([-1.0] * 20 + [4.0] * 30, 2)],
)
def test_where_nothing_new_comes_the_run_ends_and_is_exact(values, products):
    matrix = torch.diag(torch.tensor(values, dtype=torch.float64))

    ends = lanczos.extremes(lambda v: matrix @ v, start(50), 1e-6, 100)

    assert ends.converged
    assert ends.products == products
    expected = (min(values), max(values))
    assert (ends.minimum, ends.maximum) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("wrong", [(5, 6), (0, 50), (30, 299)])
def test_a_start_from_another_pair_does_not_stay_with_it(wrong):
    values = np.sort(np.concatenate([np.linspace(-0.2, 0.5, 298), [-2, 3]]))
    matrix, vectors = symmetric(values)
    warm = vectors[:, list(wrong)].sum(1) + start(300)

    ends = lanczos.extremes(lambda v: matrix @ v, warm, 0.01, 100)

    assert ends.converged
    assert (ends.minimum, ends.maximum) == pytest.approx((-2, 3), rel=0.01)


def test_single_precision_does_not_bring_ghosts():
    values = spread(400, -1, 10)
    matrix, _ = symmetric(values)
    single = matrix.float()

    *_, (tridiagonal, _, basis) = lanczos.krylov(
        lambda v: single @ v, start(400).float(), 60
    )

    found = np.linalg.eigvalsh(tridiagonal)
    gram = basis @ basis.T
    assert torch.allclose(gram, torch.eye(60), atol=1e-5)
    assert found[[0, -1]] == pytest.approx([-1, 10], rel=1e-5)
    assert np.abs(found[1:-1]).max() < 0.011


@pytest.mark.parametrize("limit", [1, 4, 9])
def test_quadrature_is_exact_for_polynomials(limit):
    matrix, _ = symmetric(np.linspace(-1, 2, 40))
    probe = 3 * start(40)

    nodes, weights = lanczos.quadrature(lambda v: matrix @ v, probe, limit)

    unit = power = probe / probe.norm()
    assert nodes.shape == weights.shape == (limit,)
    for degree in range(2 * limit):
        moment = pytest.approx((unit @ power).item(), rel=1e-11, abs=1e-13)
        assert weights @ nodes**degree == moment
        power = matrix @ power


def test_quadrature_of_all_of_a_small_matrix_is_filled_up():
    matrix, vectors = symmetric([-1.0, 0.0, 4.0])
    probe = start(3)

    nodes, weights = lanczos.quadrature(lambda v: matrix @ v, probe, 5)

    shares = (vectors.T @ probe / probe.norm()) ** 2
    assert nodes == pytest.approx([-1, 0, 4, 4, 4], abs=1e-12)
    assert weights == pytest.approx([*shares.tolist(), 0, 0], abs=1e-12)


def test_quadrature_of_what_is_not_finite_is_nan():
    nodes, weights = lanczos.quadrature(lambda v: v * np.nan, start(3), 5)

    assert np.isnan(nodes).all()
    assert np.isnan(weights[0])


def test_random_directions_are_unit_vectors_of_which_fewer_are_the_first():
    many, few = lanczos.directions(4, 37, seed=1), lanczos.directions(2, 37, seed=1)
    other = lanczos.directions(4, 37, seed=2)

    assert many.dtype == torch.float32
    assert torch.equal(many[:2], few)
    assert not torch.isclose(many, other).any()
    assert torch.allclose(many.norm(dim=1), torch.ones(4))
    assert (many @ many.T - torch.eye(4)).abs().max() < 0.6
