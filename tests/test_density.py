"""Densities and traces against explicit matrices, normal distributions and sums."""

import subprocess
import sys

import numpy as np
import pytest

import small
from losslandscape import density, lanczos


def rules(matrix, probes, limit):
    """Nodes and weights (probes, limit) of a matrix."""
    found = [
        lanczos.quadrature(lambda v: matrix @ v, start.double(), limit)
        for start in lanczos.directions(probes, len(matrix), 0)
    ]
    return np.swapaxes(found, 0, 1)


def matrix(size=60):
    """A symmetric matrix whose trace is far from zero."""
    half = small.numbers(size, size)
    matrix = (half + half.T) / 2
    matrix.diagonal().add_(2)
    return matrix


def test_the_trace_is_that_of_the_matrix_within_its_error():
    whole = matrix()

    value, error = density.trace(*rules(whole, 200, 5), 60)

    # A probe on the sphere has the variance 2 n / (n + 2) (‖H‖² − trace² / n).
    trace = whole.trace().item()
    variance = 2 * 60 / 62 * ((whole**2).sum().item() - trace**2 / 60)
    assert error == pytest.approx(np.sqrt(variance / 200), rel=0.2)
    assert abs(value - trace) < 3 * error < 0.2 * trace


def test_the_error_of_the_trace_is_that_of_a_mean():
    nodes, weights = (
        np.array([[1.0, 3.0], [2.0, 2.0], [0.0, 4.0]]),
        np.full((3, 2), 0.5),
    )
    weights[2] = [0.25, 0.75]

    value, error = density.trace(nodes, weights, 10)

    assert value == pytest.approx((20 + 20 + 30) / 3)
    assert error == pytest.approx(10 / 3)


@pytest.mark.parametrize("width", [0.02, 0.3])
def test_the_density_integrates_to_one(width):
    nodes, weights = rules(matrix(), 3, 12)
    points = np.linspace(nodes.min() - 9 * width, nodes.max() + 9 * width, 20001)

    found = density.smoothed(nodes, weights, points, width)

    assert found.shape == points.shape
    assert (found >= 0).all()
    assert found.sum() * (points[1] - points[0]) == pytest.approx(1, rel=1e-9)


def test_a_node_becomes_a_normal_distribution_of_its_weight():
    nodes, weights = np.array([[1.0, 5.0], [5.0, 9.0]]), np.array([[0.2, 0.8], [1, 0]])

    found = density.smoothed(nodes, weights, np.array([1.0, 1.5, 5.0]), 0.5)

    peak = 1 / (0.5 * np.sqrt(2 * np.pi))
    assert found == pytest.approx([0.1 * peak, 0.1 * peak * np.exp(-0.5), 0.9 * peak])


def test_the_density_is_that_of_the_eigenvalues():
    whole = matrix()
    values = np.linalg.eigvalsh(whole.cpu())
    points = np.linspace(-15, 20, 200)

    found = density.smoothed(*rules(whole, 300, 12), points, 1.5)

    expected = density.smoothed(values[None], np.full((1, 60), 1 / 60), points, 1.5)
    assert np.abs(found - expected).max() < 0.05 * expected.max()


def test_jobs_that_draw_need_no_torch():
    code = (
        "import sys; from losslandscape import density; print('torch' in sys.modules)"
    )

    told = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == "False\n"
