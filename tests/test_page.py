"""Pages: captions, layout, and the same bytes each time."""

import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation

import drawn
import seen
from losslandscape import page, style

SOURCE = Path(page.__file__).parents[1]


def captions(picture: Figure) -> list[Annotation]:
    return [
        text
        for ax in picture.axes
        for text in ax.texts
        if isinstance(text, Annotation) and text.get_text().startswith("(")
    ]


def names(axes, which: str) -> list[str]:
    """The tick labels that are seen."""
    axes.figure.canvas.draw()
    ticks = axes.yaxis.get_major_ticks()
    shown = [getattr(tick, which) for tick in ticks]
    return [label.get_text() for label in shown if label.get_visible()]


def test_captions_have_a_letter_a_label_and_the_test_error():
    rows = [
        drawn.row(
            "contours", drawn.panel("ResNet-20", 7.37), drawn.panel("ResNet-56", 5.89)
        ),
        drawn.row("lines", drawn.line("VGG-9")),
        drawn.row("surfaces", drawn.panel("DenseNet-121", None)),
    ]

    texts = [text.get_text() for text in captions(page.figure(rows))]

    assert texts == [
        "(a) ResNet-20, 7.37%",
        "(b) ResNet-56, 5.89%",
        "(c) VGG-9, 7.37%",
        "(d) DenseNet-121",
    ]


def test_a_caption_names_the_errors_of_both_ends_of_a_line():
    between = drawn.shown("Both", 7.37, 11.07, line=drawn.line()["files"]["line"])

    (text,) = captions(page.figure([drawn.row("lines", between)]))

    assert text.get_text() == "(a) Both, 7.37%, 11.07%"


def test_a_caption_is_broken_after_a_comma_where_that_serves():
    labels = ["Adam, WD 1, in batches of 240", drawn.LONG]
    row_of_four = drawn.row("contours", *map(drawn.panel, labels * 2))

    parts, long, *_ = (text.get_text() for text in captions(page.figure([row_of_four])))

    first, second = parts.split("\n")
    assert (first[-1], second) == (",", "in batches of 240, 5.89%")
    assert "\n" in long
    assert "\xa0" not in parts + long


def test_what_has_no_name_has_no_caption():
    row_of_two = [
        drawn.entry("scatter", drawn.table(), x="radius"),
        drawn.entry("lines", drawn.line()),
    ]

    texts = [text.get_text() for text in captions(page.figure([row_of_two]))]

    assert texts == ["(b) VGG-9, 7.37%"]


def test_letters_go_on_after_z():
    rows = [drawn.row("contours", *[drawn.panel()] * 4) for _ in range(7)]

    texts = [text.get_text() for text in captions(page.figure(rows))]

    assert [text.split()[0] for text in texts[24:]] == ["(y)", "(z)", "(aa)", "(ab)"]


@pytest.mark.parametrize("rows", drawn.CASES.values(), ids=drawn.CASES.keys())
def test_nothing_leaves_the_page_and_no_caption_meets_another(rows):
    picture = page.figure(rows)

    # Names stand where they will be only once a figure was laid out.
    assert seen.stays_on_the_page(picture)
    with matplotlib.style.context(["default", style.RC]):
        picture.canvas.draw()
        boxes = [text.get_window_extent() for text in captions(picture)]

    assert picture.get_size_inches()[0] <= style.WIDTH + 1e-9
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_panels_of_one_row_write_their_common_axis_once():
    left, right = page.figure(
        [drawn.row("contours", drawn.panel(), drawn.panel())]
    ).axes

    assert names(left, "label1")
    assert not names(right, "label1")


def test_panels_with_different_axes_write_each_its_own():
    left, right = page.figure(
        [drawn.row("contours", drawn.panel(), drawn.panel(span=3))]
    ).axes

    assert names(left, "label1")
    assert names(right, "label1")


def test_lines_write_loss_at_the_left_end_and_accuracy_at_the_right():
    picture = page.figure([drawn.row("lines", drawn.line(), drawn.line())])
    lefts, rights = picture.axes[::2], picture.axes[1::2]

    assert [bool(names(ax, "label1")) for ax in lefts] == [True, False]
    assert [bool(names(ax, "label2")) for ax in rights] == [False, True]
    assert [ax.get_ylabel() for ax in lefts] == ["Loss", ""]
    assert [ax.get_ylabel() for ax in rights] == ["", "Accuracy (%)"]


def sides(ax: Axes) -> tuple[float, float]:
    """The left and the right end of axes with all that is written at them."""
    with matplotlib.style.context(["default", style.RC]):
        box = ax.get_tightbbox(for_layout_only=True)
    return box.x0, box.x1


def test_kinds_side_by_side_do_not_meet():
    row_of_three = drawn.every_kind()[5]

    lines, right, norms, histograms = page.figure([row_of_three]).axes

    assert max(sides(lines)[1], sides(right)[1]) < sides(norms)[0]
    assert sides(norms)[1] < sides(histograms)[0]


def test_columns_of_different_kinds_line_up():
    rows = [drawn.every_kind()[5], drawn.row("contours", *[drawn.panel()] * 3)]

    axes = page.figure(rows).axes

    lefts = [ax.get_position().x0 for ax in axes]
    assert np.allclose([lefts[0], *lefts[2:4]], lefts[4:7])


