"""How every figure looks: sizes, fonts, colours and levels, chosen for print."""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import ListedColormap
from matplotlib.patheffects import withStroke

WIDTH = 7.0  # inches, the widest page; panels shrink so that a row fits
PANEL = 3.2  # inches, the widest panel
LINE = 0.135  # inches, a line of a caption but the first
LETTER = 0.056  # inches, a letter of a caption on average
ROWS = 0.12  # inches, from the last line of a row's captions to the next row
BOTTOM = 0.06  # inches, from the last caption to the edge of the page
TITLE = 0.18  # inches, the room for a title over panels
TITLE_DROP = 0.12  # inches, from the top of that room to the title's foot
BAR = 0.08  # inches, the width of a colour bar and of the space before it

TEXT = 8  # points, captions
SMALL = 7  # points, axes and legends
TINY = 5.5  # points, what is written inside a picture

RC = {
    "font.family": "STIXGeneral",  # like Times, and shipped with matplotlib
    "mathtext.fontset": "stix",
    "font.size": TEXT,
    "axes.labelsize": SMALL,
    "axes.labelpad": 1.5,
    "axes.linewidth": 0.5,
    "xtick.labelsize": SMALL,
    "xtick.major.pad": 2,
    "xtick.major.size": 2,
    "xtick.major.width": 0.5,
    "xtick.minor.size": 1.2,
    "xtick.minor.width": 0.4,
    "ytick.labelsize": SMALL,
    "ytick.major.pad": 2,
    "ytick.major.size": 2,
    "ytick.major.width": 0.5,
    "ytick.minor.size": 1.2,
    "ytick.minor.width": 0.4,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "legend.borderpad": 0,
    "legend.borderaxespad": 0.4,
    "hatch.linewidth": 0.4,
    "pdf.fonttype": 42,  # TrueType: text in a PDF stays text
    "figure.dpi": 300,
    "savefig.dpi": 300,
}

LI_LEVELS = 0.1 + 0.5 * np.arange(20)
LOG_LEVELS = np.array([0.1, 0.14, 0.2, 0.3, 0.5, 0.7, 1, 1.4, 2, 3, 5, 7, 10])
ERROR_LEVELS = np.arange(10.0, 95.0, 5.0)  # percent
LOSSES = "train_loss", "test_loss"
ERRORS = "train_error", "test_error"
MANY = 30  # times the least, from which on levels are 1, 2 and 5 times powers of ten
LINE_LEVELS = dict.fromkeys(LOSSES, LI_LEVELS) | dict.fromkeys(ERRORS, ERROR_LEVELS)
BAND_LEVELS = dict.fromkeys(LOSSES, LOG_LEVELS) | dict.fromkeys(ERRORS, ERROR_LEVELS)
NAMES = {
    "train_loss": "Training loss",
    "test_loss": "Test loss",
    "train_error": "Training error (%)",
    "test_error": "Test error (%)",
}
LOG_TICKS = np.array([0.0, 0.1, 0.3, 1.0, 3.0, 10.0])

LOSS_RANGE = 0.0, 5.0
ACCURACY_RANGE = 0.0, 100.0  # percent

VIRIDIS = colormaps["viridis"]
# The yellow end cannot be read as a line on white paper.
LINES = ListedColormap(VIRIDIS(np.linspace(0.0, 0.84, 256)))
BANDS = VIRIDIS.with_extremes(over="#fff5bf")
HEIGHTS = ListedColormap(VIRIDIS(np.linspace(0.03, 0.97, 256)))
GREY = "#8c8c8c"

CONTOUR = {"linewidths": 0.7}
EDGE = {"colors": "white", "linewidths": 0.2, "alpha": 0.6}
CENTRE = {
    "marker": "P",
    "color": "#d1101f",
    "markersize": 4,
    "markeredgecolor": "white",
    "markeredgewidth": 0.5,
}
UNKNOWN = {"facecolor": "#dddddd", "edgecolor": GREY, "hatch": "/" * 8, "linewidth": 0}
UNKNOWN_HEIGHT = 0.8  # grey
PAPER = {"boxstyle": "square,pad=0.02", "facecolor": "white", "edgecolor": "none"}
NOTE = {"fontsize": TINY, "bbox": PAPER, "zorder": 4}
UPRIGHT = NOTE | {"rotation": 90, "ha": "center", "va": "center"}
UPRIGHT_RANGE = 0.06, 0.94  # shares of the width between which such a note stands
NOTE_ROOM = np.array([[0.3, 0.08]])  # inches, from the corner to the note's middle
LABEL = {
    "fontsize": TINY,
    "bbox": PAPER,
    "zorder": 3,
    "ha": "center",
    "va": "center",
    "rotation_mode": "anchor",
}
LABEL_ROOM = 0.32  # inches, from a label to the next
LABEL_SPAN = 0.17  # inches, the length of line that a label covers
LABEL_STRAIGHT = 0.94  # the smallest chord under a label, as a share of its span
LABEL_STEEP = np.deg2rad(50.0)  # the steepest that a label is written

