"""Components of a way, by tensors, against a decomposition of the whole matrix."""

import numpy as np
import pytest
from numpy import ndarray
from sklearn.decomposition import PCA

import small
from losslandscape import components, trajectory, weights


def wandering(rows: int = 9, columns: int = 50, seed: int = 0) -> ndarray:
    """The steps of a random walk that is far from nought, its scales unlike."""
    steps = np.random.default_rng(seed).normal(size=(rows, columns))
    return 7 + np.geomspace(0.1, 3, columns) * steps.cumsum(0)


def tensors(points: ndarray) -> dict[str, ndarray]:
    """Points (k, 50) as two matrices and a vector."""
    count = len(points)
    first, second = points[:, :24], points[:, 24:42]
    return {
        "first": first.reshape(count, 4, 3, 2),
        "second": second.reshape(count, 9, 2),
        "third": points[:, 42:],
    }


def flat(named: dict[str, ndarray]) -> ndarray:
    """Tensors (k, …) as vectors (k, n)."""
    return np.hstack([part.reshape(len(part), -1) for part in named.values()])


def fitted(points: ndarray) -> PCA:
    """The same by a singular value decomposition, without a Gram matrix."""
    return PCA(2, svd_solver="full").fit(points)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [3, 9, 60])
def test_components_are_those_of_a_decomposition_of_the_whole_matrix(seed, count):
    points = wandering(count, seed=seed)

    found = components.principal(tensors(points))

    expected, directions = fitted(points), flat(found.directions)
    signs = np.sign((directions * expected.components_).sum(1))
    assert np.allclose(directions, signs[:, None] * expected.components_, atol=1e-9)
    assert np.allclose(found.explained, expected.explained_variance_ratio_)
    assert np.allclose(np.linalg.norm(directions, axis=1), 1)
    inner = (points - points[-1]) @ directions.T
    assert np.allclose(found.coordinates, inner, rtol=0, atol=1e-9)


def test_directions_have_the_shapes_of_their_tensors():
    found = components.principal(tensors(wandering()))

    shapes = [part.shape for part in found.directions.values()]
    assert shapes == [(2, 4, 3, 2), (2, 9, 2), (2, 8)]


def test_shares_of_a_known_ellipse_are_those_of_its_axes():
    angles = np.arange(12) * (np.pi / 6)
    points = np.ones((12, 50))
    points[:, 3] += 3 * np.cos(angles)
    points[:, 7] += np.sin(angles)

    found = components.principal({"all": points})

    assert found.explained == pytest.approx([0.9, 0.1])
    assert abs(found.directions["all"][0, 3]) == pytest.approx(1)
    assert abs(found.directions["all"][1, 7]) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_the_first_point_is_on_the_positive_side_of_both(seed):
    points = wandering(seed=seed)

    # Both ways round, so that half of the signs had to change.
    for way in (points, points[::-1]):
        found = components.principal(tensors(way))

        assert ((way[0] - way[-1]) @ flat(found.directions).T > 0).all()


@pytest.mark.parametrize("columns", [1, 7, 23, 24, 49, 50])
def test_columns_may_come_in_any_portions(monkeypatch, columns):
    points = tensors(wandering())
    whole = components.principal(points)

    monkeypatch.setattr(components, "COLUMNS", columns)
    found = components.principal(points)

    assert np.allclose(flat(found.directions), flat(whole.directions), atol=1e-12)
    assert np.allclose(found.coordinates, whole.coordinates, rtol=1e-9)


def test_points_in_single_precision_lose_none_of_it():
    points = (1000 + 1e-2 * wandering()).astype(np.float32)

    found = components.principal(tensors(points))

    ratio = fitted(points.astype(float)).explained_variance_ratio_
    assert found.explained == pytest.approx(ratio, rel=1e-9)
    assert {part.dtype for part in found.directions.values()} == {np.dtype("f4")}


NOISE = np.random.default_rng(0).normal(size=50)
LINE = np.arange(6)[:, None] * NOISE
REFUSED = {
    "a plane needs three points; 2 were kept": wandering(2),
    "lie on a line or are one point": 5 + LINE,
    "or are one point": np.tile(NOISE, (6, 1)),
    "are not finite": wandering() * np.inf,
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_points_that_span_no_plane_are_refused_in_words(sentence):
    with pytest.raises(ValueError, match=sentence):
        components.principal(tensors(REFUSED[sentence]))


def test_a_line_in_single_precision_is_still_a_line():
    with pytest.raises(ValueError, match="on a line"):
        components.principal(tensors((5 + LINE).astype(np.float32)))


def test_a_way_is_read_tensor_by_tensor_without_its_net(tmp_path):
    series = small.series(tmp_path / "series", 3)
    trajectory.save(tmp_path / "way.h5", series, [0.1] * 3, small.net())

    way = components.way(tmp_path / "way.h5")

    for row, epoch in enumerate(series.indices()):
        expected = weights.named(series.load(epoch), small.net())
        assert list(way) == list(expected)
        for name, part in expected.items():
            assert np.array_equal(way[name][row], part)
