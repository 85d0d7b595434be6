"""The weights on a run's way, on disk; their components against scikit-learn."""

import h5py
import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import Tensor, nn

import small
from losslandscape import checkpoint, store, trajectory

ALL = torch.ones(50, dtype=torch.bool)


def kept(folder, count: int = 3, size: int = 152) -> checkpoint.Series:
    """A series of vectors of noise for every fifth epoch."""
    series = checkpoint.Series(folder)
    for row in range(count):
        series.add(5 * row, small.numbers(size, seed=row).float())
    return series


def wandering(rows: int = 9, columns: int = 50, seed: int = 0) -> Tensor:
    """The steps of a random walk that is far from nought, its scales unlike."""
    scales = torch.as_tensor(np.geomspace(0.1, 3, columns))
    return 7 + scales * small.numbers(rows, columns, seed=seed).cumsum(0)


def fitted(points: Tensor) -> PCA:
    """The same by a singular value decomposition, without a Gram matrix."""
    return PCA(2, svd_solver="full").fit(points.cpu().numpy())


def test_a_way_is_read_as_it_was_kept(tmp_path):
    series = kept(tmp_path / "series")

    trajectory.save(tmp_path / "way.h5", series, [np.nan, 0.1, 0.01], small.net())
    way = trajectory.load(tmp_path / "way.h5", small.net())

    assert way.epoch.tolist() == [0, 5, 10]
    assert np.array_equal(way.lr, [np.nan, 0.1, 0.01], equal_nan=True)
    assert way.weights.dtype == torch.float32
    for row, epoch in enumerate((0, 5, 10)):
        assert torch.equal(way.weights[row].cpu(), series.load(epoch))


def test_the_file_is_compressed_and_says_what_it_holds(tmp_path, caplog):
    caplog.set_level("INFO")
    path, size = tmp_path / "way.h5", 2**19
    series = checkpoint.Series(tmp_path / "series")
    for epoch in range(3):
        series.add(epoch, torch.full([size], float(epoch)))

    trajectory.save(path, series, [0.1] * 3, nn.Linear(size, 1, bias=False))

    with h5py.File(path) as file:
        stored = file["weights"]
        kind = (stored.compression, stored.shuffle, stored.chunks, stored.dtype)
    assert kind == ("gzip", True, (1, 2**18), np.float32)
    facts = store.attributes(path)
    assert facts["raw_bytes"] == 3 * 4 * size
    assert facts["tensors"] == f'[["weight", [1, {size}]]]'
    assert path.stat().st_size < facts["raw_bytes"] / 10
    megabytes = path.stat().st_size / 1e6
    assert caplog.messages == [
        f"weights of 3 epochs: {megabytes:.1f} MB on disk, 6.3 MB without compression"
    ]


def test_the_same_way_is_the_same_bytes(tmp_path):
    series, paths = kept(tmp_path / "series"), [tmp_path / name for name in "ab"]

    for path in paths:
        trajectory.save(path, series, [0.1, 0.2, 0.3], small.net())

    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_one_vector_at_a_time_is_in_memory(tmp_path, monkeypatch):
    series, alive = kept(tmp_path / "series", 5), []
    load = series.load

    class Vector:
        """Counts itself."""

        def __init__(self, vector: Tensor):
            self.vector = vector
            alive.append(1)

        def __del__(self):
            alive.pop()

        def numpy(self) -> np.ndarray:
            assert len(alive) == 1
            return self.vector.numpy()

    monkeypatch.setattr(series, "load", lambda epoch: Vector(load(epoch)))

    trajectory.save(tmp_path / "way.h5", series, [0.1] * 5, small.net())

    assert len(store.load(tmp_path / "way.h5")["weights"]) == 5


def test_a_way_of_another_net_is_refused_by_name(tmp_path):
    path = tmp_path / "way.h5"
    trajectory.save(path, kept(tmp_path / "series"), [0.1] * 3, small.net())
    other = nn.Linear(152, 1, bias=False)

    with pytest.raises(ValueError, match=r"way\.h5 does not fit the net"):
        trajectory.load(path, other)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shape", [(3, 50), (9, 50), (60, 50)])
def test_components_are_those_of_a_decomposition_of_the_whole_matrix(seed, shape):
    points = wandering(*shape, seed)

    found = trajectory.principal(points, ALL)

    expected = fitted(points)
    signs = np.sign((found.directions.cpu().numpy() * expected.components_).sum(1))
    directions = signs[:, None] * expected.components_
    assert np.allclose(found.directions.cpu(), directions, rtol=0, atol=1e-9)
    assert np.allclose(found.explained.cpu(), expected.explained_variance_ratio_)
    assert torch.allclose(found.directions.norm(dim=1), torch.ones(2).double())
    inner = (points - points[-1]) @ found.directions.T
    assert torch.allclose(found.coordinates, inner, rtol=0, atol=1e-9)


def test_shares_of_a_known_ellipse_are_those_of_its_axes():
    angles = torch.arange(12).double() * (torch.pi / 6)
    points = torch.ones(12, 50).double()
    points[:, 3] += 3 * angles.cos()
    points[:, 7] += angles.sin()

    found = trajectory.principal(points, ALL)

    assert found.explained.tolist() == pytest.approx([0.9, 0.1])
    assert found.directions[0, 3].abs().item() == pytest.approx(1)
    assert found.directions[1, 7].abs().item() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_the_first_point_is_on_the_positive_side_of_both(seed):
    points = wandering(seed=seed)

    # Both ways round, so that half of the signs had to change.
    for way in (points, points.flip(0)):
        found = trajectory.principal(way, ALL)

        assert ((way[0] - way[-1]) @ found.directions.T > 0).all()


@pytest.mark.parametrize("columns", [1, 7, 49, 50, 51])
def test_columns_may_come_in_any_portions(monkeypatch, columns):
    points = wandering()
    whole = trajectory.principal(points, ALL)

    monkeypatch.setattr(trajectory, "COLUMNS", columns)
    found = trajectory.principal(points, ALL)

    for part, expected in zip(found, whole, strict=True):
        assert torch.allclose(part, expected, rtol=1e-9, atol=1e-12)


def test_columns_that_do_not_move_do_not_count():
    points, moved = wandering(), ALL.clone()
    moved[20:] = False

    found = trajectory.principal(points, moved)

    alone = trajectory.principal(points[:, :20], moved[:20])
    assert torch.allclose(found.directions[:, :20], alone.directions, rtol=1e-9)
    assert not found.directions[:, 20:].any()
    assert torch.allclose(found.explained, alone.explained, rtol=1e-12)


def test_points_in_single_precision_lose_none_of_it():
    points = 1000 + 1e-2 * wandering()

    found = trajectory.principal(points.float(), ALL)

    expected = fitted(points.float().double())
    ratio = expected.explained_variance_ratio_
    assert found.explained.tolist() == pytest.approx(ratio, rel=1e-9)
    assert found.directions.dtype == torch.float32


LINE = torch.arange(6)[:, None] * small.numbers(50)
REFUSED = {
    "a plane needs three points; 2 were kept": wandering(2),
    "lie on a line or are one point": 5 + LINE,
    "or are one point": small.numbers(50).repeat(6, 1),
    "are not finite": wandering() * torch.inf,
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_points_that_span_no_plane_are_refused_in_words(sentence):
    with pytest.raises(ValueError, match=sentence):
        trajectory.principal(REFUSED[sentence], ALL)


def test_a_line_in_single_precision_is_still_a_line():
    with pytest.raises(ValueError, match="on a line"):
        trajectory.principal((5 + LINE).float(), ALL)
