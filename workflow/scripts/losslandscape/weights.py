"""The state of a net as one flat vector: parameters first, then batch-norm statistics.

Whatever decides the net's outputs is in the vector, so that a loss, a direction, a
curve or a plane is arithmetic on vectors. Integer buffers (batch counters) are left
out. The vector is real: a complex number is two of its entries, side by side.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from numpy import ndarray
from torch import Tensor, nn

from losslandscape import store


def moves(tensor: Tensor) -> bool:
    """Whether a tensor is of numbers that a direction can move, real or complex."""
    return tensor.is_floating_point() or tensor.is_complex()


def tensors(net: nn.Module) -> dict[str, Tensor]:
    """The tensors that make up the vector, by name and in order; a tied one once."""
    moved = {name: tensor for name, tensor in net.named_buffers() if moves(tensor)}
    return dict(net.named_parameters()) | moved


def sizes(net: nn.Module) -> dict[str, int]:
    """How many numbers of the vector each tensor has; a complex entry has two."""
    return {name: _size(tensor) for name, tensor in tensors(net).items()}


def count(net: nn.Module) -> int:
    """The number of parameters, frozen ones too: the length of the first part."""
    return sum(map(_size, net.parameters()))


def learnt(net: nn.Module) -> Tensor:
    """Which numbers of the vector (n,) are learnt, as booleans."""
    left_out = buffers(net) | frozen(net)
    parts = [torch.full((k,), name not in left_out) for name, k in sizes(net).items()]
    return torch.cat(parts)


def flatten(net: nn.Module) -> Tensor:
    """The state of a net, a copy of shape (n,).

    >>> net = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1))
    >>> vector = flatten(net)
    >>> list(unflatten(vector, net))[:3], len(vector)
    (['0.weight', '0.bias', '1.weight'], 7)
    >>> assign(2 * vector, net)
    >>> bool(torch.equal(flatten(net), 2 * vector))
    True
    """
    return torch.cat([_flat(tensor.detach()) for tensor in tensors(net).values()])


def unflatten(vector: Tensor, net: nn.Module) -> dict[str, Tensor]:
    """Views of a vector (…, n) by name, each (…, shape of the tensor).

    Complex tensors are copies.
    """
    return _split(vector, tensors(net))


def parameters(vector: Tensor, net: nn.Module) -> dict[str, Tensor]:
    """The parameters (n,) of a vector by name; see `unflatten`."""
    return _split(vector, dict(net.named_parameters()))


def _split(vector: Tensor, like: Mapping[str, Tensor]) -> dict[str, Tensor]:
    parts = vector.split(list(map(_size, like.values())), dim=-1)
    lead = vector.shape[:-1]
    return {
        name: _shaped(part, lead, like[name])
        for name, part in zip(like, parts, strict=True)
    }


def _shaped(part: Tensor, lead: torch.Size, like: Tensor) -> Tensor:
    if not like.is_complex():
        return part.reshape(lead + like.shape)
    # No view: that asks for an even place in the vector.
    return torch.complex(*part.reshape((*lead, *like.shape, 2)).unbind(-1))


def _flat(tensor: Tensor) -> Tensor:
    return (torch.view_as_real(tensor) if tensor.is_complex() else tensor).flatten()


def _size(tensor: Tensor) -> int:
    return tensor.numel() * (1 + tensor.is_complex())


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
    """The names of the tensors that are not parameters."""
    return tensors(net).keys() - dict(net.named_parameters()).keys()


def frozen(net: nn.Module) -> set[str]:
    """The names of the parameters that are not learnt: they ask for no gradient."""
    return {name for name, p in net.named_parameters() if not p.requires_grad}


def joined(parts: Mapping[str, ndarray], net: nn.Module) -> Tensor:
    """The vector (…, n) of tensors by name, on the default device.

    Raises ValueError that says what it is of them that does not fit the net.
    """
    own = tensors(net)
    like = {name: tuple(tensor.shape) for name, tensor in own.items()}
    lost, strange = like.keys() - parts.keys(), parts.keys() - like.keys()
    if lost or strange:
        raise ValueError(f"missing {sorted(lost)}, not of the net {sorted(strange)}")
    first = next(iter(like))
    lead = parts[first].shape[: parts[first].ndim - len(like[first])]
    for name, shape in like.items():
        found = parts[name].shape
        if found != lead + shape:
            raise ValueError(f"{name} has shape {found}, the net's has {shape}")
        kind = parts[name].dtype
        if (kind.kind == "c") != own[name].is_complex():
            raise ValueError(f"{name} is {kind}, the net's {own[name].dtype}")
    flat = [_flat(torch.as_tensor(parts[name])).reshape(*lead, -1) for name in like]
    return torch.cat(flat, dim=-1)


def save(path: str | Path, vector: Tensor, net: nn.Module) -> None:
    """Store a vector (…, n) as named tensors; see `store.save_tensors`."""
    store.save_tensors(path, named(vector.detach(), net), buffers(net), frozen(net))


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
