"""Batches as large as memory allows."""

import logging
from collections.abc import Callable

import torch
from torch import Tensor

log = logging.getLogger(__name__)

# What the libraries beneath say when memory has run out.
SHORTAGES = ("can't allocate memory", "out of memory", "ALLOC_FAILED")


def sparing(
    function: Callable[[Tensor, int], Tensor], size: int
) -> Callable[[Tensor], Tensor]:
    """A function of (vector, size of a batch) as a function of the vector alone.

    Where memory runs out it is done again with batches of half the size, for good; with
    batches of one the error is passed on, and so it is while a GPU's work is captured.
    """

    def spared(vector: Tensor) -> Tensor:
        nonlocal size
        while True:
            try:
                return function(vector, size)
            except (RuntimeError, MemoryError) as error:
                if size == 1 or not is_shortage(error) or _is_capturing():
                    raise
                problem = (str(error) or "no memory").splitlines()[0]
            # Outside of the handler, which keeps the tensors of the failed call alive.
            torch.cuda.empty_cache()
            size = size // 2
            log.warning("out of memory: going on in batches of %d (%s)", size, problem)

    return spared


def is_shortage(error: Exception) -> bool:
    """Whether an error says that memory has run out, on a GPU or on the CPU."""
    is_typed = isinstance(error, (torch.OutOfMemoryError, MemoryError))
    return is_typed or any(text in str(error) for text in SHORTAGES)


def _is_capturing() -> bool:
    return torch.cuda.is_available() and torch.cuda.is_current_stream_capturing()
