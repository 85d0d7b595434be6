"""The state of an interrupted computation: a safetensors file, and a series beside."""

import hashlib
import logging
import os
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from losslandscape.optimisers import Optimiser

log = logging.getLogger(__name__)


class Checkpoint:
    """A file that holds named tensors, replaced as a whole each time it is saved."""

    def __init__(self, path: Path | None):
        """Keep the state at `path`, and `series` in the folder of its name's stem.

        With None, nothing is kept.
        """
        self.path = path
        self.series = Series(path and path.with_suffix(""))

    def save(self, state: dict[str, Tensor]) -> None:
        """Replace what was kept."""
        if self.path is not None:
            _replace(self.path, state)

    def load(self) -> dict[str, Tensor] | None:
        """What was kept, on the CPU; None when this is the first time."""
        if self.path is None or not self.path.exists():
            return None
        try:
            return _load(self.path)
        except ValueError as error:
            log.warning("%s: starting again", error)
            return None


class Series:
    """Vectors by their numbers, each a file that is there as a whole or not at all."""

    def __init__(self, folder: Path | None):
        """Keep the vectors in `folder`, made when it is needed; with None, nowhere."""
        self.folder = folder

    def add(self, index: int, vector: Tensor) -> None:
        """Keep a vector (n,), in place of one of the same number."""
        if self.folder is not None:
            self.folder.mkdir(exist_ok=True)
            _replace(self._file(index), {"vector": vector})

    def load(self, index: int) -> Tensor:
        """The vector (n,) of a number, on the CPU; ValueError if it is not whole."""
        return _load(self._file(index))["vector"]

    def indices(self) -> list[int]:
        """The numbers of the vectors that are there, in order."""
        files = [] if self.folder is None else self.folder.glob("*.safetensors")
        return sorted(int(file.stem) for file in files if _is_whole(file))

    def _file(self, index: int) -> Path:
        return self.folder / f"{index}.safetensors"


def pack(net: nn.Module, optimiser: Optimiser) -> dict[str, Tensor]:
    """The tensors of a net and of its optimiser's memory."""
    state = {f"net.{name}": tensor for name, tensor in net.state_dict().items()}
    memory = optimiser.state().items()
    return state | {f"optimiser.{name}": tensor for name, tensor in memory}


def unpack(state: dict[str, Tensor], net: nn.Module, optimiser: Optimiser) -> None:
    """Put the tensors of `pack` back."""
    net.load_state_dict(_under("net.", state))
    optimiser.resume(_under("optimiser.", state))


def random_state() -> dict[str, Tensor]:
    """The state of torch's own generators, which dropout draws from."""
    cuda = {"random.cuda": torch.cuda.get_rng_state()} if _cuda() else {}
    return {"random.cpu": torch.get_rng_state()} | cuda


def set_random_state(state: dict[str, Tensor]) -> None:
    """Put the states of `random_state` back."""
    torch.set_rng_state(state["random.cpu"])
    if _cuda():
        torch.cuda.set_rng_state(state["random.cuda"])


def _replace(path: Path, state: dict[str, Tensor]) -> None:
    beside = path.with_suffix(".part")
    state = _apart({k: v.detach().cpu().contiguous() for k, v in state.items()})
    content = save(state, {"sha256": _sha256(state)})
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def _apart(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors; of those that are one, as tied weights are, the rest copies.

    The format refuses what shares memory.
    """
    places: set[int] = set()
    for name, tensor in state.items():
        if tensor.numel() and tensor.data_ptr() in places:
            state[name] = tensor.clone()
        places.add(tensor.data_ptr())
    return state


def _load(path: Path) -> dict[str, Tensor]:
    """The tensors of a file; ValueError unless they are those that were saved."""
    try:
        with safe_open(path, "pt") as file:
            told = (file.metadata() or {}).get("sha256")
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(f"{path} is not whole ({error})") from error
    if told != _sha256(state):
        raise ValueError(f"{path} is damaged (its numbers are not those saved)")
    return state


def _sha256(state: dict[str, Tensor]) -> str:
    """A digest of tensors, with their names, types and shapes."""
    found = hashlib.sha256()
    for name in sorted(state):
        part = state[name]
        found.update(f"{name} {part.dtype} {tuple(part.shape)} ".encode())
        if part.numel():
            found.update(part.flatten().view(torch.uint8).numpy())
    return found.hexdigest()


def _is_whole(path: Path) -> bool:
    try:
        return bool(_load(path))
    except ValueError as error:
        log.warning("%s", error)
        return False


def _cuda() -> bool:
    return torch.cuda.is_available()


def _under(prefix: str, state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
