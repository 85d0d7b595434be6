"""Batches as large as memory allows."""

import logging
from collections.abc import Callable

import torch
from torch import Tensor

from losslandscape import shortage

log = logging.getLogger(__name__)


def sparing(
    function: Callable[[Tensor, int], Tensor], size: int
) -> Callable[[Tensor], Tensor]:
    """A function of (vector, size of a batch) as a function of the vector alone.

    Where memory runs out it is done again with batches of half the size, for good. With
    batches of one that is a MemoryError; while a GPU's work is captured the error is
    passed on.
    """

    def spared(vector: Tensor) -> Tensor:
        nonlocal size
        while True:
            try:
                return function(vector, size)
            except (RuntimeError, MemoryError) as error:
                if not shortage.is_meant(error) or is_capturing():
                    raise
                problem = (str(error) or "no memory").splitlines()[0]
            if size == 1:
                raise MemoryError(f"not even one image fits into memory ({problem})")
            # Outside of the handler, which keeps the tensors of the failed call alive.
            torch.cuda.empty_cache()
            size = size // 2
            log.warning("out of memory: going on in batches of %d (%s)", size, problem)

    return spared


def is_capturing() -> bool:
    """Whether a GPU's work is being captured, in which much is refused."""
    return torch.cuda.is_available() and torch.cuda.is_current_stream_capturing()
