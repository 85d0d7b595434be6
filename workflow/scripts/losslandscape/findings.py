"""What claims of Li et al. measure: numbers read from the files of one run.

Each function takes the loaded files by their roles and gives one number; nan where it
is not defined.
"""

from collections.abc import Mapping

import numpy as np
from numpy import ndarray
from scipy.interpolate import RegularGridInterpolator

from losslandscape import basins, flatness, tables

Files = Mapping[str, Mapping[str, ndarray]]

EARLY = 0.1  # of the epochs, the first
LEVELS = 0.1 + 0.5 * np.arange(20)  # of the contours of Li et al.
CONVEX = 0.95  # share of its hull that a region must fill


def last(files: Files, column: str) -> float:
    """A column of the history where training ended."""
    return float(files["history"][column][-1])


def first(files: Files, column: str) -> float:
    """A column of the history before training."""
    return float(files["history"][column][0])


def steadiness(files: Files) -> float:
    """What the norm of the weights gained over all that it moved; 1 if it only grew."""
    norms = files["history"]["weight_norm"]
    return float((norms[-1] - norms[0]) / abs(np.diff(norms)).sum())


def early_norm(files: Files) -> float:
    """The least norm in the first tenth of training over that before it."""
    epochs, norms = (files["history"][name] for name in ("epoch", "weight_norm"))
    is_early = epochs <= max(EARLY * epochs[-1], epochs[1])
    return float(norms[is_early].min() / norms[0])


def decayed_norm(files: Files) -> float:
    """The norm where training ended over that where the rate first dropped."""
    rates, norms = (files["history"][name] for name in ("lr", "weight_norm"))
    dropped = np.flatnonzero(rates[1:] < rates[1])
    return float(norms[-1] / norms[dropped[0]]) if dropped.size else np.nan


def radius(files: Files, level: float) -> float:
    """The radius of the region below a level; nan if it is cut, or the centre above."""
    surface = files["surface"]
    x, y, losses = (surface[name] for name in ("x", "y", "train_loss"))
    basin = basins.on_plane(x, y, losses, level)
    return np.nan if basin.cut or basin.radius == 0 else basin.radius


def width(files: Files, level: float) -> float:
    """Half the length of a line below a level; nan if cut, or the centre above."""
    return _width(files["line"]["t"], files["line"]["train_loss"], level)


def sides(files: Files, level: float) -> float:
    """On the line from one solution to another, the first's width over the second's.

    Where the end of the line cuts the wider one, they differ more than that; nan where
    it cuts the narrower one.
    """
    t, losses = (files["line"][name] for name in ("t", "train_loss"))
    one, other = (basins.on_line(t - end, losses, level) for end in (0, 1))
    widths = np.array([each.left + each.right for each in (one, other)])
    narrower = (one, other)[widths.argmin()]
    return np.nan if narrower.cut or not widths.all() else float(widths[0] / widths[1])


def spread(files: Files, level: float) -> float:
    """The standard deviation over draws of a line's half-width, over their mean."""
    t, drawn = (files["repeats"][name] for name in ("t", "train_loss"))
    widths = np.array([_width(t, losses, level) for losses in drawn])
    return float(widths.std(ddof=1) / widths.mean())


def convexity(files: Files) -> float:
    """The share of inner grid points of a plane where its loss is convex."""
    return flatness.convexity(files["surface"]["train_loss"])


def convex_level(files: Files) -> float:
    """The level up to which every contour of a plane bounds one convex region.

    Of the levels 0.1, 0.6, … that the paper draws; 0 if the first one does not. nan if
    all do that the plane reaches, and these are fewer than the paper draws.
    """
    losses, reached = files["surface"]["train_loss"], 0.0
    for level in LEVELS:
        if flatness.solidity(losses, level) < CONVEX:
            return reached
        reached = level
        if (losses < level).all():
            return np.nan
    return reached


