"""Landscapes and curves as the page's scripts draw them: compact, and exact."""

import base64
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import to_hex
from numpy import ndarray

from losslandscape import joined, phrases, style, valleys, wording

MEASURES = *style.NAMES, "regularised_loss"
ALONG = *joined.NAMES, "scaled_test_loss"


def packed(array: ndarray, kind: str = "<f4") -> dict:
    """An array as base64 of its rows, in float32 or ("<f8") float64, with its shape."""
    array = np.ascontiguousarray(array, kind)
    return {
        "kind": kind,
        "shape": list(array.shape),
        "bytes": base64.b64encode(array.tobytes()).decode(),
    }


def surface(told: Mapping, held: Mapping, directions: Mapping | None) -> dict:
    """A surface on its grid (rows y, columns x), with the places in its plane.

    Lengths along the axes are Euclidean where the plane has places, and multiples of
    the directions elsewhere.
    """
    norms = directions["norms"] if directions else (1.0, 1.0)
    places = (np.asarray(directions["places"]) * norms).tolist() if directions else []
    measures = {name: held[name] for name in MEASURES if name in held}
    return {
        **{key: told[key] for key in ("name", "plane", "figure", "file", "curve")},
        "ends": told["ends"],
        "x": packed(held["x"] * norms[0], "<f8"),
        "y": packed(held["y"] * norms[1], "<f8"),
        "measures": {name: packed(values) for name, values in measures.items()},
        "places": places,
        "levels": {name: _levels(measures[name], name) for name in measures}
        if places
        else {},
    }


def _levels(values: ndarray, measure: str) -> list[float]:
    """The levels of a picture of a plane; its cap is raised where it is too low."""
    known = np.ma.masked_invalid(values)
    start, cap = joined.PLANES[measure]
    low = float(np.ma.filled(known.min(), 0.0))
    look = valleys.Look(measure, cap=max(cap, low + 2 * float(np.exp(start))))
    return valleys.levels(known, look).tolist()


def road(told: Mapping, loaded: Sequence[Mapping]) -> dict:
    """Curves or lines that are drawn together, with all that was measured at each t."""
    looks = _looks([one["shape"] for one in told["of"]])
    return {
        **{key: told[key] for key in ("name", "figure", "ends")},
        "of": [
            one | look | _profile(held)
            for one, look, held in zip(told["of"], looks, loaded, strict=True)
        ],
    }


def _profile(held: Mapping) -> dict:
    t = held["t"]
    measures = {
        name: held[name] for name in ALONG if np.shape(held.get(name)) == t.shape
    }
    return {
        "t": packed(t, "<f8"),
        "marks": np.atleast_1d(held.get("marks", [])).tolist(),
        "measures": {name: packed(values, "<f8") for name, values in measures.items()},
    }


def _looks(shapes: Sequence[str]) -> list[dict]:
    """A colour for each curve, that of the figures where its shape has one."""
    others = iter([look["color"] for look in joined.OTHERS] * len(shapes))
    known = {shape: look["color"] for shape, look in joined.ROADS.items()}
    # The second of a shape is another curve.
    return [{"colour": known.pop(shape, None) or next(others)} for shape in shapes]


def colours() -> dict:
    """The colours of the figures: of heights, of bands, and of what is beyond them."""
    return {
        "heights": [to_hex(colour) for colour in style.HEIGHTS(np.linspace(0, 1, 64))],
        "bands": [to_hex(colour) for colour in joined.DEPTHS],
        "over": to_hex(style.BANDS.get_over()),
        "relief": style.RELIEF,
        "view": np.rad2deg(style.VIEW).tolist(),
        "lamp": np.rad2deg(style.LAMP).tolist(),
        "ambient": style.AMBIENT,
    }


def names(words: wording.Words = wording.CLASSIFICATION) -> dict[str, str]:
    """What measures are called."""
    scaled = {"scaled_test_loss": "Test cross-entropy, temperature scaled"}
    return phrases.renamed(style.NAMES | joined.NAMES | scaled, words)
