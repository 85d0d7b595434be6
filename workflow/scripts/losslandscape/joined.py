"""How pictures of joined solutions look, beside what `style` says for all."""

import numpy as np
from matplotlib import colormaps

from losslandscape import style

LOSSES = "regularised_loss", "train_loss", "test_loss"
ERRORS = "train_error", "test_error"
NAMES = {
    "regularised_loss": "Training loss + L2",
    "train_loss": "Training loss",
    "train_error": "Training error (%)",
    "test_loss": "Test cross-entropy",
    "test_error": "Test error (%)",
    "pair_error": "Two-net ensemble error (%)",
    "disagreement": "Disagreement (%)",
}

# Grey and broken is the road that is bad, in every picture.
ROADS = {
    "segment": {"color": "#7a7a7a", "linestyle": (0, (5, 2)), "linewidth": 1.0},
    "bezier": {"color": "#d95f02", "linestyle": "-", "linewidth": 1.3},
    "polychain": {"color": "#0b5394", "linestyle": "-", "linewidth": 1.3},
}
OTHERS = tuple(
    {"color": colour, "linestyle": "-", "linewidth": 1.3}
    for colour in ("#2e7d32", "#7b3f99", "#b07c00", "#c2185b")
)
STOP = {"linestyle": "", "marker": "o", "markersize": 4, "zorder": 3} | {
    "markeredgecolor": "white",
    "markeredgewidth": 0.5,
    "clip_on": False,  # the first and the last are on the edge
}
SCALED = {"linestyle": (0, (2, 1.2)), "linewidth": 1.0}
SCALED_NAME = style.CURVE | SCALED | {"color": "black", "label": "temperature scaled"}
ENSEMBLES = {
    "ensemble_error": {"linestyle": (0, (6, 2)), "label": "ensemble of {}"},
    "ensemble_error_scaled": {
        "linestyle": (0, (2, 1)),
        "label": "the same, scaled",
    },
}
LEVEL = {"linewidth": 0.8, "zorder": 1.5}
STEPS = 6  # between the numbers on an axis
# What stands on a logarithmic axis in each power of ten, by the least reach.
DIGITS = (3000, (1,)), (200, (1, 3)), (10, (1, 2, 5)), (0, (1, 2, 3, 5, 7))
NOUGHT = 0.15  # the share of such an axis from nought to the least power of ten

WORST = {
    "curve": {"color": style.LOSS, "marker": "o", "label": "worst on the curve"},
    "ends": {"color": style.LOSS, "marker": "s", "label": "worse of the ends"}
    | {"linestyle": (0, (3, 1.2)), "markerfacecolor": "white"},
    "ratio": {"color": style.AWAY, "marker": "^", "label": "length ratio (right)"},
}
WORST_SIZE = {"linewidth": 1.0, "markersize": 3.5}
BESIDE = 0.08  # the share of an axis that is left free beside the first and the last

# The exponent at the first level and the cap, as in the authors' plot script.
PLANES = dict.fromkeys(LOSSES, (-5.0, 5.0)) | dict.fromkeys(ERRORS, (-1.0, 40.0))
BANDS = 7  # between the least and the cap
DEPTHS = [*colormaps["viridis"](np.linspace(0.0, 0.95, BANDS)), (1.0, 0.96, 0.75, 1.0)]
WRITTEN = 0.09  # inches, from a level on a bar to the next
DENSE = 101  # points of a curve
RIM = {"color": "white", "linewidth": 2.8, "zorder": 3.0}
ROAD = {"linewidth": 1.5, "solid_capstyle": "round", "zorder": 3.2}
SEGMENT_RIM = {"color": "white", "linewidth": 1.6, "alpha": 0.7, "zorder": 2.8}
SEGMENT = {"color": "black", "linewidth": 0.8, "linestyle": (0, (4, 2)), "zorder": 2.9}
SPOT = {"linestyle": "", "color": "white", "zorder": 3.4} | {
    "markeredgecolor": "black",
    "markeredgewidth": 0.8,
}
OPTIMUM = SPOT | {"marker": "o", "markersize": 4.5}
BEND = SPOT | {"marker": "D", "markersize": 4}

CYCLES = {
    "lr": ("Learning rate", "#555555"),
    "test_error": ("Test error (%)", style.ACCURACY),
    "distance": ("Distance from start", style.LOSS),
}
SAVED = {"linestyle": "", "marker": "o", "markersize": 4, "zorder": 3} | {
    "markerfacecolor": "white",
    "markeredgewidth": 1.0,
    "clip_on": False,
}
METHODS = "#d95f02", "#0b5394", "#2e7d32", "#7b3f99"
ENSEMBLE = {"marker": "D", "markersize": 3.5} | {
    "linestyle": (0, (4, 1.5)),
    "linewidth": 1.0,
    "zorder": 2.5,
}
SEPARATE = {"linestyle": "", "marker": "x", "markersize": 3.5, "markeredgewidth": 0.9}
ONE = {"color": "black", "linestyle": (0, (6, 2)), "linewidth": 0.7, "zorder": 1.5}