STACK = 3.4  # the height of a stack of layers; their base is 2 wide
LAYER = {"alpha": 0.85}
PANE = {"color": GREY, "linewidth": 0.4}
LOSS = "#0b5394"
ACCURACY = "#b8141f"
CURVE = {"linewidth": 1.0}
SPLITS = {"-": "training", "--": "test"}

FAR = 1e3  # a loss that is not finite, in a band: beyond what is drawn
EXTREMES = {"alpha": 0.18, "linewidth": 0}
MIDDLE = {"alpha": 0.35, "linewidth": 0}
RUNS = "#c23b22", "#2e7d32", "#0b5394", "#7b3f99", "#b07c00"
HEAPS = "#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd", "#8c564b"
HEAP = {"fill": True, "alpha": 0.5, "linewidth": 0}
DROP = {"color": "#bbbbbb", "linewidth": 0.5, "zorder": 0}
NAMED = 0.35  # inches beside a name in a legend
CLEAR = 0.03  # the share of the height between a legend and what is drawn
BEADS = {"linestyle": "", "markersize": 4, "zorder": 3} | {
    "markeredgecolor": "white",
    "markeredgewidth": 0.4,
}
SHAPES = "osD^vP*X" * 4
POWER = {"fontsize": SMALL, "x": 0.0}
SHARPNESS = (
    {"color": "#555555", "marker": "o"} | {"markersize": 4.2, "linewidth": 1.8},
    {"color": "#c23b22", "marker": "s"} | {"markersize": 2.5, "linewidth": 1.0},
    {"color": "#0b5394", "marker": "D"} | {"markersize": 2.5, "linewidth": 1.0},
)
UNSURE = {"linestyle": "", "markerfacecolor": "white", "label": "not converged"}
POINTS = (
    {"linestyle": "", "marker": "o", "markersize": 3.5, "color": "#0b5394"},
    {"linestyle": "", "marker": "o", "markersize": 3.5, "color": "#0b5394"}
    | {"markerfacecolor": "white"},
)
MARGINS = 0.15, 0.1  # beside points, as shares of their range
GAPS = np.array([3.5, 9.0, 16.0])  # points, from a point to its name
NAME = {
    "textcoords": "offset points",
    "fontsize": SMALL,
    "ha": "center",
    "va": "center",
}
CORNER = {"x": 1, "y": 1.02, "fontsize": SMALL, "ha": "right", "va": "bottom"}
LEADER = {"arrowstyle": "-", "color": GREY, "linewidth": 0.4, "shrinkA": 0}

VIEW = np.deg2rad([30.0, -58.0])  # elevation and azimuth of the eye
LAMP = np.deg2rad([58.0, 195.0])  # elevation and azimuth
AMBIENT = 0.45  # the share of light that comes from everywhere
RELIEF = 1.1  # the height of a landscape; its base is 2 wide
BOX = {"color": GREY, "linewidth": 0.4, "zorder": 1}
FLOOR = {"linewidths": 0.6, "zorder": 1}
NEAR = (-1, -1), (1, -1), (1, 1)  # corners of the floor, from left to right
EDGE_NAME = {
    "xytext": (0, -2.5),
    "textcoords": "offset points",
    "annotation_clip": False,
    "fontsize": SMALL,
    "ha": "center",
    "va": "top",
    "rotation_mode": "anchor",
}
UPWARDS = EDGE_NAME | {"xytext": (-20, 0), "va": "bottom", "rotation": 90}
SCALE = BOX | {"markersize": 2.5, "markeredgewidth": 0.4, "clip_on": False}
TICK_ROOM = 0.085  # inches, from a tick's name to the next
TICK = {
    "xytext": (-4, 0),
    "textcoords": "offset points",
    "annotation_clip": False,
    "fontsize": SMALL,
    "ha": "right",
    "va": "center_baseline",
}
CAPTION = {
    "xycoords": "axes fraction",
    "textcoords": "offset points",
    "annotation_clip": False,
    "ha": "center",
    "va": "baseline",
    "linespacing": 1.2,
}
KEY = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0)} | {
    "handletextpad": 0.5,
    "columnspacing": 1.5,
}
KEY_RIGHT = KEY | {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0)}
KEY_PAD = 3.0  # points from the axes to the names in them
# Where names are written, as (points to what is drawn, shares of the free width and
# height): the corners, then anywhere, the further from what is drawn the better.
KEY_PLACES = [
    *((3.0, np.array(corner)) for corner in ((1, 1), (0, 1), (1, 0), (0, 0))),
    *(
        (clear, np.array([across, up]) / 12)
        for clear in (12.0, 8.0, 5.0, 3.0)
        for across in (6, 12, 0, 9, 3, 11, 1, 8, 4, 10, 2, 7, 5)
        for up in range(12, -1, -1)
    ),
]
INSIDE = {"loc": "upper right", "handlelength": 1.2} | {
    "handletextpad": 0.5,
    "labelspacing": 0.3,
    "frameon": True,
    "edgecolor": "none",
    "framealpha": 1,
}

