"""The look of figures: what is fixed by the paper, and what print asks for."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.colors import to_rgba

from losslandscape import style


def luminance(colours: np.ndarray) -> np.ndarray:
    """The relative luminance of sRGB colours (W3C, WCAG 2)."""
    parts = np.asarray(colours)[..., :3]
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_the_levels_are_those_of_the_paper():
    written = "0.1 0.6 1.1 1.6 2.1 2.6 3.1 3.6 4.1 4.6 5.1 5.6 6.1 6.6 7.1 7.6 8.1 8.6"

    levels = [f"{level:.1f}" for level in style.LI_LEVELS]

    assert levels == [*written.split(), "9.1", "9.6"]


def test_the_font_comes_with_matplotlib():
    found = Path(
        font_manager.findfont(style.RC["font.family"], fallback_to_default=False)
    )

    assert found.is_relative_to(matplotlib.get_data_path())


def test_lines_stand_out_from_white_paper():
    colours = style.LINES(np.linspace(0, 1, 50))

    contrast = 1.05 / (luminance(colours) + 0.05)

    assert contrast.min() > 1.7


def test_heights_are_told_apart_without_seeing_colours():
    steps = np.diff(luminance(style.HEIGHTS(np.linspace(0, 1, 50))))

    assert (steps > 0).all()


def test_what_is_not_finite_is_grey_and_no_other_colour_is():
    red, green, blue, _ = to_rgba(style.UNKNOWN["facecolor"])
    spread = np.ptp(style.VIRIDIS(np.linspace(0, 1, 50))[:, :3], axis=1)

    assert red == green == blue
    assert spread.min() > 0.2
