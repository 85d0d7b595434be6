"""Landscapes: heights, light and projection against their formulas."""

import numpy as np
from scipy.interpolate import PchipInterpolator

from losslandscape import relief, style

LOSSES = np.array([[0.0, 0.9, 4.0], [10.0, 1e6, np.inf], [np.nan, 2.303, 9.9]])


def test_log_heights_are_the_formula_of_the_paper_s_converter():
    raised = relief.raised(LOSSES, clamp=10.0, log=True)

    kept = [0.0, 0.9, 4.0, 10.0, 10.0, 10.0, 10.0, 2.303, 9.9]
    assert np.allclose(raised.ravel(), [np.log(loss + 0.1) for loss in kept])


def test_plain_heights_are_losses_up_to_the_clamp():
    raised = relief.raised(LOSSES, clamp=5.0, log=False)

    assert raised.tolist() == [[0.0, 0.9, 4.0], [5.0, 5.0, 5.0], [5.0, 2.303, 5.0]]


def test_heights_run_from_a_loss_of_0_to_the_clamp():
    for log in (False, True):
        heights = relief.heights(np.array([0.0, 3.0, 10.0, np.inf]), 10.0, log)
        whole = np.log(101) if log else 10
        part = np.log(31) if log else 3

        assert np.allclose(heights, [0, part / whole, 1, 1])


def test_without_a_clamp_the_highest_finite_loss_is_the_roof():
    assert relief.roof(LOSSES, relief.Look()) == 1e6
    assert relief.roof(LOSSES, relief.Look(clamp=10.0)) == 10.0
    assert relief.roof(np.full((2, 2), np.nan), relief.Look()) == 0.1


def test_a_finer_grid_keeps_every_measured_loss():
    xs, ys = np.linspace(-1, 1, 5), np.linspace(0, 3, 4)
    losses = np.random.default_rng(0).exponential(3, (4, 5))

    columns, rows, fine = relief.finer(xs, ys, losses, 13)

    assert np.allclose(columns[::3], xs)
    assert np.allclose(rows[::4], ys)
    assert np.allclose(fine[::4, ::3], losses)


def test_a_finer_grid_has_no_hill_or_valley_that_was_not_measured():
    axis = np.linspace(-1, 1, 6)
    losses = np.random.default_rng(1).exponential(3, (6, 6)) ** 3

    _, _, fine = relief.finer(axis, axis, losses, 51)

    for row, low, high in zip(range(5), losses[:-1], losses[1:], strict=True):
        corners = np.stack([low[:-1], low[1:], high[:-1], high[1:]])
        for column in range(5):
            cell = fine[10 * row : 10 * row + 11, 10 * column : 10 * column + 11]
            assert cell.min() >= corners[:, column].min() - 1e-9
            assert cell.max() <= corners[:, column].max() + 1e-9


def test_a_finer_grid_is_what_scipy_s_monotone_cubics_give_away_from_the_ends():
    axis = np.array([-1, -0.7, 0.1, 0.2, 0.9, 1])
    losses = np.random.default_rng(3).exponential(3, (6, 6))

    points, _, fine = relief.finer(axis, axis, losses, 41)

    logs = PchipInterpolator(axis, np.log(losses + 0.1), axis=1)(points)
    logs = PchipInterpolator(axis, logs, axis=0)(points)
    inside = (points > axis[1]) & (points < axis[-2])
    window = np.ix_(inside, inside)
    assert np.allclose(fine[window], np.exp(logs[window]) - 0.1)


def test_a_finer_grid_is_exact_where_the_logarithm_is_a_plane():
    axis = np.linspace(-1, 1, 5)

    def loss(x, y):
        return np.exp(0.7 * x - 0.4 * y) - 0.1

    columns, rows, fine = relief.finer(axis, axis, loss(*np.meshgrid(axis, axis)), 33)

    assert np.allclose(fine, loss(*np.meshgrid(columns, rows)))


def test_a_finer_grid_is_unknown_where_the_nearest_loss_is_not_finite():
    axis = np.arange(4.0)
    losses = np.ones((4, 4))
    losses[1, 2] = np.inf

    columns, rows, fine = relief.finer(axis, axis, losses, 16)

    x, y = np.meshgrid(columns, rows)
    assert ((abs(x - 2) < 0.5) & (abs(y - 1) < 0.5) == np.isnan(fine)).all()


def test_level_ground_gets_light_one():
    axis = np.linspace(-1, 1, 4)

    assert np.allclose(relief.light(axis, axis, np.full((4, 4), 0.3)), 1)


def test_light_on_a_slope_follows_the_angle_to_the_lamp():
    axis = np.linspace(-1, 1, 4)
    x, y = np.meshgrid(axis, axis)
    elevation, azimuth = style.LAMP

    light = relief.light(axis, axis, 0.2 * x + 0.1 * y)

    across, away = [1, 0, 0.2 * style.RELIEF], [0, 1, 0.1 * style.RELIEF]
    normal = np.cross(across, away)
    flat = np.array([np.cos(azimuth), np.sin(azimuth), 0]) * np.cos(elevation)
    lamp = flat + np.array([0, 0, np.sin(elevation)])
    cosine = normal @ lamp / np.linalg.norm(normal)
    direct = (1 - style.AMBIENT) * cosine / np.sin(elevation)
    assert np.allclose(light, style.AMBIENT + direct)


def test_the_eye_sees_what_two_rotations_give():
    elevation, azimuth = style.VIEW
    turn, tip = -azimuth - np.pi / 2, elevation
    about_z = np.array(
        [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    )
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(tip), -np.sin(tip)], [0, np.sin(tip), np.cos(tip)]]
    )
    points = np.random.default_rng(2).uniform(-1, 1, (3, 9))

    seen = relief.seen(*points)

    stretched = points * np.array([[1], [1], [style.RELIEF]])
    across, _, up = about_x @ about_z @ stretched
    assert np.allclose(seen, [across, up])
