"""The state of a net as one flat vector: parameters first, then batch-norm statistics.

Whatever decides the net's outputs is in the vector, so that a loss, a direction, a
curve or a plane is arithmetic on vectors. Integer buffers (batch counters) are left
out.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn


def tensors(net: nn.Module) -> dict[str, Tensor]:
    """The tensors that make up the vector, by name and in order."""
    floating = {k: b for k, b in net.named_buffers() if b.is_floating_point()}
    return dict(net.named_parameters()) | floating


def count(net: nn.Module) -> int:
    """The number of learnable parameters: the length of the vector's first part."""
    return sum(parameter.numel() for parameter in net.parameters())


def flatten(net: nn.Module) -> Tensor:
    """The state of a net, a copy of shape (n,)."""
    return torch.cat([tensor.detach().flatten() for tensor in tensors(net).values()])


def unflatten(vector: Tensor, net: nn.Module) -> dict[str, Tensor]:
    """Views of a vector (…, n) by name, each (…, shape of the tensor)."""
    like = tensors(net)
    parts = vector.split([tensor.numel() for tensor in like.values()], dim=-1)
    lead = vector.shape[:-1]
    return {
        name: part.reshape(*lead, *like[name].shape)
        for name, part in zip(like, parts, strict=True)
    }


def assign(vector: Tensor, net: nn.Module) -> None:
    """Put a vector (n,) into a net."""
    with torch.no_grad():
        for tensor, value in zip(
            tensors(net).values(), unflatten(vector, net).values(), strict=True
        ):
            tensor.copy_(value)


def save(path: str | Path, vector: Tensor, net: nn.Module) -> None:
    """Store a vector (…, n) as named tensors that any reader of safetensors loads.

    The file's metadata says which of them are buffers, not learnable.
    """
    named = unflatten(vector.detach().cpu(), net)
    parts = {name: part.contiguous().clone() for name, part in named.items()}
    learnable = dict(net.named_parameters())
    buffers = [name for name in parts if name not in learnable]
    save_file(parts, path, metadata={"buffers": json.dumps(buffers)})


def load(path: str | Path, net: nn.Module) -> Tensor:
    """The vector (…, n) of a file, on the default device.

    Raises ValueError, naming the file and the tensors, when it does not fit the net.
    """
    found = _read(path)
    like = {name: tuple(tensor.shape) for name, tensor in tensors(net).items()}
    lost, strange = like.keys() - found.keys(), found.keys() - like.keys()
    if lost or strange:
        raise ValueError(
            f"{path} does not fit the net: missing {sorted(lost)}, "
            f"not of the net {sorted(strange)}"
        )
    first = next(iter(like))
    lead = found[first].shape[: found[first].ndim - len(like[first])]
    for name, shape in like.items():
        if found[name].shape != lead + shape:
            raise ValueError(
                f"{path} does not fit the net: {name} has shape "
                f"{tuple(found[name].shape)}, the net's has {shape}"
            )
    return torch.cat([found[name].flatten(len(lead)) for name in like], dim=-1)


def _read(path: str | Path) -> Mapping[str, Tensor]:
    try:
        with safe_open(path, "pt", device=str(torch.get_default_device())) as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(f"{path} is not a whole safetensors file: {error}") from error
