"""Norms of weights and of directions by filters, and the angle between directions."""

import math

import numpy as np
from numpy import ndarray

from losslandscape.store import Named


def of_filters(tensor: ndarray, lead: int = 1) -> ndarray:
    """The Frobenius norm of each filter, (filters,); of a vector, its own, (1,).

    Of several directions' tensor (count, …), with `lead` 2, (count, filters).
    """
    has_filters = tensor.ndim > lead
    first = tensor.shape[:lead] if has_filters else (*tensor.shape[: lead - 1], 1)
    return np.linalg.norm(tensor.reshape(*first, -1), axis=-1)


def table(origin: Named, directions: Named) -> list[dict]:
    """The norm of every filter: of the weights, then of each direction.

    One row for a filter; a bias or batch-norm tensor is one row of its own.
    """
    rows = []
    for name, weight in origin.items():
        columns = [of_filters(weight), *of_filters(directions[name], 2)]
        for index, values in enumerate(np.transpose(columns).tolist()):
            moved = {f"direction{k}_norm": v for k, v in enumerate(values[1:])}
            rows.append(
                {"tensor": name, "filter": index, "weight_norm": values[0]} | moved
            )
    return rows


def summary(directions: Named) -> dict:
    """Which tensors the directions leave alone, their norms, and the angle between.

    The angle, in degrees, is None for a single direction.
    """
    parts = [part.reshape(len(part), -1) for part in directions.values()]
    gram = sum(part @ part.T for part in (part.astype(float) for part in parts))
    lengths = np.sqrt(np.diag(gram))
    summed: dict = {
        "zeroed": [name for name, part in directions.items() if not part.any()],
        "norms": lengths.tolist(),
        "angle": None,
    }
    if len(gram) == 2:
        cosine = np.clip(gram[0, 1] / lengths.prod(), -1, 1)
        summed["angle"] = math.degrees(math.acos(cosine))
    return summed
