"""Names beside points: next to them, on nothing else, and inside."""

from itertools import combinations

import numpy as np
import pytest

from losslandscape import placing

WINDOW = np.array([[0.0, 0.0], [200.0, 150.0]])
GAPS = np.array([3.0, 9.0, 15.0])


def boxes(points: np.ndarray, sizes: np.ndarray, ways: np.ndarray) -> list[tuple]:
    """Left, right, bottom and top of each name."""
    middles = points + ways
    low, high = middles - sizes / 2, middles + sizes / 2
    return list(zip(low[:, 0], high[:, 0], low[:, 1], high[:, 1], strict=True))


def common(one: tuple, other: tuple) -> float:
    """The area that two boxes have in common."""
    across = min(one[1], other[1]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[2], other[2])
    return max(across, 0) * max(up, 0)


def test_a_name_alone_stands_to_the_right_of_its_point():
    ways, gaps = placing.offsets(
        np.array([[100.0, 75.0]]), np.array([[40.0, 8.0]]), WINDOW, GAPS
    )

    assert ways.tolist() == [[3 + 20, 0]]
    assert gaps.tolist() == [0]


@pytest.mark.parametrize("corner", [(1, 1), (199, 1), (1, 149), (199, 149)])
def test_a_name_stays_inside_the_window(corner):
    points, sizes = np.array([corner], float), np.array([[40.0, 8.0]])

    ways, _ = placing.offsets(points, sizes, WINDOW, GAPS)

    ((left, right, bottom, top),) = boxes(points, sizes, ways)
    assert left >= 0
    assert right <= 200
    assert bottom >= 0
    assert top <= 150


def test_names_of_points_close_together_do_not_meet():
    generator = np.random.default_rng(0)
    points = np.array([100.0, 75.0]) + generator.uniform(-22, 22, (9, 2))
    sizes = np.stack([generator.uniform(20, 50, 9), np.full(9, 7.0)], axis=1)

    ways, _ = placing.offsets(points, sizes, WINDOW, GAPS)

    names = boxes(points, sizes, ways)
    marks = boxes(points, np.full((9, 2), 3.0), np.zeros((9, 2)))
    assert not sum(common(*pair) for pair in combinations(names, 2))
    assert not sum(common(name, mark) for name in names for mark in marks)


def test_a_name_goes_farther_only_where_it_must():
    points = np.array([[100.0, 75.0], [100.0, 81.0], [100.0, 69.0], [30.0, 20.0]])
    sizes = np.array([[90.0, 8.0]] * 3 + [[20.0, 8.0]])

    ways, gaps = placing.offsets(points, sizes, WINDOW, GAPS)

    names = boxes(points, sizes, ways)
    assert not sum(common(*pair) for pair in combinations(names, 2))
    assert gaps[3] == 0


def test_no_name_has_a_point_on_it_and_no_line_goes_through_another():
    points = np.array([[60.0, 75], [66, 75], [72, 75], [63, 81], [69, 81], [66, 69]])
    sizes = np.array([[50.0, 8.0]] * 6)

    ways, gaps = placing.offsets(points, sizes, WINDOW, GAPS)

    names = boxes(points, sizes, ways)
    assert gaps.max() > 0
    for number, way in enumerate(ways):
        line = points[number] + np.linspace(0, 1, 50)[:, None] * way * (
            gaps[number] > 0
        )
        for left, right, bottom, top in names[:number] + names[number + 1 :]:
            x, y = line.T
            assert not ((x > left) & (x < right) & (y > bottom) & (y < top)).any()
