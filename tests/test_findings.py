"""What claims of Li et al. measure, against files that have it by a closed form."""

import numpy as np
import pytest

import plants
from losslandscape import findings

PLANTED = [
    ("last", 3.5, {"column": "test_error"}),
    ("first", 2.3, {"column": "train_loss"}),
    ("steadiness", 0.6, {}),
    ("early_norm", 0.7, {}),
    ("decayed_norm", 0.54, {}),
    ("radius", 0.4, {"level": 0.1}),
    ("width", 0.45, {"level": 1}),
    ("sides", 1.5, {"level": 0.1}),
    ("sides", 0.6, {"level": 0.1}),
    ("spread", 0.1, {"level": 1}),
    ("convexity", 0.35, {}),
    ("convex_level", 4.1, {}),
    ("convex_level", 0.0, {}),
    ("central_ratio", 0.03, {}),
    ("share_above", 0.37, {"ratio": 0.3}),
    ("share_below", 0.8, {"ratio": 0.01}),
    ("witnessed", 0.9, {}),
    ("reduced_curvature", 1.3, {}),
    ("explained", 0.85, {}),
    ("descent", 0.8, {"when": "early"}),
    ("descent", -0.3, {"when": "later"}),
    ("swing", 12.0, {}),
]


@pytest.mark.parametrize(("name", "value", "options"), PLANTED)
def test_a_measure_finds_what_was_planted(name, value, options):
    files = getattr(plants, name)(value, **options)

    found = getattr(findings, name)(files, **options)

    # Regions are resolved to a thousandth of the window, lines to float32's rounding.
    assert found == pytest.approx(value, rel=6e-3, abs=1e-9)


def test_a_region_that_is_cut_or_not_there_has_no_size():
    assert np.isnan(findings.width(plants.width(2.0, 1), 1))
    assert np.isnan(findings.radius(plants.radius(1.5, 0.1), 0.1))
    above = plants.surface(plants.RADII + 0.2)
    assert np.isnan(findings.radius(above, 0.1))


def test_sides_may_be_cut_where_they_are_wide_but_not_where_they_are_narrow():
    t = np.linspace(-0.5, 1.5, 201)
    wide = np.where(t < 0.5, 0.0, 1.0 * abs(t - 1) / 0.1)

    flat = plants.line(t, wide)
    mirrored = plants.line(t, wide[::-1])
    flat_both = plants.line(t, np.where(abs(t - 0.7) < 0.05, 9.0, 0.0))

    assert findings.sides(flat, 0.5) == pytest.approx(1.0 / 0.1, rel=0.02)
    assert findings.sides(mirrored, 0.5) == pytest.approx(0.1 / 1.0, rel=0.02)
    assert np.isnan(findings.sides(flat_both, 0.5))


def test_a_rate_that_never_drops_has_no_norm_after_it():
    files = plants.history(lr=[np.nan, 1, 1], weight_norm=[3, 2, 1])

    assert np.isnan(findings.decayed_norm(files))


def test_a_plane_that_is_all_below_the_levels_of_the_paper_decides_nothing():
    assert np.isnan(findings.convex_level(plants.surface(plants.RADII)))


def test_a_surface_and_a_map_of_other_points_are_refused():
    files = plants.witnessed(1.0)
    files["curvature"]["x"] = files["curvature"]["x"] * 2

    with pytest.raises(ValueError, match="other grid points"):
        findings.witnessed(files)


def test_eigenvalues_that_did_not_converge_witness_nothing():
    files = plants.witnessed(0.5)
    known = files["curvature"]["lambda_min"] < 0
    files["curvature"]["converged"] = known

    assert findings.witnessed(files) == 1