def test_axes_of_a_row_stand_on_one_line():
    row_of_two = [
        drawn.entry("contours", drawn.panel()),
        drawn.entry("lines", drawn.line()),
    ]

    contours, lines, _ = page.figure([row_of_two]).axes

    assert contours.get_position().y0 == pytest.approx(lines.get_position().y0)
    assert contours.get_position().height > lines.get_position().height


def test_a_title_stands_centred_above_the_panels_of_its_entry():
    row_of_two = [
        drawn.entry("contours", drawn.panel(), drawn.panel(), title="Un-normalised"),
        drawn.entry("lines", drawn.line()),
    ]

    picture = page.figure([row_of_two])

    (title,) = picture.texts
    first, second, *_ = (ax.get_position() for ax in picture.axes)
    assert title.get_text() == "Un-normalised"
    assert title.get_position()[0] == pytest.approx((first.x0 + second.x1) / 2)
    assert first.y1 < title.get_position()[1] < 1


def test_a_legend_is_written_once_in_a_figure():
    rows = [
        drawn.row("lines", drawn.line(), drawn.line()),
        drawn.row("lines", drawn.line(), title="More"),
    ]

    legends = [ax.get_legend() for ax in page.figure(rows).axes]

    assert [legend is not None for legend in legends] == [True] + [False] * 5


def test_a_legend_that_would_leave_the_page_ends_with_its_panels():
    row_of_four = [
        drawn.entry("lines", *[drawn.line()] * 4),
        drawn.entry("sharpness", drawn.rescaled()),
    ]

    picture = page.figure([row_of_four])

    legend = picture.axes[-1].get_legend()
    with matplotlib.style.context(["default", style.RC]):
        picture.canvas.draw()
        box = legend.get_window_extent()
    assert box.x1 <= picture.bbox.x1


def test_a_filled_entry_has_one_colour_bar_beside_it_named_for_its_measure():
    filled = drawn.entry("filled", drawn.panel(), drawn.panel(), measure="test_error")

    axes = page.figure([[filled, drawn.entry("contours", drawn.panel())]]).axes

    _, last, bar, contours = axes
    assert bar.get_ylabel() == "Test error (%)"
    assert last.get_position().x1 < bar.get_position().x0
    assert sides(bar)[1] < sides(contours)[0]


def draw_apart(folder: Path, seed: str) -> dict[str, bytes]:
    """The bytes that a process of its own writes."""
    folder.mkdir()
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "import drawn; from losslandscape import page\n"
        "page.save(page.figure(drawn.every_kind()), 'a.pdf', 'a.png')\n"
    )
    paths = str(SOURCE), str(Path(__file__).parent)
    environment = os.environ | {"PYTHONHASHSEED": seed}
    subprocess.run(
        [sys.executable, "-c", code, *paths], cwd=folder, env=environment, check=True
    )
    return {path.suffix: path.read_bytes() for path in folder.iterdir()}


def test_the_same_figure_is_the_same_bytes_in_another_process(tmp_path):
    first = draw_apart(tmp_path / "first", "1")
    second = draw_apart(tmp_path / "second", "2")

    assert first.keys() == {".pdf", ".png"}
    assert first == second


def test_a_reader_s_own_settings_change_nothing(tmp_path):
    rows = drawn.every_kind()[:2]
    page.save(page.figure(rows), tmp_path / "plain.png")

    with matplotlib.rc_context({"font.size": 30, "savefig.dpi": 50, "axes.grid": True}):
        page.save(page.figure(rows), tmp_path / "other.png")

    assert (tmp_path / "plain.png").read_bytes() == (
        tmp_path / "other.png"
    ).read_bytes()


def test_a_pdf_has_no_date_and_keeps_its_text_as_truetype(tmp_path):
    page.save(page.figure(drawn.every_kind()[:1]), tmp_path / "a.pdf")

    written = (tmp_path / "a.pdf").read_bytes()

    assert b"Date" not in written
    assert b"/FontFile2" in written
    assert b"/Type3" not in written


def test_drawing_does_not_import_torch():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from losslandscape import draw, page, relief, style\n"
        "sys.exit('torch' in sys.modules)\n"
    )

    assert subprocess.run([sys.executable, "-c", code, str(SOURCE)]).returncode == 0


@pytest.mark.parametrize("row", range(len(drawn.every_axis())))
def test_the_name_of_an_axis_stands_above_the_caption(row):
    picture = page.figure(drawn.every_axis()[row : row + 1])

    with matplotlib.style.context(["default", style.RC]):
        picture.get_tightbbox()  # else names of axes have no place yet
        for ax in picture.axes:
            texts = [text for text in ax.texts if text.get_text()]
            captions = [t for t in texts if t.get_text().startswith("(")]
            names = [t for t in texts if "eigenvector" in t.get_text()]
            names += [ax.xaxis.label] if ax.get_xlabel() else []
            for caption in captions:
                top = caption.get_window_extent().y1
                assert names
                assert all(top <= name.get_window_extent().y0 for name in names)