RATIOS = 0.0, 0.5
LEAST = 0.01  # smaller eigenvalues look alike in a map
REDS, BLUES = colormaps["YlOrRd_r"], colormaps["Blues"]
SIGNED = [*REDS(np.linspace(0.0, 1.0, 128)), *BLUES(np.linspace(0.0, 1.0, 128))]
MAPS = {
    "ratio": VIRIDIS.copy(),
    "lambda_max": colormaps["inferno"].with_extremes(under="#c9d3e0"),
    "lambda_min": ListedColormap(SIGNED),
}
MAPS["ratio"].colorbar_extend = "max"
MAPS["lambda_max"].colorbar_extend = "min"
DECADES = 4  # powers of ten that a colour bar names on a side
MAP_NAMES = {
    "ratio": r"$|\lambda_{\min}/\lambda_{\max}|$",
    "lambda_max": r"$\lambda_{\max}$",
    "lambda_min": r"$\lambda_{\min}$",
}
CELLS = {"rasterized": True}
CROSS = 0.7  # the share of a cell that its cross takes
CROSSES = (
    {"colors": "white", "linewidths": 1.2},
    {"colors": "black", "linewidths": 0.5},
)
LINEAR = 0.001, 0.01  # shares of the larger end, where an axis is linear
SMOOTHING = 0.013  # the standard deviation as a share of the axis
MARGIN = 0.07  # the share of an axis beside what it shows
PLACES = 1001
FAINT = 0.1  # eigenvalues at the far end that would still be seen
HEADROOM = 0.18  # the share of the height over a density, for words
REACH = 0.6  # the share of the height that the ends' lines take
NEGATIVE = "#f2c4c6"
POSITIVE = "#c5d8ea"
END = {"color": "black", "linewidth": 0.6, "linestyle": (0, (2, 1.5))}
WORDS = {"fontsize": 6, "ha": "right", "va": "top", "linespacing": 1.3}

WAY_LEVELS = np.concatenate([LI_LEVELS, 10.0 ** np.arange(1, 9)])
WAY_LINES = {
    "colors": [*LINES(np.linspace(0.0, 1.0, len(LI_LEVELS))), *[GREY] * 8],
    "linewidths": 0.5,
}
DENSE = 10  # points between two of a way, to keep clear of labels
AROUND = 0.12  # the share of a way's reach that is left free on each side
AXES = {
    "direction": ("1st direction", "2nd direction"),
    "length": ("1st PCA component", "2nd PCA component"),
}
BLUE = "#0b3fd1"
HALO = {"color": "white", "linewidth": 1.6, "zorder": 3.1}
# The run's own, and those of others over its plane.
WAYS = (BLUE, "#b45f06", "#1b7837", "#762a83", "#a50f15", "#4d4d4d")
WAY = {
    "linewidth": 0.5,
    "marker": "o",
    "markersize": 1.6,
    "markeredgewidth": 0,
    "zorder": 3.2,
}
SPOT = {"linestyle": "", "marker": "o", "zorder": 3.3}
# Rings, since a drop may be where the way ends, or where another is.
DROPS = SPOT | {
    "markerfacecolor": "none",
    "markersize": 5.6,
    "markeredgecolor": "black",
    "markeredgewidth": 0.8,
    "zorder": 3.5,
    "label": "learning rate drops",
}
START = SPOT | {
    "color": "white",
    "markersize": 3.6,
    "markeredgewidth": 1.0,
    "label": "start",
}
AWAY_FROM_END = 4  # points
NAME_OF_WAY = {
    "textcoords": "offset points",
    "fontsize": 6,
    "path_effects": [withStroke(linewidth=1.6, foreground="white")],
    "zorder": 3.6,
}
SOLUTION = CENTRE | {"linestyle": "", "label": "solution", "zorder": 3.4}
AWAY = "#b45f06"
ITERATES = {
    "train_loss": CURVE | {"color": LOSS, "label": "loss of the net"},
    "plane_train_loss": CURVE
    | {"color": LOSS, "linestyle": (0, (3, 1)), "label": "of the plane under it"},
    "distance": CURVE | {"color": AWAY, "label": "distance (right)"},
}
