"""Arrays as HDF5, tables as CSV, tensors as safetensors: equal bytes for equal values.

Nothing here needs torch: jobs that draw read what others measured in a second.
"""

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
from numpy import ndarray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as packed

from losslandscape import note

REMEDY = "delete it and run the same command, which makes it again"

# What readers raise at a file that is cut short or changed.
DAMAGE = (ValueError, KeyError, OSError, RuntimeError, csv.Error, SafetensorError)

# The tensors of a net's state by name, in the net's order, each (…, its shape).
Named = Mapping[str, ndarray]


def read(path: str | Path) -> dict | ndarray:
    """What a file holds, by its ending: arrays, columns, or a net's parameters."""
    return READERS[Path(path).suffix](path)


def save(path: str | Path, arrays: Mapping[str, ndarray], **attributes) -> None:
    """Store named arrays in a new HDF5 file, without times, with attributes."""
    with written(path) as file:
        file.attrs.update(attributes)
        for name, array in arrays.items():
            file.create_dataset(name, data=array, track_times=False)


@contextmanager
def written(path: str | Path) -> Iterator[h5py.File]:
    """A new HDF5 file whose arrays are written in parts; OSError where that fails."""
    with _Patient(path, "w+") as file:
        try:
            with h5py.File(file, "w") as arrays:
                yield arrays
        finally:
            if file.error:
                raise file.error


def load(path: str | Path) -> dict[str, ndarray]:
    """The arrays of a file; raises ValueError that names a file that is not whole."""
    with _open(path) as file:
        return {name: file[name][()] for name in file}


def attributes(path: str | Path) -> dict:
    """What was written beside the arrays of a file, without the note of its recipe."""
    with _open(path) as file:
        return {name: file.attrs[name] for name in file.attrs if name != note.NAME}


def save_table(path: str | Path, rows: Sequence[Mapping]) -> None:
    """Store rows of the same keys as CSV, every number with all its digits.

    None is an empty cell.
    """
    # NumPy writes a float32 with fewer digits than its value has.
    plain = [{key: np.asarray(row[key]).item() for key in row} for row in rows]
    with open(path, "w", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(plain)


def load_table(path: str | Path) -> dict[str, ndarray]:
    """The columns of a CSV file by name: numbers, or words where there are some.

    An empty cell in a column of numbers is nan. Raises ValueError that names a file
    that is not whole.
    """
    with _whole(path, "CSV"):
        text = Path(path).read_text()
        if not text.endswith("\n"):
            raise ValueError("its last line has no end")
        names, *rows = csv.reader(io.StringIO(text), strict=True)
        columns = map(_column, zip(*rows, strict=True))
        return dict(zip(names, columns, strict=True))


def save_tensors(path: str | Path, tensors: Named, buffers: Collection[str]) -> None:
    """Store tensors for any reader of safetensors.

    The metadata says of each, in their order, if it is one of `buffers`, not learnable.
    """
    # One entry, since the format keeps no order of several.
    metadata = {"buffers": json.dumps({name: name in buffers for name in tensors})}
    content = packed({name: part.copy("C") for name, part in tensors.items()}, metadata)
    # Not by the library's own file, which nobody else may read.
    Path(path).write_bytes(content)


def load_tensors(path: str | Path) -> tuple[dict[str, ndarray], set[str]]:
    """The tensors of a file, in order, and the names of the buffers among them.

    Raises ValueError that names a file that is not whole.
    """
    with _whole(path, "safetensors"), safe_open(path, "np") as file:
        told = json.loads((file.metadata() or {}).get("buffers", "{}"))
        found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    tensors = {name: found[name] for name in told or found}
    return tensors, {name for name in told if told[name]}


def load_parameters(path: str | Path) -> ndarray:
    """All learnable weights of a file of tensors, (n,); see `load_tensors`."""
    tensors, buffers = load_tensors(path)
    kept = [part.ravel() for name, part in tensors.items() if name not in buffers]
    return np.concatenate(kept)


def save_summary(path: str | Path, summary: dict) -> None:
    """Store a small mapping as JSON that people can read."""
    Path(path).write_text(json.dumps(summary, indent=2, sort_keys=True) + "\n")


def load_summary(path: str | Path) -> dict:
    """What a small mapping in JSON says; ValueError that names a file not whole."""
    with _whole(path, "JSON"):
        return json.loads(Path(path).read_text())


READERS = {
    ".h5": load,
    ".csv": load_table,
    ".json": load_summary,
    ".safetensors": load_parameters,
}


class _Patient(io.FileIO):
    """A file that says at its end what went wrong: HDF5 crashes on a full disk."""

    error: OSError | None = None

    def write(self, part: bytes) -> int:
        """Write all of a part, or as if."""
        rest = memoryview(part)
        try:
            while rest:
                rest = rest[super().write(rest) :]
        except OSError as error:
            self.error = self.error or error
        return len(part)


def _column(cells: Sequence[str]) -> ndarray:
    try:
        return np.array([float(cell or "nan") for cell in cells])
    except ValueError:
        return np.array(cells)


@contextmanager
def _open(path: str | Path) -> Iterator[h5py.File]:
    with _whole(path, "HDF5"), h5py.File(path, "r") as file:
        yield file


@contextmanager
def _whole(path: str | Path, form: str) -> Iterator[None]:
    """Errors of readers as a ValueError that names the file and says what to do."""
    try:
        yield
    except DAMAGE as error:
        if isinstance(error, (FileNotFoundError, PermissionError)):
            raise
        told = " ".join(str(error).split())
        raise ValueError(
            f"{path} is not a whole {form} file ({told}): {REMEDY}"
        ) from error
