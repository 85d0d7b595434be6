"""A net of a user's own: built from their file, and seen to be one we can measure."""

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from losslandscape import own

# What its numbers may be, since files of weights and vectors know these.
KNOWN = torch.float32, torch.float64, torch.complex64


def build(
    file: str,
    name: str,
    channels: int,
    size: int,
    classes: int,
    options: Mapping[str, Any] | None = None,
) -> nn.Module:
    """The net that a class or function of a file gives for its options alone.

    Where it cannot take images (n, channels, size, size) that are channels last in
    memory, as ours are, it gets them in the usual order, and says so: `any_order` is
    False. Raises ValueError, in one sentence, for what is no net or cannot be measured;
    and see `own.made`.
    """
    net = own.made(file, name, options or {})
    where = f"{name!r} of {file}"
    if not isinstance(net, nn.Module):
        kind = type(net).__name__
        raise ValueError(f"{where} gives a {kind}, not a torch.nn.Module")
    _require_numbers(net, where)
    net.own_name = where  # for what is said of it later
    if _needs_order(net, (2, channels, size, size)):
        net.register_forward_pre_hook(_in_order)
        net.any_order = False
    return net


def _require_numbers(net: nn.Module, where: str) -> None:
    if not any(True for _ in net.parameters()):
        raise ValueError(f"{where} gives a net without parameters")
    for name, tensor in [*net.named_parameters(), *net.named_buffers()]:
        if nn.parameter.is_lazy(tensor):
            raise ValueError(f"{where}: {name} is lazy; give it its shape")
        moves = tensor.is_floating_point() or tensor.is_complex()
        if moves and tensor.dtype not in KNOWN:
            told = ", ".join(str(kind).removeprefix("torch.") for kind in KNOWN)
            raise ValueError(f"{where}: {name} is {tensor.dtype}; it must be of {told}")


@torch.no_grad()
def _needs_order(net: nn.Module, shape: tuple[int, ...]) -> bool:
    """Whether a net takes images in the usual order of memory, but not channels last.

    Many call `view`, which asks for it, where `flatten` would do.
    """
    net = copy.deepcopy(net).eval()
    try:
        images = torch.zeros(shape)
        net(images)
    except Exception:
        return False  # it is not of images
    try:
        net.to(memory_format=torch.channels_last)
        net(images.to(memory_format=torch.channels_last))
    except RuntimeError:
        return True
    return False


def _in_order(net: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(each.contiguous() for each in inputs)
