"""What a study has for the claims of the papers: files, and references that are broken.

The catalogue of claims belongs to the papers; a study names the cases that it has of a
claim, each an ordered list of paths: a run, {run}/{plane}, {pair}/{curve},
{run}/{curve} or an ensemble.
"""

import re
from collections.abc import Iterator, Mapping

from losslandscape import faults, needs, study

FILES = {
    "history": "history.csv",
    "line": "line.h5",
    "surface": "surface.h5",
    "curvature": "curvature.h5",
    "spectrum": "spectrum.h5",
    "path": "path.h5",
    "directions": "directions.json",
    "profile": "profile.h5",
    "ensemble": "ensemble.csv",
}
# The rows of a figure that draw these files, and so need of a study what they need.
DRAWN = {
    "line": "lines",
    "surface": "contours",
    "repeats": "lines",
    "curvature": "maps",
    "spectrum": "densities",
    "path": "paths",
    "directions": "planes",
}
RUN = r"[^/]+/[^/]+/(?!.*--)[^/]+-seed\d+"
# What a path must look like for its file; that of a history may be of a plane as well.
SHAPES = {
    "history": rf"{RUN}(/[^/]+)?",
    "profile": r"[^/]+/[^/]+/[^/]+-seed\d+/[^/]+",
    "ensemble": r"[^/]+/[^/]+/[^/]+",
}
OF_PLANES = rf"{RUN}/[^/]+"


def check(config: Mapping, catalogue: Mapping) -> None:
    """Raise ValueError with all that claims name and is not there or does not fit."""
    found = list(broken(config, catalogue))
    if found:
        raise ValueError("The claims are not this study's:\n  " + "\n  ".join(found))


def broken(config: Mapping, catalogue: Mapping) -> Iterator[str]:
    """The faults of a study's claims, those of form before those of reference."""
    entries = config.get("claims", {})
    formal = [f for name in entries for f in _malformed(name, entries, catalogue)]
    yield from formal
    if not formal:
        shown = {name: _figure(entries[name], catalogue[name]) for name in entries}
        as_figures = {**config, "figures": shown, "tables": {}, "labels": {}}
        for fault in dict.fromkeys(faults.unfounded(as_figures)):
            yield fault.replace("figures.", "claims.", 1)


def gathered(config: Mapping, catalogue: Mapping) -> list[dict]:
    """Every claim of the catalogue with the cases that a study has of it.

    A case is {paths, nets, trained}: the files of each of its paths by their roles, the
    runs behind each, and the histories of those that count only if they were trained.
    """
    entries = config.get("claims", {})
    return [
        {"claim": name}
        | {key: claim.get(key) for key in KEYS}
        | {"note": entries.get(name, {}).get("note")}
        | {"cases": _cases(config, claim, entries.get(name, {"cases": []}))}
        for name, claim in catalogue.items()
    ]


KEYS = (
    *("paper", "sentence", "quantity", "unit", "paper_value", "mark", "tag"),
    *("how", "rule", "untrained", "unmeasured", "slide"),
)


def files(claims: list[dict]) -> list[str]:
    """All files that claims rest on, each once, in order."""
    return list(dict.fromkeys(path for claim in claims for path in of_claim(claim)))


def of_claim(claim: Mapping) -> list[str]:
    """The files that a claim rests on, each once, in order."""
    found = [
        path
        for case in claim["cases"]
        for part in (*case["paths"], *({"": p} for ps in case["trained"] for p in ps))
        for path in part.values()
    ]
    return list(dict.fromkeys(found))


def _malformed(name: str, entries: Mapping, catalogue: Mapping) -> Iterator[str]:
    where = f"claims.{name}"
    claim = catalogue.get(name)
    if claim is None or "how" not in claim:
        known = ", ".join(each for each in catalogue if "how" in catalogue[each])
        yield f"{where}: no claim that is measured has this name; known are {known}"
        return
    for case in entries[name]["cases"]:
        needed = needs.fits(claim["how"], len(case))
        if needed:
            yield f"{where}: a case is {claim['case']}: {needed} paths, not {len(case)}"
        else:
            yield from _misshapen(where, case, claim)
    if _needs_draws(claim) and "directions" not in entries[name]:
        yield f"{where}: needs directions, the number of draws"


