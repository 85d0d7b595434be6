"""Learning-rate schedules: the factor on the initial rate, for each step of a run.

Those of ordinary training are constant within an epoch; cyclical ones, of nets that are
collected on the way, change with every step, and say where each net is collected.
"""

import math
from collections.abc import Mapping


def factor(
    schedule: Mapping, epoch: int, epochs: int, step: int = 1, steps: int = 1
) -> float:
    """The factor at a step of an epoch of a run, both counted from 1.

    The schedule is a mapping of one key: `step` with the epochs `at` whose end the rate
    is multiplied by `factor`, `flat_linear_flat`, `cosine`, `constant`, `triangle` or
    `cosine_cycles`. An epoch has so many `steps`.

    >>> round(factor({"step": {"at": [150, 225], "factor": 0.1}}, 226, 300), 6)
    0.01
    >>> factor({"triangle": {"cycle": 2, "factor": 0.5}}, 1, 4, step=10, steps=10)
    0.5
    """
    ((name, options),) = schedule.items()
    options = options or {}
    if name in CYCLICAL:
        done = (epoch - 1) * steps + step
        return CYCLICAL[name](done, epochs * steps, steps, **options)
    return SCHEDULES[name](epoch, epochs, **options)


def collected(schedule: Mapping, epochs: int, steps: int) -> list[int]:
    """The steps of a run, counted from 1, whose nets are members of an ensemble.

    Where a cyclical rate is lowest; else the last step. Raises ValueError for cycles so
    short that they have no lowest rate, or an epoch two members.

    >>> collected({"triangle": {"cycle": 2, "factor": 0.5}}, epochs=6, steps=10)
    [10, 30, 50]
    """
    found = _lowest(schedule, epochs, steps)
    if len({math.ceil(step / steps) for step in found}) < len(found) or 0 in found:
        raise ValueError(
            f"cycles within {epochs} epochs of {steps} steps are too short"
        )
    return found


def _lowest(schedule: Mapping, epochs: int, steps: int) -> list[int]:
    ((name, options),) = schedule.items()
    total = epochs * steps
    if name == "triangle":
        cycle = options["cycle"] * steps
        return list(range(cycle // 2, total + 1, cycle))
    if name == "cosine_cycles":
        cycle = math.ceil(total / options["cycles"])
        return [*range(cycle, total, cycle), total]
    return [total]


def step(epoch: int, epochs: int, at: list[int], factor: float) -> float:
    """Drops at the end of given epochs (Li et al.: ×0.1 after 150, 225, 275)."""
    return factor ** sum(epoch > drop for drop in at)


def flat_linear_flat(epoch: int, epochs: int) -> float:
    """1 for half the run, then linear to 0.01 at nine tenths (Garipov et al., code)."""
    progress = epoch / epochs
    if progress <= 0.5:
        return 1.0
    return 1.0 - 0.99 * min(progress - 0.5, 0.4) / 0.4


def cosine(epoch: int, epochs: int) -> float:
    """Half a cosine from 1 to 0, as it stands at the beginning of the epoch."""
    return 0.5 * (1 + math.cos(math.pi * (epoch - 1) / epochs))


def constant(epoch: int, epochs: int) -> float:
    """The initial rate throughout."""
    return 1.0


def triangle(done: int, total: int, steps: int, cycle: int, factor: float) -> float:
    """Down and up again, linearly, in cycles of epochs (Garipov et al., section 4).

    From nearly 1 to `factor` in the first half of a cycle, back to 1 in the second.
    """
    length = cycle * steps
    t = ((done - 1) % length + 1) / length
    return 1 - 2 * t * (1 - factor) if t <= 0.5 else factor + (2 * t - 1) * (1 - factor)


def cosine_cycles(done: int, total: int, steps: int, cycles: int) -> float:
    """Half a cosine from 1 to nearly 0, so many times (Huang et al., 2017, eq. 2)."""
    length = math.ceil(total / cycles)
    return 0.5 * (1 + math.cos(math.pi * ((done - 1) % length) / length))


SCHEDULES = {
    "step": step,
    "flat_linear_flat": flat_linear_flat,
    "cosine": cosine,
    "constant": constant,
}
CYCLICAL = {"triangle": triangle, "cosine_cycles": cosine_cycles}
