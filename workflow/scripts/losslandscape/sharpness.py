"""How sharp the loss is about weights of several scales, for a net of one function.

The argument for filter normalisation (Li et al., section 3; drawn in neither paper):
with the scale of the weights, curves along one direction and eigenvalues of the Hessian
change. Filter-normalised curves cannot: each filter moves by a share of its own norm.
That holds for filters with a bias too, which has followed the scale of its filter and
is not moved (`ignore: biasbn`).
"""

import logging
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import (
    bundle,
    checkpoint,
    data,
    hessian,
    lanczos,
    progress,
    weights,
)

log = logging.getLogger(__name__)


def lines(
    net: nn.Module, origin: Tensor, centres: Sequence[Tensor], choice: Mapping
) -> list[bundle.Part]:
    """The line without normalisation for each centre (n,), then each normalised one.

    All are of the same draw. Without normalisation its length is for every centre that
    of the direction that is normalised against the origin (n,).
    """
    how = choice["random"]
    own = bundle.drawn(net, origin, 1, how)
    raw = bundle.drawn(net, origin, 1, how | {"normalise": "none"})
    plain = raw * (own.norm() / raw.norm())
    return [bundle.Part(centre, plain) for centre in centres] + [
        bundle.Part(centre, bundle.drawn(net, centre, 1, how)) for centre in centres
    ]


def named(values: Mapping[str, ndarray]) -> dict[str, ndarray]:
    """The measures along `lines` by name: `plain_…` and `normalised_…` (factors, t)."""
    halves = {name: rows.reshape(2, -1, rows.shape[1]) for name, rows in values.items()}
    return {
        f"{kind}_{name}": rows[half]
        for half, kind in enumerate(("plain", "normalised"))
        for name, rows in halves.items()
    }


def largest(
    net: nn.Module,
    split: data.Split,
    centres: Sequence[Tensor],
    how: Mapping,
    memory: checkpoint.Series,
) -> dict[str, ndarray]:
    """The `lambda_max` of the Hessian at each centre (n,), and its `residual_max`.

    Whether the search has `converged` (1) or not (0), and `weight_norm`, the Euclidean
    norm of all parameters; each (centres,). Of each centre that is done the numbers go
    to `memory`, and are not computed again.
    """
    products = hessian.operator(net, split, how["tensors"])
    size = int(hessian.included(net, how["tensors"]).sum())
    (start,) = lanczos.directions(1, size, how["seed"])
    rows = [memory.load(index).numpy() for index in memory.indices()]
    done = len(rows)
    for centre in progress.steps(centres[done:], "eigenvalue", done):
        product, begin = products(centre), start.to(centre)
        ends = lanczos.extremes(product, begin, how["tolerance"], how["products"])
        norm = centre[: weights.count(net)].double().norm().item()
        log.info("largest eigenvalue %g ± %g", ends.maximum, ends.residual_max)
        if not ends.converged:
            log.warning("an eigenvalue search did not converge; it is marked as such")
        row = np.array([ends.maximum, ends.residual_max, ends.converged, norm])
        memory.add(len(rows), torch.from_numpy(row))
        rows.append(row)
    names = ("lambda_max", "residual_max", "converged", "weight_norm")
    return dict(zip(names, np.transpose(rows), strict=True))
