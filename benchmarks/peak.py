"""What the machine can do: a large matrix product, and a large copy."""

import time
from collections.abc import Callable

import torch

FLOATS = {"cpu": 2**26, "cuda": 2**30}
TYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def arithmetic(precision: str) -> float:
    """GFLOP/s of a square matrix product on the threads of this process."""
    side, seconds = 128, 0.0
    # As large as takes a tenth of a second: types that are not native are slow.
    while seconds < 0.1 and side < 2**14:
        side *= 2
        a, b = torch.randn(2, side, side).to(TYPES[precision])
        seconds = _best(lambda a=a, b=b: a @ b)
    return 2 * side**3 / 1e9 / seconds


def memory() -> float:
    """GB/s of a copy, read and written."""
    source = torch.zeros(FLOATS[torch.get_default_device().type])
    target = torch.ones_like(source)
    return 2 * 4 * len(source) / 1e9 / _best(lambda: target.copy_(source))


def synchronise() -> None:
    """Wait for what a GPU was told to do."""
    if torch.get_default_device().type == "cuda":
        torch.cuda.synchronize()


def _best(function: Callable[[], object], times: int = 5) -> float:
    function()
    found = []
    for _ in range(times):
        synchronise()
        since = time.perf_counter()
        function()
        synchronise()
        found.append(time.perf_counter() - since)
    return min(found)
