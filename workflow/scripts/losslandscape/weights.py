"""The state of a net as one flat vector: parameters first, then batch-norm statistics.

Whatever decides the net's outputs is in the vector, so that a loss, a direction, a
curve or a plane is arithmetic on vectors. Integer buffers (batch counters) are left
out.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import store


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
        name: part.reshape(lead + like[name].shape)
        for name, part in zip(like, parts, strict=True)
    }


def parameters(vector: Tensor, net: nn.Module) -> dict[str, Tensor]:
    """Views by name of the learnable part (n,) of a vector."""
    like = dict(net.named_parameters())
    parts = vector.split([tensor.numel() for tensor in like.values()])
    return {
        name: part.view(tensor.shape)
        for part, (name, tensor) in zip(parts, like.items(), strict=True)
    }


def assign(vector: Tensor, net: nn.Module) -> None:
    """Put a vector (n,) into a net."""
    with torch.no_grad():
        for tensor, value in zip(
            tensors(net).values(), unflatten(vector, net).values(), strict=True
        ):
            tensor.copy_(value)


def named(vector: Tensor, net: nn.Module) -> dict[str, ndarray]:
    """The tensors of a vector (…, n) by name, as arrays."""
    return {name: part.numpy() for name, part in unflatten(vector.cpu(), net).items()}


def buffers(net: nn.Module) -> set[str]:
    """The names of the tensors that are not learnable."""
    return tensors(net).keys() - dict(net.named_parameters()).keys()


def joined(parts: Mapping[str, ndarray], net: nn.Module) -> Tensor:
    """The vector (…, n) of tensors by name, on the default device.

    Raises ValueError that says what it is of them that does not fit the net.
    """
    like = {name: tuple(tensor.shape) for name, tensor in tensors(net).items()}
    lost, strange = like.keys() - parts.keys(), parts.keys() - like.keys()
    if lost or strange:
        raise ValueError(f"missing {sorted(lost)}, not of the net {sorted(strange)}")
    first = next(iter(like))
    lead = parts[first].shape[: parts[first].ndim - len(like[first])]
    for name, shape in like.items():
        found = parts[name].shape
        if found != lead + shape:
            raise ValueError(f"{name} has shape {found}, the net's has {shape}")
    flat = [torch.as_tensor(parts[name]).reshape(*lead, -1) for name in like]
    return torch.cat(flat, dim=-1)


def save(path: str | Path, vector: Tensor, net: nn.Module) -> None:
    """Store a vector (…, n) as named tensors; see `store.save_tensors`."""
    store.save_tensors(path, named(vector.detach(), net), buffers(net))


def load(path: str | Path, net: nn.Module) -> Tensor:
    """The vector (…, n) of a file, on the default device.

    Raises ValueError, naming the file and the tensors, when it does not fit the net.
    """
    parts, _ = store.load_tensors(path)
    try:
        return joined(parts, net)
    except ValueError as error:
        raise ValueError(f"{path} does not fit the net: {error}") from None


def together(paths: Sequence[str | Path], net: nn.Module) -> Tensor:
    """The vectors of several files, stacked (files, n); see `load`."""
    return torch.stack([load(path, net) for path in paths])
