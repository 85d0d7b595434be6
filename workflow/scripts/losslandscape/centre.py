"""The value at the centre of a landscape is the loss of the net that was trained.

Checked for every line and surface: what a fast engine measures where nothing has moved
must be what an ordinary pass over the data gives.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy import ndarray

MEASURES = ("train_loss", "train_error", "test_loss", "test_error")

# Losses agree to 1e-4 of their size, or to 1e-6 near zero: float32 sums in another
# order. Errors, in %, may differ where rounding decides between two classes; those of
# another unit as losses do.
RELATIVE = np.full(4, 1e-4)
ABSOLUTE = np.array([1e-6, 0.2, 1e-6, 0.2])


def require(
    measured: Sequence[float],
    expected: Sequence[float],
    what: str,
    limit: float = 0.0,
) -> None:
    """Raise ArithmeticError unless the four `MEASURES` are the expected ones.

    A loss that is infinite or undefined in both is the same. Below float32 values may
    differ by a `limit` of their size, and as many in a hundred images by their class.
    """
    measured, expected = np.asarray(measured), np.asarray(expected)
    relative = np.maximum(RELATIVE, limit)
    absolute = np.maximum(ABSOLUTE, [0, 100 * limit, 0, 100 * limit])
    near = np.isclose(measured, expected, relative, absolute, equal_nan=True)
    if not near.all():
        values = dict(zip(MEASURES, measured.tolist(), strict=True))
        raise ArithmeticError(
            f"{what}: at the centre {values} was measured, "
            f"but the net itself has {expected.tolist()}"
        )


def require_cell(
    values: Mapping[str, ndarray],
    points: ndarray,
    expected: Sequence[float],
    what: str,
    limit: float = 0.0,
) -> None:
    """Raise ArithmeticError unless the point at zero, if there is one, is as expected.

    `points` (cells, axes) are the coordinates of the values.
    """
    for cell in np.flatnonzero(np.abs(points).max(axis=1) < 1e-9):
        found = [values[name].flat[cell] for name in MEASURES]
        require(found, expected, what, limit)
