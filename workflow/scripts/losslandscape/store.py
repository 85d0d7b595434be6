"""Arrays as HDF5, tables as CSV: the same bytes for the same values."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import h5py
import numpy as np
from numpy import ndarray


def save(path: str | Path, arrays: Mapping[str, ndarray], **attributes) -> None:
    """Store named arrays in a new HDF5 file, without times, with attributes."""
    with h5py.File(path, "w") as file:
        file.attrs.update(attributes)
        for name, array in arrays.items():
            file.create_dataset(name, data=array, track_times=False)


def load(path: str | Path) -> dict[str, ndarray]:
    """The arrays of a file; raises ValueError that names a file that is not whole."""
    with _open(path) as file:
        return {name: file[name][()] for name in file}


def attributes(path: str | Path) -> dict:
    """What was written beside the arrays of a file."""
    with _open(path) as file:
        return dict(file.attrs)


def save_table(path: str | Path, rows: Sequence[Mapping]) -> None:
    """Store rows of the same keys as CSV, every number with all its digits."""
    # NumPy writes a float32 with fewer digits than its value has.
    plain = [{key: np.asarray(row[key]).item() for key in row} for row in rows]
    with open(path, "w", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(plain)


def load_table(path: str | Path) -> dict[str, ndarray]:
    """The columns of a CSV file of numbers, by name."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def save_summary(path: str | Path, summary: dict) -> None:
    """Store a small mapping as JSON that people can read."""
    Path(path).write_text(json.dumps(summary, indent=2, sort_keys=True) + "\n")


def _open(path: str | Path) -> h5py.File:
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise ValueError(f"{path} is not a whole HDF5 file: {error}") from error
