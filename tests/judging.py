"""Claims of the catalogue, judged by files that are planted for them."""

from pathlib import Path

import numpy as np
import yaml

import plants
from losslandscape import claims, store, verdicts

ROOT = Path(__file__).parents[1]
CATALOGUE = yaml.safe_load((ROOT / "workflow" / "claims.yaml").read_text())
MEASURED = [name for name, claim in CATALOGUE.items() if "how" in claim]
# Values within and beyond the bound, where a step of 0.05 from it is not possible.
VALUES = {
    "L3a": (1.0, 0.8),
    "L11": (1.0, 0.5),
    "L13": (0.005, 0.02),
    "L16b": (4.1, 3.6),
    "L6b": (-0.2, -0.05),
    "L6c": (-0.2, -0.05),
    "L8c": (0.2, 0.05),
    "L9b": (0.2, 0.05),
    "L10": (0.6, 0.4),
    "G4": (0.005, 0.02),
    "G6": (0.8, 0.3),
    "G10a": (1.2, 1.0),
    "G7a": (0.2, 0.3),
    "G7b": (0.5, 0.7),
    "G8": (0.8, 0.2),
}
CONSTANT = 0.5  # what a difference or a ratio is taken of
SUFFIX = {"history": ".csv", "ensemble": ".csv", "directions": ".json"}


def values(name: str) -> tuple[float, float]:
    """A value within the bound of a claim and one beyond it."""
    if name in VALUES:
        return VALUES[name]
    rule = CATALOGUE[name]["rule"]
    if "between" in rule:
        low, high = rule["between"]
        return (low + high) / 2, high + 0.05
    step = 0.05 if "above" in rule else -0.05
    bound = rule.get("above", rule.get("below"))
    return bound + step, bound - step


def cases(how: dict, value: float) -> list[list[dict]]:
    """A case, by the files of its paths, whose sample is a value."""
    ((kind, measures),) = how.items()
    ((name, options), *_) = measures.items()
    made = getattr(plants, name)
    if kind == "case":
        return [made(value)]
    start = 0.3 if name == "radius" else CONSTANT
    start = {"errors": 2.0, "peak": 50.0}.get(name, start)
    planted = {
        "each": [value],
        "ratio": [start, start * value],
        "difference": [start, start + value],
        "flip": [value, 1 / (value or 1)],
        "growth": [start, start * value, start * value**2],
    }[kind]
    return [[made(each, **options) for each in planted]]


def correlated(how: dict, order: list[int]) -> list[list[dict]]:
    """Nets by increasing radius whose test errors are in an order."""
    options = how["correlation"]["radius"]
    radii = 0.2 + 0.05 * np.arange(len(order))
    return [
        [
            plants.radius(each, **options) | plants.last(error, "test_error")
            for each, error in zip(radii, order, strict=True)
        ]
    ]


def planted(name: str, verdict: str) -> list[list[dict]]:
    """The cases of a claim that make a verdict."""
    claim = CATALOGUE[name]
    if "correlation" in claim["how"]:
        falling = list(range(8, 0, -1))
        mixed = [4, 7, 2, 8, 1, 6, 3, 5]
        orders = {verdicts.HOLDS: falling, verdicts.FAILS: falling[::-1]}
        return correlated(claim["how"], orders.get(verdict, mixed))
    good, bad = values(name)
    chosen = {verdicts.HOLDS: [good] * 2, verdicts.FAILS: [bad] * 2}
    found = chosen.get(verdict, [good, bad])
    return [case for value in found for case in cases(claim["how"], value)]


def judged(
    folder: Path, name: str, found: list, trained=True, nets=None, **changes
) -> dict:
    """The row of a claim whose cases are planted as files in a folder.

    `nets` are those behind each path of each case; every path its own, if not said.
    """
    past = folder / "past.csv"
    ends = [2.3, 0.01 if trained else 1.0]
    store.save_table(past, [{"epoch": k, "train_loss": v} for k, v in enumerate(ends)])
    claim = dict.fromkeys(("mark", "untrained", "unmeasured", "slide", "note", "how"))
    claim |= {"claim": name, "rule": None} | CATALOGUE[name] | changes
    claim["cases"] = [
        {
            "paths": [
                {
                    role: written(folder / f"{k}-{n}-{role}", file)
                    for role, file in path.items()
                }
                for n, path in enumerate(case)
            ],
            "nets": nets[k] if nets else [[f"{k}-{n}"] for n in range(len(case))],
            "trained": [[str(past)] * (not claim["untrained"]) for _ in case],
        }
        for k, case in enumerate(found)
    ]
    files = {
        p for case in claim["cases"] for path in case["paths"] for p in path.values()
    }
    held = {path: store.read(path) for path in {*files, str(past)}}
    (row,) = claims.rows([claim], held)
    return row


def written(stem: Path, file: dict) -> str:
    """A planted file on disk."""
    role = stem.name.rpartition("-")[2]
    path = stem.with_suffix(SUFFIX.get(role, ".h5"))
    if path.suffix == ".json":
        store.save_summary(path, file)
    elif path.suffix == ".csv":
        names = list(file)
        rows = zip(*file.values(), strict=True)
        store.save_table(path, [dict(zip(names, row, strict=True)) for row in rows])
    else:
        store.save(path, file)
    return str(path)
