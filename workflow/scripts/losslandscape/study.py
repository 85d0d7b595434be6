"""A study's config: what its names lead to."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence

COORDINATES = "x", "y", "z"

# The width of a family's nets when it is not said.
WIDTHS = {"resnet": 1, "vgg": 1, "convnet": 1, "wideresnet": 10}


def spanned(planes: Mapping, plane: str) -> str:
    """The plane whose directions a plane has: itself, or what it refines in the end."""
    while "refines" in planes[plane]:
        plane = planes[plane]["refines"]
    return plane


def ends(planes: Mapping, plane: str) -> list[str]:
    """The runs that the directions of a plane lead to, if they lead to any."""
    return [place for place in places(planes, plane) if not is_pair(place)]


def places(planes: Mapping, plane: str) -> list[str]:
    """The runs and curves that the directions of a plane lead to."""
    return leads(planes[spanned(planes, plane)]["directions"])


def leads(directions: Mapping) -> list[str]:
    """The runs and curves that directions lead to, in order."""
    ((_, choice),) = directions.items()
    if isinstance(choice, Mapping):
        return choice.get("to", [])
    return [axis["run"] for axis in choice if "run" in axis]


def named(directions: Mapping) -> Sequence[Mapping]:
    """The axes that directions have by name, in order; none where a kind spans them."""
    ((_, choice),) = directions.items()
    return [] if isinstance(choice, Mapping) else choice


def coordinates(plane: Mapping) -> list[str]:
    """The coordinates of a line, a plane or a volume: x, y and z, or the first ones."""
    return [name for name in COORDINATES if name in plane]


def is_pair(path: str) -> bool:
    """Whether a path is one of two runs, or of what is between them."""
    return "--" in path


def pair(path: str) -> list[str]:
    """The two runs {dataset}/{model}/{recipe}-seed{n} of a pair."""
    dataset, model, both = path.split("/")[:3]
    return [f"{dataset}/{model}/{one}" for one in both.split("--")]


def between(path: str, other: str) -> str:
    """The pair of two runs {dataset}/{model}/{recipe}-seed{n} of one model."""
    return f"{path}--{other.rpartition('/')[2]}"


def weights_of(place: str) -> str:
    """The file of the weights of a run, or of the bends of a curve."""
    name = "bends" if is_pair(place) else "weights"
    return f"<results>/{place}/{name}.safetensors"


def run(path: str, config: Mapping) -> dict[str, str]:
    """The dataset, model, recipe and seed of a run; KeyError for what is not there."""
    dataset, model, trained = path.split("/")
    recipe, seed = re.fullmatch(r"(.+)-seed(\d+)", trained).groups()
    named = {"dataset": dataset, "model": model, "recipe": recipe}
    for kind, name in named.items():
        if name not in config[f"{kind}s"]:
            raise KeyError(f"{kind}s has no '{name}'")
    return named | {"seed": seed}


def maker(recipe: Mapping) -> str:
    """The rule that makes the runs of a recipe."""
    if "weights" in recipe:
        return "given"
    return "trajectory" if "keep" in recipe else "train"


def given(recipe: Mapping, named: Mapping[str, str]) -> str:
    """The file of the weights of a run; see `run` for how it is named.

    Raises what `str.format` raises, for a path that names something else.
    """
    return recipe["weights"]["path"].format(**named)


def own_files(config: object) -> Iterator[str]:
    """The Python files of a user's own that are named anywhere in a config."""
    if isinstance(config, Mapping):
        own = config.get("own")
        yield from [own["file"]] if isinstance(own, Mapping) and "file" in own else []
        config = list(config.values())
    if isinstance(config, list):
        for part in config:
            yield from own_files(part)


def group(path: str) -> str:
    """What runs have in common that differ by their seed alone."""
    return path.rpartition("-seed")[0]


def label(config: Mapping, path: str, by: str) -> str:
    """What a run is called: by its own label, or that of its model or recipe."""
    name = run(path, config)[by]
    return config["labels"].get(path, config["labels"].get(name, name))


def entries(figure: Mapping) -> Iterator[tuple[str, Mapping]]:
    """The kind and the entry of every part of a figure's rows, in order."""
    for row in figure["rows"]:
        yield from parts(row)


def parts(row: Mapping | Sequence[Mapping]) -> Iterator[tuple[str, Mapping]]:
    """The kind and the entry of every part of a row, from left to right."""
    for entries in [row] if isinstance(row, Mapping) else row:
        yield from entries.items()


def width(config: Mapping, path: str) -> float | None:
    """By what the layers of a run's or pair's model are multiplied, if by anything."""
    ((family, options),) = config["models"][path.split("/")[1]].items()
    told = options.get("options", {}) if family == "own" else options
    return told.get("width", WIDTHS.get(family))


def ensemble_label(config: Mapping, path: str) -> str:
    """What an ensemble {dataset}/{model}/{ensemble} is called."""
    name = path.rpartition("/")[2]
    return config["labels"].get(path, config["labels"].get(name, name))


def shown(entry: Mapping) -> list[str]:
    """The runs that an entry of a figure or a table names, in order."""
    grouped = entry.get("panels", {}).values()
    paired = (pair(path) for path in entry.get("pairs", []))
    return [
        *entry.get("runs", []),
        *(path for runs in (*grouped, *paired) for path in runs),
    ]


def kept(config: Mapping, path: str) -> int:
    """How many nets a run keeps of its way: before training, now and then, at the end.

    0 for a run whose recipe keeps none.
    """
    recipe = config["recipes"][run(path, config)["recipe"]]
    every = recipe.get("keep", {}).get("every")
    return 1 + math.ceil(recipe["epochs"] / every) if every else 0


def needs_trajectory(planes: Mapping, plane: str) -> bool:
    """Whether the directions of a plane come from a run's way."""
    choice = planes[spanned(planes, plane)]["directions"]
    ways = [{"principal", "initial"} & kind.keys() for kind in (choice, *named(choice))]
    return any(ways)


def is_measured(axis: Mapping) -> bool:
    """Whether a net and its images decide an axis."""
    return bool({"gradient", "eigenvector"} & axis.keys())


def targets(config: Mapping) -> dict[str, dict[str, list[str]]]:
    """What can be asked for by name: each figure, each table, each paper's whole set.

    A name leads to its {figures, tables}; one that a figure and a table share, to both.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for section in ("figures", "tables"):
        for name, entry in config[section].items():
            for target in {name, entry.get("paper", name)}:
                place = found.setdefault(target, {"figures": [], "tables": []})
                place[section].append(name)
    return found


def road(config: Mapping, plane: str, path: str) -> str | None:
    """The shape of the curve that lies in a plane through three places, if one does.

    The plane is that of the curve's ends, of which the run is one, and of its one bend.
    """
    found = places(config["planes"], plane)
    if len(found) != 2 or not is_pair(found[1]):
        return None
    ((shape, how),) = config["curves"][found[1].rpartition("/")[2]]["shape"].items()
    is_whole = how.get("bends", 1) == 1 and {path, found[0]} == set(pair(found[1]))
    return shape if is_whole else None
