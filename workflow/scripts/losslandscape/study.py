"""A study's config: what its entries name, and what figures and tables show."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence

# What the panels of a kind of row draw: files of their runs, of the plane through them.
OF_RUNS = {
    "norms": {"history": "history.csv"},
    "training": {"history": "history.csv"},
    "histograms": {"weights": "weights.safetensors"},
}
OF_CURVES = {"profiles", "widths"}
OF_PLANES = {
    "contours": {"surface": "surface.h5"},
    "filled": {"surface": "surface.h5"},
    "surfaces": {"surface": "surface.h5"},
    "lines": {"line": "line.h5"},
    "rescalings": {"rescaling": "rescaling.h5"},
    "sharpness": {"rescaling": "rescaling.h5"},
    "maps": {"curvature": "curvature.h5"},
    "densities": {"spectrum": "spectrum.h5"},
    "paths": {"surface": "surface.h5", "path": "path.h5"},
    "iterates": {"path": "path.h5"},
    "planes": {"surface": "surface.h5", "directions": "directions.json"},
}
# What the rows of a table are made of.
TABLES = {
    "errors": {},
    "flatness": {"surface": "surface.h5"},
    "curvature": {"curvature": "curvature.h5", "spectrum": "spectrum.h5"},
}
LINES = {"line": "line.h5"}


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
    ((_, choice),) = planes[spanned(planes, plane)]["directions"].items()
    return choice.get("to", [])


def is_pair(path: str) -> bool:
    """Whether a path is one of two runs, or of what is between them."""
    return "--" in path


def pair(path: str) -> list[str]:
    """The two runs {dataset}/{model}/{recipe}-seed{n} of a pair."""
    dataset, model, both = path.split("/")[:3]
    return [f"{dataset}/{model}/{one}" for one in both.split("--")]


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
        yield from row.items()


def panels(config: Mapping, figure: str) -> list[dict]:
    """The panels of a figure in order: {label, names, files}; see `panels.rows`.

    `names` are the labels of a panel's runs; `files` are pairs of a role and a path
    under the study's results.
    """
    found = []
    for kind, entry in entries(config["figures"][figure]):
        if kind == "scatter":
            files = [("table", f"tables/{entry['table']}.csv")]
            found.append({"label": "", "names": [], "files": files})
        elif kind in OF_RUNS:
            found += _of_runs(config, kind, entry)
        elif kind == "cycles":
            found += [_of_run(config, entry, path) for path in entry["runs"]]
        elif kind == "profiles":
            found += [_of_curves(config, entry, path) for path in _curved(entry)]
        elif kind == "widths":
            found.append(_of_widths(config, entry))
        elif kind == "budgets":
            found.append(_of_ensembles(config, entry))
        else:
            found += [_of_plane(config, kind, entry, path) for path in entry["runs"]]
    return found


def _of_runs(config: Mapping, kind: str, entry: Mapping) -> list[dict]:
    ((role, name),) = OF_RUNS[kind].items()
    return [
        {
            "label": title,
            "names": [label(config, path, entry["label"]) for path in runs],
            "files": [(role, f"{path}/{name}") for path in runs],
        }
        for title, runs in entry["panels"].items()
    ]


def _of_run(config: Mapping, entry: Mapping, path: str) -> dict:
    name = label(config, path, entry["label"])
    return {
        "label": name,
        "names": [name],
        "files": [("history", f"{path}/history.csv")],
    }


def _curved(entry: Mapping) -> list[str]:
    """The pairs of runs, or the runs, whose curves an entry shows."""
    return [*entry.get("pairs", []), *entry.get("runs", [])]


def _of_curves(config: Mapping, entry: Mapping, path: str) -> dict:
    first = pair(path)[0] if is_pair(path) else path
    curves = entry["curves"]
    return {
        "label": label(config, first, entry["label"]),
        "names": [config["labels"].get(curve, curve) for curve in curves],
        "files": [("profile", f"{path}/{curve}/profile.h5") for curve in curves],
    }


def _of_widths(config: Mapping, entry: Mapping) -> dict:
    (curve,) = entry["curves"]
    return {
        "label": config["labels"].get(curve, curve),
        "names": [str(width(config, path)) for path in entry["pairs"]],
        "files": [("profile", f"{path}/{curve}/profile.h5") for path in entry["pairs"]],
    }


def width(config: Mapping, path: str) -> float | None:
    """By what the layers of a run's or pair's model are multiplied, if by anything."""
    ((_, options),) = config["models"][path.split("/")[1]].items()
    return options.get("width")


def _of_ensembles(config: Mapping, entry: Mapping) -> dict:
    names = [ensemble_label(config, path) for path in entry["ensembles"]]
    single = [("single", entry["single"])] if "single" in entry else []
    shown = [("ensemble", path) for path in entry["ensembles"]] + single
    return {
        "label": "",
        "names": names,
        "files": [(role, f"{path}/ensemble.csv") for role, path in shown],
    }


def ensemble_label(config: Mapping, path: str) -> str:
    """What an ensemble {dataset}/{model}/{ensemble} is called."""
    name = path.rpartition("/")[2]
    return config["labels"].get(path, config["labels"].get(name, name))


def _of_plane(config: Mapping, kind: str, entry: Mapping, path: str) -> dict:
    plane = entry["plane"]
    files = OF_PLANES[kind]
    if "directions" in entry:
        files = {"repeats": f"repeats-{entry['directions']}.h5"}
    shown = [path, *ends(config["planes"], plane)]
    name = label(config, path, "model" if entry["label"] == "plane" else entry["label"])
    return {
        "label": config["labels"].get(plane, plane)
        if entry["label"] == "plane"
        else name,
        "names": [name],
        "files": [
            *(("history", f"{one}/history.csv") for one in shown),
            *(
                (role, f"{path}/{_owner(config, plane, role)}/{file}")
                for role, file in files.items()
            ),
        ],
    }


def _owner(config: Mapping, plane: str, role: str) -> str:
    """The plane whose file it is: directions are those of the plane that is refined."""
    return spanned(config["planes"], plane) if role == "directions" else plane


def tabled(config: Mapping, table: str) -> list[dict]:
    """The runs of a table in order: {run, group, label, files}; see `tables.made`.

    Runs of a group differ by their seed alone.
    """
    ((kind, shown),) = config["tables"][table]["shows"].items()
    if kind == "curves":
        return _tabled_curves(config, shown)
    if kind == "ensembles":
        return _tabled_ensembles(config, shown)
    plane = shown.get("plane", "")
    files = TABLES[kind]
    if kind == "flatness" and "y" not in config["planes"][plane]:
        files = LINES
    return [
        {
            "run": path,
            "group": group(path),
            "label": label(config, path, shown["label"]),
            "files": [
                ("history", f"{path}/history.csv"),
                *((role, f"{path}/{plane}/{file}") for role, file in files.items()),
            ],
        }
        for path in shown["runs"]
    ]


def _tabled_curves(config: Mapping, shown: Mapping) -> list[dict]:
    return [
        {
            "run": path,
            "group": f"{path}/{curve}",
            "label": label(config, pair(path)[0], shown["label"]),
            "curve": config["labels"].get(curve, curve),
            "files": [("profile", f"{path}/{curve}/profile.h5")],
        }
        for path in shown["pairs"]
        for curve in shown["curves"]
    ]


def _tabled_ensembles(config: Mapping, shown: Mapping) -> list[dict]:
    return [
        {
            "run": path,
            "group": path,
            "label": ensemble_label(config, path),
            "files": [("ensemble", f"{path}/ensemble.csv")],
        }
        for path in shown["ensembles"]
    ]


def files(shown: Sequence[Mapping]) -> list[str]:
    """The files that panels of a figure or runs of a table show, in order."""
    return [f"<results>/{path}" for each in shown for _, path in each["files"]]


def roles(shown: Sequence[Mapping]) -> list[dict]:
    """The same panels or runs, with the roles of their files in place of the files."""
    return [
        {key: each[key] for key in each if key != "files"}
        | {"roles": [role for role, _ in each["files"]]}
        for each in shown
    ]


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
    return bool({"principal", "initial"} & choice.keys())


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


def legs(config: Mapping, ensemble: str) -> list[dict]:
    """The runs whose members an ensemble has, in order.

    {recipe, seed, budget, keeps, epochs, spent}: the ordinal of the budget that pays
    for it, from 0; whether it keeps members; the epochs of the run itself, and those
    spent of the budget before it began. What a run starts from is counted once for all
    that start from the same one.
    """
    entry = config["ensembles"][ensemble]
    found = []
    for budget, seed in enumerate(entry["seeds"]):
        spent = shared(config, entry["recipes"])
        for name in entry["recipes"]:
            recipe = config["recipes"][name]
            leg = {"recipe": name, "seed": seed, "budget": budget, "spent": spent}
            leg |= {"keeps": "members" in recipe.get("keep", {})}
            found.append(leg | {"epochs": recipe["epochs"]})
            spent += recipe["epochs"]
    return found


def shared(config: Mapping, recipes: Sequence[str]) -> int:
    """The epochs of the runs that recipes start from, each run up to its last start."""
    lasts: dict[str, int] = {}
    for name in recipes:
        start = config["recipes"][name].get("start")
        if start:
            last = lasts.get(start["recipe"], 0)
            lasts[start["recipe"]] = max(last, start["epoch"])
    return sum(lasts.values())


def cost(config: Mapping, ensemble: str) -> int:
    """The epochs that one seed of an ensemble takes in all."""
    last = legs(config, ensemble)[len(config["ensembles"][ensemble]["recipes"]) - 1]
    return last["spent"] + last["epochs"]
