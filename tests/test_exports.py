"""Planes for other programs, read back by other means."""

import csv
import hashlib
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from losslandscape import exports

X, Y = np.array([-1.0, 0.5, 1.0]), np.array([10.0, 30.0])
LOSSES = np.array([[0.0, 1 / 3, np.inf], [np.nan, 9.9, 1e-300]])
VALUES = {
    "train_loss": LOSSES,
    "products": np.array([[1, 2, 3], [4, 5, 2**40]]),
    "converged": np.array([[True, False, True], [True, True, False]]),
}
TYPES = {"Float64": "<f8", "UInt8": "<u1", "Int64": "<i8"}


def read(path: Path) -> tuple[str, dict[str, np.ndarray]]:
    """The extent and the arrays of a file of VTK's, by its own description alone.

    Its binary part follows on `_`: for each array its bytes' number, and its bytes.
    """
    content = path.read_bytes()
    text, _, appended = content.partition(b'<AppendedData encoding="raw">')
    blob = appended[appended.index(b"_") + 1 :]
    head = re.sub(rb'header_type="\w+"', b"", text).decode() + "</VTKFile>"
    found = {}
    root = ElementTree.fromstring(head)
    for array in root.iter("DataArray"):
        start = int(array.get("offset"))
        size = int.from_bytes(blob[start : start + 8], "little")
        kind = TYPES[array.get("type")]
        found[array.get("Name")] = np.frombuffer(blob[start + 8 :][:size], kind)
    (grid,) = root.iter("StructuredGrid")
    return grid.get("WholeExtent"), found


def test_a_table_has_a_row_for_each_point_and_all_digits(tmp_path):
    exports.save_rows(tmp_path / "x.csv", [X, Y], VALUES)

    rows = list(csv.DictReader((tmp_path / "x.csv").open()))
    assert len(rows) == 6
    for row in rows:
        at = (list(Y).index(float(row["y"])), list(X).index(float(row["x"])))
        assert np.array_equal(float(row["train_loss"]), LOSSES[at], equal_nan=True)
        assert int(row["products"]) == VALUES["products"][at]
        assert row["converged"] == str(VALUES["converged"][at])


def test_a_grid_has_every_measure_at_its_point(tmp_path):
    height = np.arange(6.0).reshape(2, 3)

    exports.save_grid(tmp_path / "x.vts", [X, Y], height, VALUES)

    extent, found = read(tmp_path / "x.vts")
    assert extent == "0 2 0 1 0 0"
    points = found.pop("points").reshape(-1, 3)
    assert found.keys() == VALUES.keys()
    for number, (x, y, z) in enumerate(points):
        at = (list(Y).index(y), list(X).index(x))
        assert z == height[at]
        for name, array in VALUES.items():
            assert np.array_equal(
                found[name][number], array[at], equal_nan=name == "train_loss"
            )


def test_a_plane_stands_as_high_as_its_training_loss(tmp_path):
    losses = np.array([[0.0, 0.9, 9.9], [99.9, 0.0, 0.9]])
    values = {"train_loss": losses, "test_loss": 2 * losses}

    exports.save_landscape(tmp_path / "x.vts", [X, Y], values)

    _, found = read(tmp_path / "x.vts")
    # Of ln(loss / 0.1 + 1) a factor of ten is a step: three to half the plane's width.
    steps = np.array([0, 1, 2, 3, 0, 1])
    assert np.allclose(found["points"].reshape(-1, 3)[:, 2], steps / 3 * np.ptp(X) / 2)


def test_a_volume_has_every_measure_at_its_point(tmp_path):
    axes = [X, Y, np.array([5.0, 7.0])]
    losses = np.arange(12.0).reshape(2, 2, 3)

    exports.save_landscape(tmp_path / "x.vts", axes, {"train_loss": losses})
    exports.save_rows(tmp_path / "x.csv", axes, {"train_loss": losses})

    extent, found = read(tmp_path / "x.vts")
    assert extent == "0 2 0 1 0 1"
    rows = csv.DictReader((tmp_path / "x.csv").open())
    points = [tuple(map(float, row.values())) for row in rows]
    assert len(points) == 12
    for number, (*point, loss) in enumerate(points):
        at = [list(axis).index(one) for axis, one in zip(axes, point, strict=True)]
        assert loss == losses[tuple(at[::-1])]
        assert found["points"].reshape(-1, 3)[number].tolist() == point
        assert found["train_loss"][number] == loss


def test_a_grid_has_the_same_bytes_each_time(tmp_path):
    for name in ("x.vts", "y.vts"):
        exports.save_grid(tmp_path / name, [X, Y], np.zeros((2, 3)), VALUES)

    first, second = (
        hashlib.sha256((tmp_path / name).read_bytes()).digest()
        for name in ("x.vts", "y.vts")
    )
    assert first == second


def test_a_grid_stands_where_it_was_asked_to(tmp_path):
    exports.save_grid(tmp_path / ".part-a.b.vts", [X, Y], np.zeros((2, 3)), VALUES)

    assert [path.name for path in tmp_path.iterdir()] == [".part-a.b.vts"]
    with pytest.raises(ValueError, match=r"does not end in \.vts"):
        exports.save_grid(tmp_path / "x.vtk", [X, Y], np.zeros((2, 3)), VALUES)


def test_heights_go_from_loss_0_to_half_the_width_at_the_highest_finite_loss():
    heights = exports.heights([X, Y], LOSSES)

    # ln(loss + 0.1), by hand: from ln 0.1 to ln 10, so 1/3 is ln(13/3) / ln 100 up.
    assert heights[0, 0] == 0
    assert heights[0, 1] == pytest.approx(np.log(13 / 3) / np.log(100))
    assert heights[1] == pytest.approx([1, 1, 0])
    assert heights[0, 2] == pytest.approx(1)


@pytest.mark.parametrize("losses", [[[0.0, 0.0]], [[np.nan, np.inf]]])
def test_heights_of_what_has_none_are_finite(losses):
    assert np.isfinite(exports.heights([X, Y], np.array(losses))).all()
