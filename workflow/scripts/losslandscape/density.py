"""The density and the trace of a spectrum, from Gauss rules of Lanczos runs.

A rule is a row of `nodes` and one of `weights` (probes, steps), each from a random
unit vector; their mean stands for the spectrum (Ghorbani, Krishnan and Xiao, 2019).
"""

import numpy as np
from numpy import ndarray


def trace(nodes: ndarray, weights: ndarray, dimension: int) -> tuple[float, float]:
    """The trace of the matrix (dimension, dimension), and its standard error.

    Hutchinson's estimate: Σ weight · node is vᵀHv of the probe v. The error is that of
    the mean over two or more probes.
    """
    seen = dimension * (weights * nodes).sum(axis=1)
    return seen.mean(), seen.std(ddof=1) / np.sqrt(len(seen))


def smoothed(
    nodes: ndarray, weights: ndarray, points: ndarray, width: float
) -> ndarray:
    """The density (k,) at points (k,), of integral 1.

    Every node becomes a normal distribution; `width` is its standard deviation, in the
    unit of the nodes.
    """
    away = (points[:, None] - nodes.ravel()) / width
    bells = np.exp(-(away**2) / 2) / (width * np.sqrt(2 * np.pi))
    return bells @ weights.ravel() / len(nodes)
