"""A way over a plane, against numpy's least squares and nets moved by hand."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

import small
from losslandscape import (
    checkpoint,
    landscape,
    losses,
    projection,
    trajectory,
    weights,
)

NOTHING = checkpoint.Checkpoint(None)
RANDOM = {"seed": 3, "normalise": "filter", "ignore": "biasbn", "of": "weights"}
CHOICES = {
    "random": {"random": RANDOM},
    "random_states": {"random": RANDOM | {"ignore": "nothing", "of": "states"}},
    "initial": {"initial": RANDOM},
    "principal": {"principal": {"ignore": "nothing", "of": "weights"}},
    "principal_matrices": {"principal": {"ignore": "biasbn", "of": "weights"}},
    "principal_states": {"principal": {"ignore": "nothing", "of": "states"}},
}


def walked() -> trajectory.Trajectory:
    """Six epochs of a random walk, whose statistics stay positive."""
    steps = 0.3 * small.numbers(6, 152, seed=7).cumsum(0)
    start = weights.flatten(small.net()) + steps
    start[:, 138:].abs_().add_(0.5)
    rates = np.array([np.nan, 0.1, 0.1, 0.1, 0.01, 0.01])
    return trajectory.Trajectory(np.arange(0, 12, 2), rates, start)


def spanned(name: str) -> torch.Tensor:
    """A plane through the end of the walk."""
    way = walked().weights
    return small.span(small.net(), way[-1], 2, CHOICES[name], way)


def offsets(name: str) -> np.ndarray:
    """The walk from its end; statistics are left out of planes of weights."""
    way = walked().weights.cpu().numpy()
    seen = 152 if name.endswith("states") else 138
    return (way - way[-1])[:, :seen]


def seen_from(name: str) -> dict[str, np.ndarray]:
    """The walk over a plane."""
    way = walked()
    return projection.path(
        small.net(), way, way.weights[-1], spanned(name), way.weights[-1]
    )


@pytest.mark.parametrize("name", CHOICES)
def test_coordinates_and_distances_are_those_of_least_squares(name):
    found = seen_from(name)

    matrix = spanned(name).cpu().numpy()[:, : offsets(name).shape[1]].T
    for row, offset in enumerate(offsets(name)):
        xy = np.linalg.lstsq(matrix, offset)[0]
        left = np.linalg.norm(offset - matrix @ xy)
        assert [found["x"][row], found["y"][row]] == pytest.approx(xy, abs=1e-12)
        assert found["distance"][row] == pytest.approx(left, abs=1e-9)
        assert found["length"][row] == pytest.approx(np.linalg.norm(offset))


def test_directions_need_not_be_orthogonal():
    origin, points = small.numbers(20, seed=1), small.numbers(4, 20, seed=2)
    x, y = small.numbers(2, 20, seed=3)
    span, all_of_them = torch.stack([x, 5 * x + 0.1 * y]), torch.ones(20).bool()

    found = projection.project(points, origin, span, all_of_them)

    xy, left, *_ = np.linalg.lstsq(span.T.cpu(), (points - origin).T.cpu())
    assert np.allclose([found["x"], found["y"]], xy, rtol=1e-9)
    assert np.allclose(found["distance"] ** 2, left, rtol=1e-9)


def test_a_way_in_the_plane_is_not_off_it():
    origin, span = small.numbers(152, seed=1), small.numbers(2, 152, seed=2)
    there = small.numbers(5, 2, seed=3)
    there[-1] = 0
    way = trajectory.Trajectory(np.arange(5), np.ones(5), origin + there @ span)

    found = projection.path(small.net(), way, origin, span, way.weights[-1])

    assert np.allclose([found["x"], found["y"]], there.T.cpu(), rtol=0, atol=1e-12)
    assert np.allclose(found["distance"], 0, rtol=0, atol=1e-12)
    assert found["length"][:-1].min() > 1


@pytest.mark.parametrize("name", CHOICES)
def test_the_end_of_the_way_is_the_origin_of_the_plane(name):
    found = seen_from(name)

    last = [found[key][-1] for key in ("x", "y", "distance", "length")]
    assert last == [0, 0, 0, 0]


def test_the_initial_point_is_at_one_of_its_direction():
    found = seen_from("initial")

    assert [found["x"][0], found["y"][0]] == pytest.approx([1, 0], abs=1e-12)
    assert found["distance"][0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", ["principal", "principal_matrices"])
def test_shares_of_principal_components_are_those_of_the_analysis(name):
    moved = offsets(name)
    if name == "principal_matrices":
        tensors = weights.tensors(small.net()).values()
        kinds = [tensor.dim() > 1 for tensor in tensors]
        sizes = [tensor.numel() for tensor in tensors]
        moved = moved[:, np.repeat(kinds, sizes)[:138]]

    found = seen_from(name)

    expected = PCA(2, svd_solver="full").fit(moved).explained_variance_ratio_
    assert found["explained"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", ["random_states", "initial"])
def test_a_share_is_the_variance_along_a_direction_of_all_there_is(name):
    found = seen_from(name)

    way, span = offsets(name), spanned(name).cpu().numpy()[:, : offsets(name).shape[1]]
    total = way.var(axis=0).sum()
    for share, direction in zip(found["explained"], span, strict=True):
        along = (way @ direction / np.linalg.norm(direction)).var()
        assert share == pytest.approx(along / total, rel=1e-9)


def test_a_path_says_its_epochs_its_rates_and_the_lengths_of_its_axes():
    found = seen_from("principal")

    assert found["epoch"].tolist() == [0, 2, 4, 6, 8, 10]
    assert found["lr"][1:].tolist() == [0.1, 0.1, 0.1, 0.01, 0.01]
    assert found["norms"] == pytest.approx(spanned("principal").norm(dim=1).tolist())
    assert np.abs(found["x"]).max() == pytest.approx(1)
    assert np.abs(found["y"]).max() == pytest.approx(1)


def test_the_way_of_another_run_is_seen_from_the_origin_of_the_plane():
    way, span = walked(), small.numbers(2, 152, seed=2)
    origin = way.weights[-1] + 0.1 * small.numbers(152, seed=9)

    found = projection.path(small.net(), way, origin, span, way.weights[-1])

    gaps = (way.weights - origin).cpu().numpy()
    assert found["length"] == pytest.approx(np.linalg.norm(gaps, axis=1))
    xy = np.linalg.lstsq(span.T.cpu().numpy(), gaps.T)[0]
    assert np.allclose([found["x"], found["y"]], xy)


def test_a_way_that_ends_elsewhere_is_refused():
    way = walked()

    with pytest.raises(ValueError, match="are not those of the run"):
        projection.path(
            small.net(), way, way.weights[-1], spanned("random"), way.weights[-2]
        )


def test_a_way_that_diverged_is_told_and_not_refused():
    way = walked()
    way.weights[-1] = torch.nan

    found = projection.path(
        small.net(), way, way.weights[-1], small.numbers(2, 152), way.weights[-1]
    )

    assert np.isnan([found[key] for key in ("x", "y", "distance", "length")]).all()


def measured(policy: str, name: str, memory=NOTHING, true=None):
    """What was measured of the walk and of a plane, and its path."""
    net, seen, way = small.net(), small.seen(), walked().weights
    plane = projection.under(
        landscape.engine(net, seen, policy), way[-1], spanned(name)
    )
    true = true or losses.measures(net, seen.train, seen.test)
    found = seen_from(name)
    return projection.measures(true, plane, way, found, memory), found


def by_hand(vector: torch.Tensor) -> list[float]:
    """The four measures of a net with these weights."""
    net, seen = small.net(), small.seen()
    weights.assign(vector, net)
    return small.classified(net, seen.train) + small.classified(net, seen.test)


@pytest.mark.parametrize(
    ("policy", "name"), [("frozen", "random"), ("interpolated", "principal_states")]
)
def test_measures_are_those_of_the_weights_and_of_the_point_below(policy, name):
    values, found = measured(policy, name)

    way, span = walked().weights, spanned(name)
    for row, vector in enumerate(way):
        below = way[-1] + found["x"][row] * span[0] + found["y"][row] * span[1]
        true = [values[key][row] for key in losses.MEASURES]
        under = [values[f"plane_{key}"][row] for key in losses.MEASURES]
        assert true == pytest.approx(by_hand(vector), rel=1e-9)
        assert under == pytest.approx(by_hand(below), rel=1e-9)
    assert len(values) == 8
    assert {column.shape for column in values.values()} == {(6,)}


@pytest.mark.parametrize("name", CHOICES)
def test_at_the_end_the_plane_has_the_true_loss(name):
    values, _ = measured("frozen", name)

    for key in losses.MEASURES:
        assert values[key][-1] == values[f"plane_{key}"][-1]
        assert values[key].shape == (6,)
    assert (values["train_loss"][:-1] != values["plane_train_loss"][:-1]).all()


def test_an_interrupted_measurement_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(projection.surface, "EVERY", -1)
    memory, seen = checkpoint.Checkpoint(tmp_path / "state.safetensors"), small.seen()
    measure = losses.measures(small.net(), seen.train, seen.test)
    asked = []

    def dying(vector):
        asked.append(1)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return measure(vector)

    with pytest.raises(KeyboardInterrupt):
        measured("frozen", "random", memory, dying)
    values, _ = measured("frozen", "random", memory, dying)

    whole, _ = measured("frozen", "random")
    assert len(asked) == 7
    for key in whole:
        assert values[key].tobytes() == whole[key].tobytes()
