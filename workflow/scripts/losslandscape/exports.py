"""A measured plane for other programs: a table as CSV, and a grid of VTK's (ParaView).

Arrays are (rows y, columns x), or (layers z, rows y, columns x) of a volume, as in the
HDF5 files.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy import ndarray
from pyevtk.hl import gridToVTK

from losslandscape import grid


def save_rows(
    path: str | Path, axes: Sequence[ndarray], values: Mapping[str, ndarray]
) -> None:
    """Store measures over a grid as CSV: a row for each point, x, y, then measures.

    Rows are in the order of cells (`grid`), numbers with all their digits.
    """
    columns = grid.named(grid.points(axes).T)
    columns |= {name: each.ravel() for name, each in values.items()}
    with open(path, "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(zip(*(each.tolist() for each in columns.values()), strict=True))


def save_grid(
    path: str | Path, axes: Sequence[ndarray], height: ndarray, values: Mapping
) -> None:
    """Store measures over a plane as a structured grid of VTK, path ending in .vts.

    Points are (x, y, height); every measure is data of the points, NaN and inf as they
    are. Raises ValueError for another ending.
    """
    x, y = np.meshgrid(*axes)
    _save(path, (x, y, height), values)


def save_landscape(path: str | Path, axes: Sequence[ndarray], values: Mapping) -> None:
    """Store losses as `save_grid` does: a plane as high as they are, or a volume.

    Points are (x, y, height) of the training loss, or (x, y, z).
    """
    if len(axes) == 2:
        save_grid(path, axes, heights(axes, values["train_loss"]), values)
        return
    z, y, x = np.meshgrid(*reversed(axes), indexing="ij")
    _save(path, (x, y, z), values)


def heights(axes: Sequence[ndarray], losses: ndarray) -> ndarray:
    """How high a loss stands over its plane: ln(loss + 0.1) (Li et al., h52vtp.py).

    Scaled from 0 for a loss of 0 to half the plane's width for the highest finite loss;
    what is not finite stands as high as that.
    """
    highest = losses[np.isfinite(losses)].max(initial=0.1)
    known = np.where(np.isfinite(losses), losses, highest)
    share = np.log(known / 0.1 + 1) / np.log(highest / 0.1 + 1)
    return share * np.ptp(axes[0]) / 2


def _save(path: str | Path, points: Sequence[ndarray], values: Mapping) -> None:
    if Path(path).suffix != ".vts":
        raise ValueError(f"{path} does not end in .vts, as a structured grid does")
    data = {name: _of_vtk(array) for name, array in values.items()}
    stem = str(Path(path).with_suffix(""))
    gridToVTK(stem, *map(_of_vtk, points), pointData=data)


def _of_vtk(array: ndarray) -> ndarray:
    """An array as VTK orders it, x first, a plane as one layer; truth as 0 and 1."""
    plain = array.astype(np.uint8) if array.dtype == bool else array
    layers = plain if plain.ndim == 3 else plain[None]
    return np.ascontiguousarray(layers.T)
