"""Batches as large as memory allows."""

import logging
from collections.abc import Callable

import torch
from torch import Tensor

log = logging.getLogger(__name__)


def sparing(
    function: Callable[[Tensor, int], Tensor], size: int
) -> Callable[[Tensor], Tensor]:
    """A function of (vector, size of a batch) as a function of the vector alone.

    Where memory runs out it is done again with batches of half the size, for good; with
    batches of one the error is passed on.
    """

    def spared(vector: Tensor) -> Tensor:
        nonlocal size
        while True:
            try:
                return function(vector, size)
            except RuntimeError as error:
                if size == 1 or not is_shortage(error):
                    raise
                problem = str(error).splitlines()[0]
            # Outside of the handler, which keeps the tensors of the failed call alive.
            torch.cuda.empty_cache()
            size = size // 2
            log.warning("out of memory: going on in batches of %d (%s)", size, problem)

    return spared


def is_shortage(error: RuntimeError) -> bool:
    """Whether an error says that memory has run out, on a GPU or on the CPU."""
    out = isinstance(error, torch.OutOfMemoryError)
    return out or "can't allocate memory" in str(error)
