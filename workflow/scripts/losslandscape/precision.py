"""Arithmetic below float32: how far its losses are from those in float32 and float64.

A choice is a mapping of one key: `float32`, or `tf32` or `bfloat16` with the `limit` of
the relative error of a loss, and with the size and the seed of the `sample` of points
that are measured again.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy import ndarray

from losslandscape.centre import MEASURES

# From weights to measures, both tensors; no step that gathers imports torch.
Loss = Callable[[object], object]

LOSSES = ("train_loss", "test_loss")
FEW = 2  # points in float64, which takes twice as long again


def name(choice: Mapping) -> str:
    """What the arithmetic is called."""
    (kind,) = choice
    return kind


def limit(choice: Mapping) -> float:
    """The largest relative error of a loss that is accepted; nought for float32."""
    ((_, how),) = choice.items()
    return how.get("limit", 0.0)


def errors(
    choice: Mapping,
    engine: Callable[[str], Loss],
    at: Callable[[ndarray], object],
    points: ndarray,
    values: Mapping[str, ndarray],
) -> dict:
    """The largest relative differences of losses at a sample of points (points, axes).

    `engine` gives the loss of a precision by its name, `at` the weights of a point. To
    float32 `precision_error`, over `precision_sample` points, and of float32 to float64
    `float32_error`; nothing for float32 itself. Beyond the limit an ArithmeticError.
    """
    ((kind, how),) = choice.items()
    if kind == "float32" or not len(points):
        return {}
    lot = np.random.default_rng(how["seed"])
    chosen = lot.permutation(len(points))[: how["sample"]]
    single, double = engine("float32"), engine("float64")
    rounded = np.stack([values[name][chosen] for name in LOSSES], axis=1)
    plain = _losses(single, at, points[chosen])
    finest = _losses(double, at, points[chosen[:FEW]])
    found = {
        "precision_error": _apart(rounded, plain),
        "precision_sample": len(chosen),
        "float32_error": _apart(plain[:FEW], finest),
    }
    if not found["precision_error"] <= how["limit"]:
        raise ArithmeticError(
            f"in {kind} a loss is {found['precision_error']:.2g} of its size off the "
            f"one in float32, more than the limit of {how['limit']:g}: "
            "choose float32 for the plane, or raise the limit of its precision"
        )
    return found


def worst(parts: list[Mapping]) -> dict:
    """The errors of a whole from those of its parts."""
    measured = [part for part in parts if "precision_error" in part]
    if not measured:
        return {}
    return {
        "precision_error": max(part["precision_error"] for part in measured),
        "precision_sample": sum(part["precision_sample"] for part in measured),
        "float32_error": max(part["float32_error"] for part in measured),
    }


def _losses(loss: Loss, at: Callable[[ndarray], object], points: ndarray) -> ndarray:
    """The losses (points, 2) of both splits."""
    kept = [MEASURES.index(name) for name in LOSSES]
    return np.stack([loss(at(point)).cpu().numpy()[kept] for point in points])


def _apart(found: ndarray, expected: ndarray) -> float:
    """The largest relative difference; nought where both are not finite.

    Losses below a millionth count as one.
    """
    lost = ~np.isfinite(found) & ~np.isfinite(expected)
    size = np.maximum(np.abs(expected), 1e-6)
    with np.errstate(invalid="ignore"):
        return float(np.where(lost, 0, np.abs(found - expected) / size).max())
