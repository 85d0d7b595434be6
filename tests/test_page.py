"""Pages: captions, layout, and the same bytes each time."""

import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from losslandscape import kinds, page, style

SOURCE = Path(page.__file__).parents[1]


def shown(label: str, *errors: float | None, **files: list) -> dict:
    known = [error for error in errors if error is not None]
    return {"label": label, "names": [label], "test_errors": known, "files": files}


def panel(
    label: str = "ResNet-56", error: float | None = 5.89, span: float = 1
) -> dict:
    axis = np.linspace(-1, 1, 9)
    x, y = np.meshgrid(axis, axis)
    measures = dict.fromkeys(style.NAMES, 0.05 + 8 * x**2 + 4 * y**2 + 40 * (x > 0.9))
    surface = {"x": axis, "y": axis * span, **measures}
    return shown(label, error, surface=[surface])


def line(label: str = "VGG-9") -> dict:
    t = np.linspace(-1, 1, 9)
    measured = {"t": t, **dict.fromkeys(style.NAMES, 4 * t**2)}
    return shown(label, 7.37, line=[measured])


def entry(kind: str, *panels: dict, title: str = "", **options) -> dict:
    return {"kind": kind, "options": options, "title": title, "panels": panels}


def row(kind: str, *panels: dict, **options) -> list[dict]:
    return [entry(kind, *panels, **options)]


def every_kind() -> list[list[dict]]:
    return [
        row("lines", line(), line()),
        row("contours", panel(), panel(span=2)),
        row("filled", panel(), measure="test_error"),
        row("surfaces", panel(), clamp=10, log=True, points=30),
    ]


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
        row("contours", panel("ResNet-20", 7.37), panel("ResNet-56", 5.89)),
        row("lines", line("VGG-9")),
        row("surfaces", panel("DenseNet-121", None)),
    ]

    texts = [text.get_text() for text in captions(page.figure(rows))]

    assert texts == [
        "(a) ResNet-20, 7.37%",
        "(b) ResNet-56, 5.89%",
        "(c) VGG-9, 7.37%",
        "(d) DenseNet-121",
    ]


def test_letters_go_on_after_z():
    rows = [row("contours", *[panel()] * 4) for _ in range(7)]

    texts = [text.get_text() for text in captions(page.figure(rows))]

    assert [text.split()[0] for text in texts[24:]] == ["(y)", "(z)", "(aa)", "(ab)"]


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_nothing_leaves_the_page_and_no_caption_meets_another(columns):
    label = "a net with a name that is much too long for its column"
    rows = [
        row("lines", *[line(label)] * columns),
        row("contours", *[panel(span=k + 1) for k in range(columns)]),
        row("filled", *[panel()] * columns),
        row("surfaces", *[panel(label)] * columns, clamp=10, log=True),
    ]
    picture = page.figure(rows)

    with matplotlib.style.context(["default", style.RC]):
        picture.canvas.draw()
        drawn = picture.get_tightbbox()
        boxes = [text.get_window_extent() for text in captions(picture)]

    width, height = picture.get_size_inches()
    assert width <= style.WIDTH + 1e-9
    assert drawn.x0 >= 0
    assert drawn.y0 >= 0
    assert drawn.x1 <= width
    assert drawn.y1 <= height
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_panels_of_one_row_write_their_common_axis_once():
    left, right = page.figure([row("contours", panel(), panel())]).axes

    assert names(left, "label1")
    assert not names(right, "label1")


def test_panels_with_different_axes_write_each_its_own():
    left, right = page.figure([row("contours", panel(), panel(span=3))]).axes

    assert names(left, "label1")
    assert names(right, "label1")


def test_lines_write_loss_at_the_left_end_and_accuracy_at_the_right():
    picture = page.figure([row("lines", line(), line())])
    lefts, rights = picture.axes[::2], picture.axes[1::2]

    assert [bool(names(ax, "label1")) for ax in lefts] == [True, False]
    assert [bool(names(ax, "label2")) for ax in rights] == [False, True]
    assert [ax.get_ylabel() for ax in lefts] == ["Loss", ""]
    assert [ax.get_ylabel() for ax in rights] == ["", "Accuracy (%)"]


def test_a_filled_row_has_one_colour_bar_named_for_its_measure():
    rows = [row("filled", panel(), panel(), measure="test_error")]

    *_, bar = page.figure(rows).axes

    assert bar.get_ylabel() == "Test error (%)"


def test_the_measure_that_is_asked_for_is_drawn():
    level = panel()
    (surface,) = level["files"]["surface"]
    surface["test_loss"] = 2 + surface["train_loss"] * 0

    (ax,) = page.figure([row("contours", level, measure="test_loss")]).axes

    assert not sum(len(path.vertices) for path in ax.collections[0].get_paths())


def test_every_kind_has_its_frame():
    assert kinds.KINDS.keys() == style.FRAMES.keys()


def draw_apart(folder: Path, seed: str) -> dict[str, bytes]:
    """The bytes that a process of its own writes."""
    folder.mkdir()
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "import test_page; from losslandscape import page\n"
        "page.save(page.figure(test_page.every_kind()), 'a.pdf', 'a.png')\n"
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
    rows = every_kind()[:2]
    page.save(page.figure(rows), tmp_path / "plain.png")

    with matplotlib.rc_context({"font.size": 30, "savefig.dpi": 50, "axes.grid": True}):
        page.save(page.figure(rows), tmp_path / "other.png")

    assert (tmp_path / "plain.png").read_bytes() == (
        tmp_path / "other.png"
    ).read_bytes()


def test_a_pdf_has_no_date_and_keeps_its_text_as_truetype(tmp_path):
    page.save(page.figure(every_kind()[:1]), tmp_path / "a.pdf")

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
