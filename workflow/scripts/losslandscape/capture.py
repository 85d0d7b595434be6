"""Work of always the same shape as one launch on a GPU: a CUDA graph, captured once.

What a small net costs on a GPU is mostly the launches of its hundreds of kernels.
"""

import logging
from collections.abc import Callable

import torch
from torch import Tensor

log = logging.getLogger(__name__)

Function = Callable[..., Tensor]

# Calls before the capture, in which libraries choose kernels and allocate memory.
WARM_UP = 3


def replayed(function: Function) -> Function:
    """A function of tensors that always does the same work, replayed on a GPU.

    On the CPU it is called as it is. On a GPU so it is at first; then it is captured
    over copies of its tensors, into which later calls copy theirs. What has another
    shape than those is called as it is, and so is all that cannot be captured, which
    the log says. What the function draws on the host would be frozen: see `is_steady`.
    """
    calls, shapes, replay = 0, None, None

    def called(*tensors: Tensor) -> Tensor:
        nonlocal calls, shapes, replay
        if not tensors[0].is_cuda:
            return function(*tensors)
        calls, shape = calls + 1, [tensor.shape for tensor in tensors]
        if calls <= WARM_UP:
            return _beside(function, tensors)
        if calls == WARM_UP + 1:
            shapes, replay = shape, _capture(function, tensors)
        whole = replay is not None and shape == shapes
        return (replay if whole else function)(*tensors)

    return called


def is_steady(net: torch.nn.Module) -> bool:
    """Whether a net does the same work at each step, but for what torch draws.

    One that decides on the host, by Python's or numpy's lots or by numbers that it
    reads from tensors, says `steady = False`.
    """
    return getattr(net, "steady", True)


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
    try:
        torch.cuda.synchronize()
        with torch.cuda.graph(graph):
            result = function(*held)
    except RuntimeError as error:
        log.warning("launching kernel by kernel: %s", str(error).splitlines()[0])
        return None

    def replay(*tensors: Tensor) -> Tensor:
        for own, tensor in zip(held, tensors, strict=True):
            own.copy_(tensor)
        graph.replay()
        return result.clone()

    return replay
