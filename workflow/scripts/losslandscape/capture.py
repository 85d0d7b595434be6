"""Work of always the same shape as one launch on a GPU: a CUDA graph, captured once.

What a small net costs on a GPU is mostly the launches of its hundreds of kernels.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

log = logging.getLogger(__name__)

Function = Callable[..., Tensor]

# Calls before the capture, in which libraries choose kernels and allocate memory.
WARM_UP = 3


def replayed(function: Function) -> Function:
    """A function of tensors that always does the same work, replayed on a GPU.

    On the CPU it is called as it is. What it draws on the host, as stochastic depth or
    a curve's t, would be frozen: a function that does so is never captured.
    """
    on_gpu = Replayed(function)

    def called(*tensors: Tensor) -> Tensor:
        return on_gpu(*tensors) if tensors[0].is_cuda else function(*tensors)

    return called


class Replayed:
    """A function that is captured for the first shapes that come again and again."""

    def __init__(self, function: Function) -> None:
        """Begin with calls as they are."""
        self.function = function
        self.calls: Counter = Counter()
        self.captured: tuple | None = None
        self.replay: Function = function
        self.is_steady = True

    def __call__(self, *tensors: Tensor) -> Tensor:
        """Call it, or replay what was captured for tensors of these shapes."""
        shapes = tuple((tensor.shape, tensor.dtype) for tensor in tensors)
        if shapes == self.captured:
            return self.replay(*tensors)
        self.calls[shapes] += 1
        if self.captured is None and self.is_steady and self.calls[shapes] > WARM_UP:
            self.captured = shapes
            self.replay = _capture(self.function, tensors) or self.function
            return self.replay(*tensors)
        before = host_lots()
        result = _beside(self.function, tensors)
        self.is_steady = self.is_steady and host_lots() == before
        return result


def host_lots() -> tuple:
    """The states of all generators of the host, equal where nothing was drawn."""
    name, keys, *rest = np.random.get_state()
    own = torch.get_rng_state().numpy().tobytes()
    return random.getstate(), name, keys.tobytes(), *rest, own


def _beside(function: Function, tensors: tuple[Tensor, ...]) -> Tensor:
    """A call on a stream of its own, as what is captured later is."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        result = function(*tensors)
    result.record_stream(torch.cuda.current_stream())
    torch.cuda.current_stream().wait_stream(stream)
    return result


def _capture(function: Function, like: tuple[Tensor, ...]) -> Function | None:
    held, graph = [tensor.clone() for tensor in like], torch.cuda.CUDAGraph()
    lots = torch.cuda.get_rng_state()
    try:
        torch.cuda.synchronize()
        with torch.cuda.graph(graph):
            result = function(*held)
    except RuntimeError as error:
        torch.cuda.set_rng_state(lots)
        log.warning("launching kernel by kernel: %s", str(error).splitlines()[0])
        return None

    def replay(*tensors: Tensor) -> Tensor:
        for own, tensor in zip(held, tensors, strict=True):
            own.copy_(tensor)
        graph.replay()
        return result.clone()

    return replay
