"""One line or plane in several random directions: how much does the draw decide?

The official code sets one seed, whatever is asked, so that its repeated draws are all
the same; here each has a seed of its own, and how alike they are is measured.
"""

from collections.abc import Mapping, Sequence

import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import bundle, checkpoint, grid, losses


def drawn(
    net: nn.Module, origin: Tensor, dimensions: int, choice: Mapping, count: int
) -> list[bundle.Part]:
    """Lines or planes through the origin (n,), by `count` draws of their directions.

    The first is what the config chooses, each other has the seed after the one before.
    Raises ValueError for directions that are not random.
    """
    ((kind, how),) = choice.items()
    if kind != "random":
        raise ValueError(f"only random directions can be drawn again, not '{kind}'")
    spans = (
        bundle.drawn(net, origin, dimensions, how | {"seed": seed})
        for seed in seeds(choice, count)
    )
    return [bundle.Part(origin, span) for span in spans]


def seeds(choice: Mapping, count: int) -> list[int]:
    """The seeds of so many draws."""
    first = choice["random"]["seed"]
    return list(range(first, first + count))


def cosines(parts: Sequence[bundle.Part]) -> ndarray:
    """The cosine (parts, parts) of the angle between the first directions of two draws.

    Of n numbers that two draws share nothing in, about √(2/πn) in size (Li et al.).
    """
    first = torch.stack([part.span[0] for part in parts]).double()
    units = first / first.norm(dim=1, keepdim=True)
    return (units @ units.T).cpu().numpy()


def measure(
    loss: losses.Loss,
    parts: Sequence[bundle.Part],
    axes: Sequence[ndarray],
    expected: Sequence[float],
    memory: checkpoint.Checkpoint,
) -> dict[str, ndarray]:
    """The axes, `t` or `x` and `y`, and the measures (draws, points) on them.

    Over a plane they are (draws, rows y, columns x). See `bundle.measure`.
    """
    values = bundle.measure(loss, parts, grid.points(axes), expected, memory)
    shape = (len(parts), *(len(axis) for axis in reversed(axes)))
    named = zip(("t",) if len(axes) == 1 else ("x", "y"), axes, strict=True)
    return dict(named) | {name: v.reshape(shape) for name, v in values.items()}