def _misshapen(where: str, case: list[str], claim: Mapping) -> Iterator[str]:
    for position, path in enumerate(case):
        for role in needs.roles(claim["how"], position):
            if not re.fullmatch(SHAPES.get(role, OF_PLANES), path):
                yield f"{where}: '{path}' has no {role}; a case is {claim['case']}"


def _needs_draws(claim: Mapping) -> bool:
    return "repeats" in needs.roles(claim["how"], 0)


def _figure(entry: Mapping, claim: Mapping) -> dict:
    """A figure that needs of a study what the cases of a claim need."""
    parts = [
        _drawn(role, path, entry)
        for case in entry["cases"]
        for position, path in enumerate(case)
        for role in needs.roles(claim["how"], position)
    ]
    return {"rows": [parts]}


def _drawn(role: str, path: str, entry: Mapping) -> dict:
    above, _, last = path.rpartition("/")
    if role == "history":
        return {"training": {"panels": {"": [_run(path)]}}}
    if role == "ensemble":
        return {"budgets": {"ensembles": [path]}}
    if role == "profile":
        key = "pairs" if study.is_pair(above) else "runs"
        shown = {"curves": [last], "measure": "train_loss"}
        return {"profiles": shown | {key: [above]}}
    draws = {"directions": entry["directions"]} if _is_drawn(role, entry) else {}
    return {DRAWN[role]: {"plane": last, "runs": [above]} | draws}


def _is_drawn(role: str, entry: Mapping) -> bool:
    """Whether a file is of several draws of its directions."""
    return "directions" in entry and role in ("line", "surface", "repeats")


def _cases(config: Mapping, claim: Mapping, entry: Mapping) -> list[dict]:
    cases = entry["cases"]
    if "each" in claim.get("how", {}):
        # Nothing relates the paths of such a case, so that each stands alone.
        cases = [[path] for case in cases for path in case]
    needs_training = not claim.get("untrained", False)
    return [
        {
            "paths": [
                {
                    role: _file(config, role, path, entry)
                    for role in needs.roles(claim["how"], position)
                }
                for position, path in enumerate(case)
            ],
            "nets": [_behind(config, path) or _members(config, path) for path in case],
            "trained": [
                [f"{run}/history.csv" for run in _behind(config, path)]
                if needs_training
                else []
                for path in case
            ],
        }
        for case in cases
    ]


def _file(config: Mapping, role: str, path: str, entry: Mapping) -> str:
    if _is_drawn(role, entry):
        return f"{path}/repeats-{entry['directions']}.h5"
    if role == "history":
        path = _run(path)
    if role == "directions":
        above, _, plane = path.rpartition("/")
        path = f"{above}/{study.spanned(config['planes'], plane)}"
    return f"{path}/{FILES[role]}"


def _behind(config: Mapping, path: str) -> list[str]:
    """The runs behind a path: of a pair both, of a plane those it leads to as well.

    None of an ensemble, whose members err as they may.
    """
    run, last = _run(path), path.split("/")[3:]
    if study.is_pair(run):
        return study.pair(run)
    if not re.fullmatch(RUN, run):
        return []
    is_plane = bool(last) and last[0] in config["planes"]
    return [run, *(study.ends(config["planes"], last[0]) if is_plane else [])]


def _members(config: Mapping, path: str) -> list[str]:
    """The runs whose nets an ensemble {dataset}/{model}/{ensemble} has."""
    at, _, name = path.rpartition("/")
    entry = config["ensembles"][name]
    return [
        f"{at}/{recipe}-seed{seed}"
        for recipe in entry["recipes"]
        for seed in entry["seeds"]
    ]


def _run(path: str) -> str:
    """The run or pair that a path begins with."""
    return "/".join(path.split("/")[:3])
