"""The shapes of kinds of panels, and the room that their axes need."""

from collections.abc import Mapping
from typing import NamedTuple


class Frame(NamedTuple):
    """The shape of a kind of panel and the room around its axes, in inches."""

    left: float
    right: float
    top: float
    bottom: float
    gap: float  # between panels whose vertical axis is written once
    ratio: float = 1.0  # height over width
    bar: float = 0.0  # for a colour bar, beyond the room on the right
    bars: bool = False  # one for each panel, not for the last alone


FRAMES = {
    "contours": Frame(0.28, 0.06, 0.06, 0.3, 0.13),
    "filled": Frame(0.28, 0.06, 0.06, 0.3, 0.13, bar=0.44),
    "surfaces": Frame(0.26, 0.03, 0.03, 0.15, 0.28, ratio=0.846),
    "slices": Frame(0.28, 0.06, 0.06, 0.3, 0.13, bar=0.44),
    "volumes": Frame(0.3, 0.03, 0.03, 0.15, 0.28, ratio=1.66, bar=0.44),
    "lines": Frame(0.28, 0.34, 0.17, 0.3, 0.13, ratio=0.8),
    "norms": Frame(0.4, 0.1, 0.17, 0.42, 0.13, ratio=0.8),
    "training": Frame(0.4, 0.1, 0.17, 0.42, 0.13, ratio=0.8),
    "histograms": Frame(0.38, 0.12, 0.17, 0.42, 0.13, ratio=0.8),
    "rescalings": Frame(0.28, 0.06, 0.17, 0.42, 0.13, ratio=0.66),
    "sharpness": Frame(0.46, 0.1, 0.17, 0.42, 0.13, ratio=0.66),
    "scatter": Frame(0.42, 0.1, 0.17, 0.42, 0.13, ratio=0.8),
    "maps": Frame(0.28, 0.06, 0.06, 0.3, 0.13, bar=0.52),
    "densities": Frame(0.42, 0.06, 0.06, 0.42, 0.13, ratio=0.8),
    "paths": Frame(0.38, 0.06, 0.17, 0.42, 0.1),
    "iterates": Frame(0.26, 0.24, 0.17, 0.42, 0.1, ratio=0.8),
    "profiles": Frame(0.42, 0.08, 0.08, 0.42, 0.13, ratio=0.8),
    "widths": Frame(0.42, 0.4, 0.08, 0.42, 0.13, ratio=0.8),
    "planes": Frame(0.28, 0.06, 0.06, 0.3, 0.13, ratio=0.87, bar=0.54, bars=True),
    "cycles": Frame(0.42, 0.1, 0.08, 0.42, 0.13, ratio=0.62),
    "budgets": Frame(0.42, 0.1, 0.08, 0.42, 0.13, ratio=0.8),
}
# Of losses of other tasks than classification, whose numbers may be long.
RANGED = {
    "lines": FRAMES["lines"]._replace(left=0.5, right=0.56),
    "rescalings": FRAMES["rescalings"]._replace(left=0.5),
}
# What the names of axes need beyond that: on the left, and below.
NAMES = {
    **dict.fromkeys(("contours", "filled", "slices", "maps", "volumes"), (0.14, 0.12)),
    **dict.fromkeys(("lines", "surfaces"), (0.0, 0.12)),
}


def of(entry: Mapping) -> Frame:
    """The frame of an entry's kind of panels, {kind, panels}."""
    kind, panels = entry["kind"], entry["panels"]
    is_ranged = any("words" in panel for panel in panels)
    frame = (FRAMES | RANGED if is_ranged else FRAMES)[kind]
    if not any(panel.get("axes") for panel in panels):
        return frame
    left, bottom = NAMES.get(kind, (0.0, 0.0))
    return frame._replace(left=frame.left + left, bottom=frame.bottom + bottom)
