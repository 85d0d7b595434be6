"""What the page draws is what was measured."""

import base64

import numpy as np

import exhibition
from losslandscape import albums, scenes

SHOWN = albums.album(exhibition.CONFIG, exhibition.PAPERS)


def unpacked(told: dict) -> np.ndarray:
    raw = base64.b64decode(told["bytes"])
    return np.frombuffer(raw, told["kind"]).reshape(told["shape"])


def test_a_packed_array_is_unpacked_to_its_values_those_not_finite_too():
    values = np.array([[1.5, np.inf, -0.1], [np.nan, 1e6, 0.0]])

    np.testing.assert_array_equal(unpacked(scenes.packed(values, "<f8")), values)
    np.testing.assert_array_equal(
        unpacked(scenes.packed(values)), values.astype(np.float32)
    )


def test_a_surface_keeps_its_grid_and_measures():
    held = exhibition.surface(3.0)

    told = scenes.surface(SHOWN["surfaces"][1], held, None)

    np.testing.assert_array_equal(unpacked(told["x"]), held["x"])
    for name in ("train_loss", "test_loss", "train_error", "test_error"):
        values = unpacked(told["measures"][name])
        np.testing.assert_array_equal(values, held[name].astype(np.float32))
    assert told["places"] == []


def test_a_plane_with_places_has_euclidean_axes_and_levels():
    held = exhibition.surface(0.0) | {"regularised_loss": exhibition.losses(0.0)}
    directions = {"norms": [40.0, 10.0], "places": exhibition.PLACES}

    told = scenes.surface(SHOWN["surfaces"][2], held, directions)

    np.testing.assert_allclose(unpacked(told["x"]), 40 * exhibition.X)
    np.testing.assert_allclose(unpacked(told["y"]), 10 * exhibition.Y)
    assert told["places"] == [[0, 0], [40, 0], [20, 10]]
    levels = told["levels"]["regularised_loss"]
    assert levels[0] == held["regularised_loss"].min()
    assert levels == sorted(levels)


def test_a_cap_below_the_least_error_is_raised_above_it():
    held = {"x": exhibition.X, "y": exhibition.Y}
    held |= {"test_error": np.full((7, 9), 90.0)}
    directions = {"norms": [1.0, 1.0], "places": exhibition.PLACES}

    told = scenes.surface(SHOWN["surfaces"][2], held, directions)

    assert told["levels"]["test_error"][-1] > 90


def test_curves_keep_t_and_every_measure_along_it_and_no_other():
    held = [exhibition.profile(20.0), exhibition.profile(0.2)]

    told = scenes.road(SHOWN["roads"][0], held)

    segment, bezier = told["of"]
    np.testing.assert_array_equal(unpacked(bezier["t"]), exhibition.T)
    values = unpacked(segment["measures"]["regularised_loss"])
    np.testing.assert_array_equal(values, exhibition.along(20.0))
    assert set(segment["measures"]) == {
        *("regularised_loss", "test_error", "train_error")
    }
    assert segment["marks"] == [0, 1]
    assert segment["colour"] != bezier["colour"]
