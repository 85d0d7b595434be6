"""Where panels stand: aligned columns, room for every axis, a page that is not left."""

import numpy as np
import pytest

from losslandscape import frames, layout, style

PLAIN = frames.Frame(left=0.3, right=0.1, top=0.1, bottom=0.3, gap=0.2)
TWO_SIDED = frames.Frame(left=0.4, right=0.5, top=0.1, bottom=0.3, gap=0.2)
BARRED = frames.Frame(left=0.3, right=0.1, top=0.1, bottom=0.3, gap=0.2, bar=0.6)


EACH_BARRED = BARRED._replace(bars=True)


def shared(frame: frames.Frame, panels: int) -> layout.Part:
    return layout.Part(frame, panels, is_shared=True)


def apart(frame: frames.Frame, panels: int) -> layout.Part:
    return layout.Part(frame, panels, is_shared=False)


def rooms(grid: layout.Grid, panels: int) -> np.ndarray:
    """The gaps between the panels of a row."""
    lefts = grid.row(panels)
    return lefts[1:] - lefts[:-1] - grid.panel


def test_a_row_of_panels_with_one_axis_fills_the_page():
    grid = layout.grid([[shared(PLAIN, 4)]])

    assert grid.width == pytest.approx(style.WIDTH)
    assert rooms(grid, 4) == pytest.approx([0.2, 0.2, 0.2])
    assert grid.row(4)[0] == pytest.approx(0.3)
    assert grid.row(4)[-1] + grid.panel == pytest.approx(style.WIDTH - 0.1)


def test_panels_with_axes_of_their_own_have_room_for_both_sides():
    one_sided = layout.grid([[apart(PLAIN, 3)]])
    two_sided = layout.grid([[apart(TWO_SIDED, 3)]])

    assert rooms(one_sided, 3) == pytest.approx([0.2 + 0.3] * 2)
    assert rooms(two_sided, 3) == pytest.approx([0.5 + 0.4] * 2)


def test_kinds_side_by_side_have_room_for_the_axes_and_the_bar_between_them():
    row = [shared(TWO_SIDED, 1), shared(BARRED, 2), shared(PLAIN, 1)]

    grid = layout.grid([row])

    assert rooms(grid, 4) == pytest.approx([0.5 + 0.3, 0.2, 0.1 + 0.6 + 0.3])
    assert grid.row(4)[0] == pytest.approx(0.4)


def test_a_bar_of_each_panel_has_its_room_between_them_and_at_the_end():
    one_axis = layout.grid([[shared(EACH_BARRED, 3)]])
    own_axes = layout.grid([[apart(EACH_BARRED, 3)]])

    assert rooms(one_axis, 3) == pytest.approx([0.2 + 0.6] * 2)
    assert rooms(own_axes, 3) == pytest.approx([0.2 + 0.3 + 0.6] * 2)
    assert own_axes.row(3)[-1] + own_axes.panel == pytest.approx(style.WIDTH - 0.7)


def test_columns_line_up_over_rows_that_need_different_room():
    rows = [
        [shared(PLAIN, 3)],
        [shared(TWO_SIDED, 1), shared(PLAIN, 1), shared(PLAIN, 1)],
    ]

    grid = layout.grid(rows)

    assert rooms(grid, 3) == pytest.approx([0.5 + 0.3, 0.1 + 0.3])


@pytest.mark.parametrize("fewer", [1, 2, 3, 4])
def test_a_row_with_fewer_panels_is_centred(fewer):
    grid = layout.grid([[shared(PLAIN, 5)], [shared(PLAIN, fewer)]])

    whole, part = grid.row(5), grid.row(fewer)

    assert part[0] + part[-1] == pytest.approx(whole[0] + whole[-1])
    assert rooms(grid, fewer) == pytest.approx([0.2] * (fewer - 1))


@pytest.mark.parametrize("fewer", [2, 3])
def test_a_row_with_fewer_panels_has_the_room_it_needs(fewer):
    grid = layout.grid([[shared(PLAIN, 4)], [apart(TWO_SIDED, fewer)]])

    assert (rooms(grid, fewer) >= 0.9 - 1e-9).all()


def test_panels_are_no_wider_than_looks_good():
    grid = layout.grid([[shared(PLAIN, 1)]])

    assert grid.panel == style.PANEL
    assert grid.width == pytest.approx(style.PANEL + 0.4)


def test_a_caption_has_room_between_its_neighbours_and_inside_the_page():
    narrow = layout.grid([[shared(PLAIN, 4)]])
    wide = layout.grid([[apart(PLAIN, 4)]])

    assert narrow.room == pytest.approx(narrow.panel + 0.2)
    assert wide.room == pytest.approx(wide.panel + 2 * 0.1)
    assert wide.row(4)[-1] + (wide.panel + wide.room) / 2 <= wide.width + 1e-9