def central_ratio(files: Files) -> float:
    """The median |λmin/λmax| of the central third of a map."""
    return tables.central_median(tables.ratios(files["curvature"]))


def share_above(files: Files, ratio: float) -> float:
    """The share of a map's known points with |λmin/λmax| of a ratio or more."""
    found = tables.ratios(files["curvature"])
    return flatness.share(found[~np.isnan(found)] >= ratio)


def share_below(files: Files, ratio: float) -> float:
    """The share of a map's known points with |λmin/λmax| below a ratio."""
    return 1 - share_above(files, ratio)


def witnessed(files: Files) -> float:
    """Of inner points where the plane is not convex, the share with λmin below zero.

    nan without such points. Raises ValueError for a surface and a map of other points.
    """
    surface, curvature = files["surface"], files["curvature"]
    if any(not np.array_equal(surface[axis], curvature[axis]) for axis in "xy"):
        raise ValueError("surface and curvature have other grid points")
    inner = slice(1, -1), slice(1, -1)
    bent = ~flatness.convex(surface["train_loss"]) & tables.is_known(curvature)[inner]
    return flatness.share(curvature["lambda_min"][inner][bent] < 0)


def reduced_curvature(files: Files) -> float:
    """The second difference of a line at its centre over the Hessian's trace.

    Of a Gaussian direction that is not normalised 1 is expected (Li et al., section 6).
    """
    t, losses = (files["line"][name] for name in ("t", "train_loss"))
    here = abs(t).argmin()
    bent = np.diff(losses[here - 1 : here + 2], 2)[0] / (t[1] - t[0]) ** 2
    return float(bent / files["spectrum"]["trace"])


def explained(files: Files) -> float:
    """The share of the way's variance that its plane has."""
    return float(files["path"]["explained"].sum())


def descent(files: Files, when: str) -> float:
    """The mean cosine of steps in the plane and the way straight down its loss.

    Of steps in the first tenth of training (`early`), or after it and before the rate
    first drops (`later`).
    """
    path = files["path"]
    places = np.stack([path["x"], path["y"]], axis=1) * path["norms"]
    steps, middles = np.diff(places, axis=0), (places[1:] + places[:-1]) / 2
    down = -_slopes(files["surface"], middles, path["norms"])
    with np.errstate(invalid="ignore"):
        lengths = np.linalg.norm(steps, axis=1) * np.linalg.norm(down, axis=1)
        cosines = (steps * down).sum(axis=1) / lengths
    chosen = cosines[_phase(path["epoch"], path["lr"], when)]
    return float(chosen.mean()) if chosen.size else np.nan


def swing(files: Files) -> float:
    """The test error at the highest rates of a cyclical run minus at the lowest."""
    rates, errors = (files["history"][name][1:] for name in ("lr", "test_error"))
    high, low = (np.isclose(rates, end) for end in (rates.max(), rates.min()))
    return float(errors[high].mean() - errors[low].mean())


def _width(t: ndarray, losses: ndarray, level: float) -> float:
    left, right, is_cut = basins.on_line(t, losses, level)
    return np.nan if is_cut or left + right == 0 else (left + right) / 2


def _phase(epochs: ndarray, rates: ndarray, when: str) -> ndarray:
    """Which steps, each named by the epoch that it ends with, are of a phase."""
    ends, rates = epochs[1:], rates[1:]
    is_early = ends <= max(EARLY * ends[-1], ends[0])
    return is_early if when == "early" else ~is_early & (rates == rates[0])


def _slopes(surface: Mapping, places: ndarray, norms: ndarray) -> ndarray:
    """The gradients (n, 2) of a plane's loss at places (n, 2), in Euclidean lengths."""
    x, y = surface["x"] * norms[0], surface["y"] * norms[1]
    fields = np.gradient(surface["train_loss"], y, x)
    found = [
        RegularGridInterpolator((y, x), field, bounds_error=False)(places[:, ::-1])
        for field in fields[::-1]
    ]
    return np.stack(found, axis=1)
