"""Matrices whose eigenvalues are known, and where searches for them start."""

import numpy as np
import torch

import small
from losslandscape import lanczos


def symmetric(values, seed=0):
    """A matrix of these eigenvalues, and its eigenvectors as columns."""
    vectors, _ = torch.linalg.qr(small.numbers(len(values), len(values), seed=seed))
    return vectors * torch.as_tensor(values) @ vectors.T, vectors


def spread(size, low, high):
    """Eigenvalues that crowd about zero, with both ends apart, as those of nets."""
    return [low, *np.linspace(-0.01, 0.01, size - 2).tolist(), high]


def start(size, seed=0):
    """A random unit vector in float64."""
    return lanczos.directions(1, size, seed)[0].double()
