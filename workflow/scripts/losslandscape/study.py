"""A study's config: what its entries name."""

import re
from collections.abc import Iterator, Mapping

# The file that a kind of row draws.
DRAWN = {
    "contours": "surface.h5",
    "filled": "surface.h5",
    "surfaces": "surface.h5",
    "lines": "line.h5",
}


def spanned(planes: Mapping, plane: str) -> str:
    """The plane whose directions a plane has: itself, or what it refines in the end."""
    while "refines" in planes[plane]:
        plane = planes[plane]["refines"]
    return plane


def run(path: str, config: Mapping) -> dict[str, str]:
    """The dataset, model, recipe and seed of a run; KeyError for what is not there."""
    dataset, model, trained = path.split("/")
    recipe, seed = re.fullmatch(r"(.+)-seed(\d+)", trained).groups()
    named = {"dataset": dataset, "model": model, "recipe": recipe}
    for kind, name in named.items():
        if name not in config[f"{kind}s"]:
            raise KeyError(f"{kind}s has no '{name}'")
    return named | {"seed": seed}


def panels(config: Mapping, figure: str) -> list[dict[str, str]]:
    """The panels of a figure in order: their run, the file they draw, their label.

    A label is that of the whole run, or of its model or recipe as the row says, or else
    that name itself.
    """
    found = []
    for kind, row in rows(config["figures"][figure]):
        for path in row["runs"]:
            name = run(path, config)[row["label"]]
            label = config["labels"].get(path, config["labels"].get(name, name))
            drawn = f"{path}/{row['plane']}/{DRAWN[kind]}"
            found.append({"run": path, "drawn": drawn, "label": label})
    return found


def rows(figure: Mapping) -> Iterator[tuple[str, Mapping]]:
    """The kind and the entry of each row of a figure."""
    for row in figure["rows"]:
        yield from row.items()
