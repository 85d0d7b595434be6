"""The device of a job: a GPU where there is one, one thread of the CPU elsewhere."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from losslandscape import slots


def prepare(threads: int) -> dict:
    """Choose the device and make its arithmetic repeatable; say what was chosen.

    Drawing jobs never import torch, and need nothing.
    """
    if "torch" not in sys.modules:
        return {"name": "cpu"}
    import torch

    torch.set_num_threads(threads)
    card = slots.choose()
    if not torch.cuda.is_available():
        # One thread adds in one order: nothing else is needed.
        return {"name": "cpu", "deterministic": threads == 1}
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    # As use_deterministic_algorithms, which first imports a compiler for seconds.
    torch.set_deterministic_debug_mode("warn")
    # Else every new tensor is first filled with NaN.
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.backends.cudnn.benchmark = False
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.set_default_device("cuda")
    gpu = torch.cuda.get_device_properties(0)
    chosen = {"model": gpu.name, "uuid": str(gpu.uuid), "card": card}
    return {"name": "cuda", "deterministic": "warn", "tf32": False} | chosen


@contextmanager
def tf32(is_allowed: bool) -> Iterator[None]:
    """Whether a GPU may round float32 products to TF32, until the end of the block."""
    import torch

    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.allow_tf32, cudnn.allow_tf32
    matmul.allow_tf32 = cudnn.allow_tf32 = is_allowed
    try:
        yield
    finally:
        matmul.allow_tf32, cudnn.allow_tf32 = before
