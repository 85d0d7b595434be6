"""What figures and tables show: panels and rows, their labels and their files."""

from collections.abc import Mapping, Sequence

from losslandscape import axis_names, phrases, study, wording

# What the panels of a kind of row draw: files of their runs, of the plane through them.
OF_RUNS = {
    "norms": {"history": "history.csv"},
    "training": {"history": "history.csv"},
    "histograms": {"weights": "weights.safetensors"},
}
OF_PLANES = {
    "contours": {"surface": "surface.h5"},
    "filled": {"surface": "surface.h5"},
    "surfaces": {"surface": "surface.h5"},
    "slices": {"volume": "volume.h5"},
    "volumes": {"volume": "volume.h5"},
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


def panels(config: Mapping, figure: str) -> list[dict]:
    """The panels of a figure in order: {label, names, files}; see `panels.rows`.

    `names` are the labels of a panel's runs; `files` are pairs of a role and a path
    under the study's results.
    """
    entries = list(study.entries(config["figures"][figure]))
    colours = _colours([entry for _, entry in entries])
    return [
        _worded(config, panel)
        for kind, entry in entries
        for panel in _panels(config, kind, {**entry, "colours": colours})
    ]


def _colours(entries: Sequence[Mapping]) -> dict[str, int]:
    """Runs that meet others in a figure, numbered: each has one colour all over it."""
    met = [entry for entry in entries if "guests" in entry]
    runs = (run for entry in met for run in (*entry["runs"], *entry["guests"]))
    return {run: number for number, run in enumerate(dict.fromkeys(runs))}


def _worded(config: Mapping, shown: dict) -> dict:
    """A panel or a table's run with the words of its task, unless it is classified."""
    if phrases.of_study(config) == wording.CLASSIFICATION:
        return shown
    _, path = shown["files"][0]
    if path.startswith("tables/"):
        name = path.removeprefix("tables/").removesuffix(".csv")
        _, path = tabled(config, name)[0]["files"][0]
    words = phrases.of_dataset(config, path.partition("/")[0])
    is_usual = words == wording.CLASSIFICATION
    return shown if is_usual else shown | {"task": words._asdict()}


def _panels(config: Mapping, kind: str, entry: Mapping) -> list[dict]:
    if kind in OF_RUNS:
        return _of_runs(config, kind, entry)
    if kind in WHOLE:
        return [WHOLE[kind](config, entry)]
    if kind == "profiles":
        paths = [*entry.get("pairs", []), *entry.get("runs", [])]
        return [_of_curves(config, entry, path) for path in paths]
    of_one = _of_run if kind == "cycles" else _of_plane
    return [of_one(config, kind, entry, path) for path in entry["runs"]]


def _of_table(config: Mapping, entry: Mapping) -> dict:
    files = [("table", f"tables/{entry['table']}.csv")]
    return {"label": "", "names": [], "files": files}


def _of_runs(config: Mapping, kind: str, entry: Mapping) -> list[dict]:
    ((role, name),) = OF_RUNS[kind].items()
    return [
        {
            "label": title,
            "names": [study.label(config, path, entry["label"]) for path in runs],
            "files": [(role, f"{path}/{name}") for path in runs],
        }
        for title, runs in entry["panels"].items()
    ]


def _of_run(config: Mapping, kind: str, entry: Mapping, path: str) -> dict:
    name = study.label(config, path, entry["label"])
    return {
        "label": name,
        "names": [name],
        # Not as `history`, which would give the panel an error where training ended.
        "files": [("past", f"{path}/history.csv")],
    }


def _of_curves(config: Mapping, entry: Mapping, path: str) -> dict:
    first = study.pair(path)[0] if study.is_pair(path) else path
    curves = entry["curves"]
    return {
        "label": study.label(config, first, entry["label"]),
        "names": [config["labels"].get(curve, curve) for curve in curves],
        "files": [("profile", f"{path}/{curve}/profile.h5") for curve in curves],
    }


def _of_widths(config: Mapping, entry: Mapping) -> dict:
    (curve,) = entry["curves"]
    return {
        "label": config["labels"].get(curve, curve),
        "names": [str(study.width(config, path)) for path in entry["pairs"]],
        "files": [("profile", f"{path}/{curve}/profile.h5") for path in entry["pairs"]],
    }


def _of_ensembles(config: Mapping, entry: Mapping) -> dict:
    names = [study.ensemble_label(config, path) for path in entry["ensembles"]]
    single = [("single", entry["single"])] if "single" in entry else []
    shown = [("ensemble", path) for path in entry["ensembles"]] + single
    return {
        "label": "",
        "names": names,
        "files": [(role, f"{path}/ensemble.csv") for role, path in shown],
    }


def _of_plane(config: Mapping, kind: str, entry: Mapping, path: str) -> dict:
    plane = entry["plane"]
    files = OF_PLANES[kind]
    if "directions" in entry:
        files = {"repeats": f"repeats-{entry['directions']}.h5"}
    shown = [path, *study.ends(config["planes"], plane)]
    by = "model" if entry["label"] == "plane" else entry["label"]
    name = study.label(config, path, by)
    guests = entry.get("guests", [])
    met = [path, *guests]
    axes = axis_names.of(config, plane)
    return {
        "label": config["labels"].get(plane, plane)
        if entry["label"] == "plane"
        else name,
        "names": [name],
        **({"curve": study.road(config, plane, path)} if kind == "planes" else {}),
        **({"axes": axes} if axes else {}),
        "guests": [_of_guest(config, one, by, name) for one in guests],
        **({"colours": [entry["colours"][each] for each in met]} if guests else {}),
        "files": [
            *(("history", f"{one}/history.csv") for one in shown),
            *(
                (role, f"{path}/{_owner(config, plane, role)}/{file}")
                for role, file in files.items()
            ),
            *(
                ("visit", f"{study.between(path, one)}/{plane}/path.h5")
                for one in guests
            ),
        ],
    }


def _of_guest(config: Mapping, path: str, by: str, host: str) -> str:
    """What a run is called beside another, whose seed alone may be different."""
    name = study.label(config, path, by)
    return f"{name}, seed {study.run(path, config)['seed']}" if name == host else name


def _owner(config: Mapping, plane: str, role: str) -> str:
    """The plane whose file it is: directions are those of the plane that is refined."""
    return study.spanned(config["planes"], plane) if role == "directions" else plane


def tabled(config: Mapping, table: str) -> list[dict]:
    """The runs of a table in order: {run, group, label, files}; see `tables.made`.

    Runs of a group differ by their seed alone.
    """
    ((kind, shown),) = config["tables"][table]["shows"].items()
    rows = TABLED.get(kind, _tabled_runs)(config, shown | {"kind": kind})
    return [_worded(config, row) for row in rows]


def _tabled_runs(config: Mapping, shown: Mapping) -> list[dict]:
    plane, kind = shown.get("plane", ""), shown["kind"]
    files = TABLES[kind]
    if kind == "flatness" and "y" not in config["planes"][plane]:
        files = LINES
    return [
        {
            "run": path,
            "group": study.group(path),
            "label": study.label(config, path, shown["label"]),
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
            "label": study.label(config, study.pair(path)[0], shown["label"]),
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
            "label": study.ensemble_label(config, path),
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


# Kinds of rows that are one panel each.
WHOLE = {"scatter": _of_table, "widths": _of_widths, "budgets": _of_ensembles}
# Tables of other things than runs.
TABLED = {"curves": _tabled_curves, "ensembles": _tabled_ensembles}
