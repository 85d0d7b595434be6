"""Learning-rate schedules: the factor on the initial rate, constant within an epoch."""

import math
from collections.abc import Mapping


def factor(schedule: Mapping, epoch: int, epochs: int) -> float:
    """The factor for the given epoch of a run, epochs counted from 1.

    The schedule is a mapping of one key: `step` with the epochs `at` whose end the rate
    is multiplied by `factor`, `flat_linear_flat`, `cosine` or `constant`.
    """
    ((name, options),) = schedule.items()
    return SCHEDULES[name](epoch, epochs, **(options or {}))


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


SCHEDULES = {
    "step": step,
    "flat_linear_flat": flat_linear_flat,
    "cosine": cosine,
    "constant": constant,
}
