"""A study's config: what its entries name, and whether all that they name is there."""

import re
from collections.abc import Iterator, Mapping

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

# The file that a kind of row draws.
DRAWN = {
    "contours": "surface.h5",
    "filled": "surface.h5",
    "surfaces": "surface.h5",
    "lines": "line.h5",
}


def check(config: Mapping, schema: Mapping) -> None:
    """Raise ValueError with every fault of a config: where it stands, what is wrong."""
    errors = Draft202012Validator(schema).iter_errors(config)
    # In an order: jsonschema goes through sets.
    faults = sorted(map(_sentence, errors)) or list(_broken(config))
    if faults:
        raise ValueError("The config is not a study:\n  " + "\n  ".join(faults))


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


def _broken(config: Mapping) -> Iterator[str]:
    """The references to things that are not there, and choices that contradict."""
    planes = config["planes"]
    for name, plane in planes.items():
        if _is_circular(planes, name):
            yield f"planes.{name}.refines: leads to no plane with directions of its own"
        yield from _broken_plane(f"planes.{name}", plane, config)
    for name, figure in config["figures"].items():
        for kind, row in rows(figure):
            yield from _broken_row(f"figures.{name}.{kind}", kind, row, config)


def _is_circular(planes: Mapping, plane: str) -> bool:
    for _ in planes:
        plane = planes.get(plane, {}).get("refines")
    return plane is not None


def _broken_plane(where: str, plane: Mapping, config: Mapping) -> Iterator[str]:
    if "refines" in plane:
        coarse = config["planes"].get(plane["refines"], {})
        if "y" not in coarse:
            yield f"{where}.refines: planes has no plane '{plane['refines']}'"
        return
    ((kind, choice),) = plane["directions"].items()
    moves = choice.get("of", {"random": "weights", "difference": "states"}[kind])
    needed = {"frozen": "weights", "interpolated": "states"}.get(plane["batchnorm"])
    if needed not in (None, moves):
        yield f"{where}: batchnorm {plane['batchnorm']} needs directions of {needed}"
    targets = choice.get("to", [])
    if targets and len(targets) != 1 + ("y" in plane):
        yield f"{where}.directions: {len(targets)} runs do not span x" + (
            " and y" if "y" in plane else " alone"
        )
    yield from _broken_runs(f"{where}.directions", targets, config)


def _broken_row(where: str, kind: str, row: Mapping, config: Mapping) -> Iterator[str]:
    plane = config["planes"].get(row["plane"])
    if plane is None:
        yield f"{where}: planes has no '{row['plane']}'"
    elif ("y" in plane) == (kind == "lines"):
        shape = "line (x alone)" if kind == "lines" else "plane (x and y)"
        yield f"{where}: draws a {shape}, which '{row['plane']}' is not"
    yield from _broken_runs(where, row["runs"], config)
    for target in _targets(config["planes"], row["plane"]):
        for path in row["runs"]:
            if path.split("/")[:2] != target.split("/")[:2]:
                yield f"{where}: no direction leads from '{path}' to '{target}'"


def _targets(planes: Mapping, plane: str) -> list[str]:
    """The runs that a plane's directions lead to, if they are differences."""
    for _ in planes:
        plane = planes.get(plane, {}).get("refines", plane)
    choice = planes.get(plane, {}).get("directions", {})
    return choice.get("difference", {}).get("to", [])


def _broken_runs(where: str, paths: list[str], config: Mapping) -> Iterator[str]:
    for path in paths:
        try:
            run(path, config)
        except KeyError as error:
            yield f"{where}: run '{path}': {error.args[0]}"


def _sentence(error: ValidationError) -> str:
    where = ".".join(map(str, error.absolute_path)) or "top level"
    message = error.message
    if error.validator == "additionalProperties":
        known = ", ".join(error.schema.get("properties", {}))
        message = message.replace("Additional properties are", "Other keys are")
        message += f"; known are {known}"
    if error.validator in ("minProperties", "maxProperties"):
        message = f"needs exactly one of {', '.join(error.schema['properties'])}"
    if error.validator == "not":
        message = "does not belong here"
    hint = error.schema.get("description", "")
    return f"{where}: {message}" + (f" — {hint}" if hint else "")
