"""Weights that somebody else trained, from a file: read as data alone, and fitted.

What a file calls the tensors of a net may begin with what held the net: `module.` of
data in parallel, `_orig_mod.` of a compiled net, `model.` of a Lightning module. It is
left out where all names have it and the rest are then those of the net.
"""

import math
import pickle
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from losslandscape import data, losses, trial, weights

# Where training loops keep the tensors of a net, beside their own.
HELD = "state_dict", "model_state_dict", "model"
COMPILED = "_orig_mod."
SHOWN = 12  # names in a sentence
# What files of torch.save begin with, and how much is told of one that does not.
PICKLE, ZIP = b"\x80", b"PK"
SEEN = 20
# What torch raises for all that is none, or is damaged, or would have to run code.
UNREADABLE = pickle.UnpicklingError, RuntimeError, EOFError, KeyError, ValueError


def load(path: str, net: nn.Module, prefix: str = "") -> Tensor:
    """The vector (n,) of a file, which the net has then; on the net's device.

    Numbers are of the types that the net's have. With a `prefix`, tensors that have it
    count alone. Raises ValueError, in one sentence, for a file that is not whole or
    would have to run code, and for tensors that are not those of the net.
    """
    found = read(path)
    if prefix:
        found = _under(prefix, found)
    try:
        fitting = _fitting(found, net)
    except ValueError as error:
        raise ValueError(f"{path} does not fit the net: {error}") from None
    own = _own(net)
    with torch.no_grad():
        for name, tensor in fitting.items():
            own[name].copy_(tensor)
    return weights.flatten(net)


def history(net: nn.Module, vector: Tensor, loaded: data.Data, epochs: int) -> dict:
    """What is known of such a run: the row of its history where training ended.

    ValueError, in one sentence, where a user's own net does not fit the data.
    """
    trial.require(net, loaded)
    values = losses.measures(net, loaded.train, loaded.test)(vector).tolist()
    learnt = vector[: weights.count(net)].double()
    return {
        "epoch": epochs,
        "lr": math.nan,
        **dict(zip(losses.MEASURES, values, strict=True)),
        "weight_norm": learnt.norm().item(),
        "distance": math.nan,
    }


def read(path: str) -> dict[str, Tensor]:
    """The tensors of a file by name; no code in it is run.

    Raises ValueError, in one sentence.
    """
    if Path(path).suffix == ".safetensors":
        try:
            return load_file(path, device="cpu")
        except SafetensorError as error:
            raise ValueError(f"{path} is not whole: {error}") from error
    held = _unpacked(path)
    for name in HELD:
        if isinstance(held, Mapping) and isinstance(held.get(name), Mapping):
            held = held[name]
    tensors = isinstance(held, Mapping) and {
        name: value for name, value in held.items() if isinstance(value, Tensor)
    }
    if not tensors:
        raise ValueError(f"{path} holds no tensors by name, also not in {_some(HELD)}")
    return tensors


def _unpacked(path: str) -> object:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except UNREADABLE as error:
        raise ValueError(f"{path} {_refused(error, Path(path))}") from None


def _refused(error: Exception, path: Path) -> str:
    """What a file is or holds that torch does not read as data alone."""
    with path.open("rb") as file:
        start = file.read(SEEN)
    if not start.startswith((PICKLE, ZIP)):
        what = f"it begins with {start!r}" if start else "it is empty"
        return f"is no file of torch.save: {what}"
    if not isinstance(error, pickle.UnpicklingError):
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return f"is no whole file of torch.save ({said.partition('. ')[0]})"
    named = re.search(r"GLOBAL (\S+)", str(error))
    what = named.group(1) if named else "more than tensors"
    return (
        f"holds {what}, for which code would have to run; where you trust it, "
        "write its tensors alone, by safetensors.torch.save_file(state_dict, "
        "'NAME.safetensors') or save_model(net, 'NAME.safetensors'), and name that"
    )


def _fitting(found: Mapping[str, Tensor], net: nn.Module) -> dict[str, Tensor]:
    """The tensors by the net's own names; ValueError that names what does not fit."""
    tried = [(_misfits(named, net), named) for named in _named(found)]
    faults, named = min(tried, key=lambda one: len(one[0]))
    if faults:
        raise ValueError("; ".join([*faults, *_hints(found, net)]))
    return {name: named[name] for name in named.keys() & _own(net).keys()}


def _named(found: Mapping[str, Tensor]) -> Iterator[Mapping[str, Tensor]]:
    """The tensors as they are named, and without what all their names begin with."""
    yield found
    named = {name.replace(COMPILED, ""): tensor for name, tensor in found.items()}
    while True:
        yield named
        firsts = {name.partition(".")[0] for name in named if not _counts(named[name])}
        if len(firsts) != 1 or firsts & named.keys():
            return
        named = _under(f"{firsts.pop()}.", named)


def _misfits(named: Mapping[str, Tensor], net: nn.Module) -> list[str]:
    """What is missing, what is strange, and each tensor that is another one."""
    own, tied = _own(net), _tied(net)
    missing = [
        names[0]
        for names in tied
        if not named.keys() & set(names) and weights.moves(own[names[0]])
    ]
    strange = [k for k in named if k not in own and not _counts(named[k])]
    faults = [f"missing {_some(missing)}"] * bool(missing)
    faults += [f"not of the net {_some(strange)}"] * bool(strange)
    for name in [name for name in own if name in named]:
        faults += _differs(name, named[name], own[name])
    for names in tied:
        there = [name for name in names if name in named]
        if any(not torch.equal(named[k], named[there[0]]) for k in there[1:]):
            faults.append(f"{_some(there)} are one tensor of the net, but not there")
    return faults


def _differs(name: str, there: Tensor, own: Tensor) -> Iterator[str]:
    if there.shape != own.shape:
        yield f"{name} is {tuple(there.shape)}, the net's is {tuple(own.shape)}"
    elif there.is_complex() != own.is_complex():
        yield f"{name} is {there.dtype}, the net's is {own.dtype}"
    elif not (weights.moves(own) or _counts(own) or torch.equal(there, own.cpu())):
        yield f"{name} has other whole numbers than the net's, which stay"


def _hints(found: Mapping[str, Tensor], net: nn.Module) -> list[str]:
    """What some of the names begin with, where the rest of these would fit."""
    starts = {name[: k + 1] for name in found for k, c in enumerate(name) if c == "."}
    fits = [p for p in sorted(starts) if not _misfits(_under(p, found), net)]
    return [f"those under {_some(fits)} do fit: say which as `prefix`"] * bool(fits)


def _own(net: nn.Module) -> dict[str, Tensor]:
    """The tensors that the net would store, by all their names."""
    stored = net.state_dict(keep_vars=True)
    return {name: part for name, part in stored.items() if isinstance(part, Tensor)}


def _tied(net: nn.Module) -> list[list[str]]:
    """The names of each tensor of the net, of which one that is shared has several."""
    names: dict[int, list[str]] = {}
    for name, tensor in _own(net).items():
        names.setdefault(id(tensor), []).append(name)
    return list(names.values())


def _under(prefix: str, named: Mapping[str, Tensor]) -> dict[str, Tensor]:
    length = len(prefix)
    return {name[length:]: named[name] for name in named if name.startswith(prefix)}


def _counts(tensor: Tensor) -> bool:
    """Whether it is a counter, of batches or averaged nets, which decides nothing."""
    return tensor.dim() == 0 and not weights.moves(tensor)


def _some(names: Collection[str]) -> str:
    shown = list(names)[:SHOWN]
    more = len(names) - len(shown)
    return ", ".join(shown) + f" and {more} more" * bool(more)
