"""What the quantities of claims need of a study: files by their roles, and paths.

Names alone: what is computed of them is in `quantities`, whose libraries the workflow
does not load to plan.
"""

from collections.abc import Mapping

# The roles of the files that a measure reads of one path.
ROLES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("last", "first", "steadiness", "early_norm"), ("history",)),
    **dict.fromkeys(("decayed_norm", "swing"), ("history",)),
    **dict.fromkeys(("width", "sides"), ("line",)),
    **dict.fromkeys(("radius", "convexity", "convex_level"), ("surface",)),
    **dict.fromkeys(("central_ratio", "share_above", "share_below"), ("curvature",)),
    "spread": ("repeats",),
    "witnessed": ("surface", "curvature"),
    "reduced_curvature": ("line", "spectrum"),
    "explained": ("path",),
    "descent": ("path", "surface"),
    **dict.fromkeys(("rise", "peak", "swell", "below_ends", "two_means"), ("profile",)),
    **dict.fromkeys(("length_ratio", "lasting_gain", "as_good", "vote"), ("profile",)),
    **dict.fromkeys(("scaling", "levelling", "drift", "half_gain"), ("profile",)),
    "halfway": ("profile",),
    "unequal": ("directions",),
    "isolation": ("directions", "surface"),
    **dict.fromkeys(("errors", "own", "gain", "members"), ("ensemble",)),
    **dict.fromkeys(("disagreement", "steps"), ("ensemble",)),
}
# Of measures of a whole case: the roles of each of its paths, in order.
OF_CASES: dict[str, tuple[tuple[str, ...], ...]] = {
    "barrier_left": (("profile",), ("profile",)),
    "apart": (("directions",), ("profile",)),
    "against": (("profile",), ("ensemble",)),
}
# How many paths make a sample: the least and the most.
PATHS: dict[str, tuple[int, int | None]] = {
    "each": (1, None),
    "ratio": (2, 2),
    "difference": (2, 2),
    "growth": (3, None),
    "flip": (2, 2),
    "correlation": (3, None),
}


def roles(quantity: Mapping, position: int) -> tuple[str, ...]:
    """The roles of the files of a case's path that a quantity reads."""
    ((how, measures),) = quantity.items()
    if how == "case":
        ((name, _),) = measures.items()
        return OF_CASES[name][position]
    return tuple(dict.fromkeys(role for name in measures for role in ROLES[name]))


def fits(quantity: Mapping, paths: int) -> str | None:
    """How many paths a case of a quantity needs, if this many do not fit."""
    ((how, measures),) = quantity.items()
    if how == "case":
        ((name, _),) = measures.items()
        needed = len(OF_CASES[name])
        return None if paths == needed else str(needed)
    least, most = PATHS[how]
    if least <= paths <= (most or paths):
        return None
    return str(least) if least == most else f"{least} or more"
