"""The ends of the Hessian's spectrum over a plane (Li et al., figure 7), or all of it.

The Hessian is that of the mean loss on the training images of the plane.
"""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from losslandscape import (
    checkpoint,
    data,
    density,
    grid,
    hessian,
    lanczos,
    landscape,
    progress,
)

EVERY = 60  # seconds between two states that are kept

# So many times as much of the eigenvectors before as a random vector has is added.
# With 500 times as much, residuals fall little sooner, and it takes longer to be sure
# that nothing was missed: they have a part in many eigenvectors of the next point.
LEAD = 10

# The first fields of `lanczos.Ends`, as they are stored.
VALUES = {
    "lambda_min": float,
    "lambda_max": float,
    "residual_min": float,
    "residual_max": float,
    "products": int,
    "converged": bool,
}

log = logging.getLogger(__name__)


def cells(axes: Sequence[ndarray], item: str) -> ndarray:
    """The cells (rows, columns) of one shard: whole rows of the grid."""
    x, y = axes
    return grid.shard(np.arange(len(x) * len(y)).reshape(len(y), len(x)), item)


def over(
    operator: Callable[[Tensor], hessian.Product],
    statistics: Callable[[Tensor], Tensor],
    origin: Tensor,
    span: Tensor,
) -> Callable[[Tensor], hessian.Product]:
    """The Hessian's products as a function of the coordinates (2,) in a plane.

    Batch-norm statistics are those that `statistics` gives the point.
    """
    return lambda coordinates: operator(statistics(origin + coordinates @ span))


def measure(
    products: Callable[[Tensor], hessian.Product],
    starts: Tensor,
    points: ndarray,
    search: Mapping,
    memory: checkpoint.Checkpoint,
) -> dict[str, ndarray]:
    """Both ends of the spectrum at points (rows, columns, 2), each (rows · columns,).

    Each column has a random unit vector of its own in `starts` (columns, k). Along a
    row some of the eigenvectors of the point before is added to it, unless the Hessian
    there was not finite. So no row depends on another, and no random vector on what is
    added to it. Every minute, and when told to stop, what is done goes to `memory`.
    """
    lead = LEAD / math.sqrt(starts.shape[1])
    place = torch.from_numpy(points.reshape(-1, points.shape[-1])).to(starts)
    kept = memory.load() or {"values": torch.empty(0), "warm": torch.empty(0)}
    # One name for both, which a stop finds of the same point.
    found = kept["values"].tolist(), kept["warm"].to(starts)
    done, since = len(found[0]), time.monotonic()
    try:
        for index in progress.steps(range(done, len(place)), "point", done):
            column = index % len(starts)
            values, warm = found
            if column == 0:
                warm = warm[:0]
            ends = lanczos.extremes(
                products(place[index]),
                starts[column] + lead * warm.sum(0),
                search["tolerance"],
                search["products"],
            )
            warm = ends.vectors if np.isfinite(ends.minimum) else warm[:0]
            found = [*values, ends[: len(VALUES)]], warm
            if time.monotonic() - since > EVERY:
                memory.save(_state(*found))
                since = time.monotonic()
    except KeyboardInterrupt:
        memory.save(_state(*found))
        raise
    return _columns(found[0])


def _state(values: Sequence[Sequence[float]], warm: Tensor) -> dict[str, Tensor]:
    return {"values": torch.from_numpy(np.array(values, float)), "warm": warm}


def spectrum(
    product: hessian.Product,
    starts: Tensor,
    search: Mapping,
    memory: checkpoint.Checkpoint,
) -> dict[str, ndarray]:
    """The whole spectrum at a point: Gauss rules, the trace, and both ends.

    The ends are found from the first of `starts` (1 + probes, k), random unit vectors;
    each of the others is a row of `nodes` and `weights` (probes, steps), as
    `lanczos.quadrature` gives them. All else is one number. What is done goes to
    `memory` after each probe.
    """
    first, *probes = starts
    rules = list((memory.load() or {"rules": torch.empty(0)})["rules"])
    for probe in progress.steps(probes[len(rules) :], "probe", len(rules)):
        rule = lanczos.quadrature(product, probe, search["steps"])
        rules.append(torch.from_numpy(np.stack(rule)))
        memory.save({"rules": torch.stack(rules)})
    nodes, weights = torch.stack(rules, 1).numpy()
    dimension = len(first)
    trace, error = density.trace(nodes, weights, dimension)
    # As long a run as each of the others, so as not to miss what those have met.
    ends = lanczos.extremes(
        *(product, first, search["tolerance"], search["products"]),
        least=search["steps"],
    )
    found = {name: value[0] for name, value in _columns([ends[: len(VALUES)]]).items()}
    sums = {"trace": trace, "trace_error": error, "dimension": dimension}
    return {"nodes": nodes, "weights": weights} | sums | found


def terms(plane: Mapping, seen: data.Data, search: Mapping, dimension: int) -> dict:
    """What decides the numbers, to be stored with them."""
    return landscape.terms(plane, seen) | {
        "tensors": search["tensors"],
        "tolerance": search["tolerance"],
        "products_at_most": search["products"],
        "seed": search["seed"],
        "dimension": dimension,
    }


def _columns(found: Sequence[Sequence[float]]) -> dict[str, ndarray]:
    """What many searches found, by name; says how many did not converge."""
    table = np.array(found, dtype=float).reshape(-1, len(VALUES))
    columns = {
        name: column.astype(dtype)
        for column, (name, dtype) in zip(table.T, VALUES.items(), strict=True)
    }
    failed = np.count_nonzero(~columns["converged"])
    if failed:
        log.warning(
            "%d of %d eigenvalue searches did not converge: "
            "they need more than %d products, or a larger tolerance",
            *(failed, len(found), columns["products"].max()),
        )
    return columns
