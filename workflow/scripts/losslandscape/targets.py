"""What a task can take as its targets, and how many outputs it asks of a net."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy import ndarray


def fitted(
    task: Mapping, seen: ndarray, unseen: ndarray, source: str
) -> tuple[ndarray, ndarray]:
    """The targets (n, …) of both splits, of the type that a task such as {kind: …} has.

    Classes are integers from 0: one each (n,), without gaps and the test's among those
    of training, or one for each pixel or word. Regression has real numbers. ValueError
    for others.
    """
    if seen.shape[1:] != unseen.shape[1:]:
        raise ValueError(
            f"{source}: targets of the two splits differ: train is {described(seen)}, "
            f"test {described(unseen)}"
        )
    if "classification" in task:
        _require_classes(seen, unseen, source)
    if "regression" in task:
        seen, unseen = seen.astype("<f4"), unseen.astype("<f4")
    return seen, unseen


def outputs(labels: Sequence[ndarray]) -> int:
    """How many outputs targets ask of a net: one a class, or one a number (n, …)."""
    seen, unseen = labels
    if seen.dtype.kind == "f":
        return int(np.prod(seen.shape[1:]))
    return int(max(seen.max(), unseen.max())) + 1


def plain(values: ndarray) -> ndarray:
    """Numbers as they are stored: real ones as float32, others as int64."""
    return values.astype("<f4" if values.dtype.kind == "f" else "<i8")


def require_numbers(values: ndarray, name: str) -> None:
    """Raise ValueError unless there are numbers (n, …), all of them finite."""
    if values.dtype.kind not in "biuf" or values.size == 0:
        raise ValueError(f"{name} is {described(values)}; it must be numbers (n, …)")
    wrong = np.count_nonzero(~np.isfinite(values))
    if wrong:
        raise ValueError(f"{name} holds {wrong} values that are NaN or infinite")


def described(values: ndarray) -> str:
    """Type and shape in words."""
    return f"{values.dtype} {values.shape}"


def _require_classes(seen: ndarray, unseen: ndarray, source: str) -> None:
    if seen.dtype.kind not in "iu" or unseen.dtype.kind not in "iu":
        raise ValueError(
            f"{source}: targets are {described(seen)}, but classes are integers: "
            "is the task a regression?"
        )
    least = min(seen.min(), unseen.min())
    if least < 0:
        raise ValueError(f"{source}: classes are from 0, but one is {least}")
    if seen.ndim == 1:
        require_no_gaps(seen, unseen, source, ("train targets", "test targets"))


def require_no_gaps(
    seen: ndarray, unseen: ndarray, source: str, names: Sequence[str]
) -> None:
    """Raise ValueError unless classes (n,) are 0, 1, 2, … and the test's among them."""
    present = np.unique(seen)
    if present[0] != 0 or present[-1] != len(present) - 1:
        raise ValueError(
            f"{source}: {names[0]} run from {present[0]} to {present[-1]} with "
            f"{len(present)} classes present; they must be 0, 1, 2, ... without gaps"
        )
    strange = np.setdiff1d(unseen, present)
    if strange.size:
        raise ValueError(
            f"{source}: {names[1]} holds {strange[0]}, which {names[0]} does not "
            f"(0 to {present[-1]})"
        )
