"""What the page of a study shows: figures, tables and landscapes, and their files."""

from collections.abc import Iterator, Mapping, Sequence

from losslandscape import exhibits, phrases, study, wording

OWN = "Of this study alone"
# Of what figures draw, the files that the page draws again or takes numbers from.
ROLES = {"history", "surface", "directions", "profile", "line", "path"}


def album(config: Mapping, papers: Mapping) -> dict:
    """All that a page shows as plain data; files are named below the study's results.

    `papers` says of figures and tables by name what the paper has there; see
    `gallery.page`.
    """
    figures = [
        _figure(config, name) | {"paper": title(config, papers, name)}
        for name in config["figures"]
    ]
    words = phrases.of_study(config)
    is_usual = words == wording.CLASSIFICATION
    return {
        "study": config["study"],
        **({} if is_usual else {"task": words._asdict()}),
        "papers": {name: papers[name] for name in _named(config) if name in papers},
        "titles": _titles(papers),
        "figures": figures,
        "tables": [
            {"name": name, "paper": title(config, papers, name)}
            | {"caption": table["caption"]}
            for name, table in config["tables"].items()
        ],
        "surfaces": list(_surfaces(config, figures)),
        "pairs": list(_pairs(config, figures)),
        "roads": _roads(config, figures),
    }


def files(shown: Mapping) -> list[str]:
    """The files that a page reads of what its figures draw, each once, in order."""
    found = (
        path
        for figure in shown["figures"]
        for panel in figure["panels"]
        for role, path in panel["files"]
        if role in ROLES
    )
    return list(dict.fromkeys(found))


def datasets(shown: Mapping) -> list[str]:
    """The datasets on which what a page shows was measured."""
    return sorted({path.split("/")[0] for path in files(shown)})


def title(config: Mapping, papers: Mapping, name: str) -> str:
    """The title of the paper that a figure or table of this name belongs to."""
    entry = config["figures"].get(name) or config["tables"][name]
    paper = entry.get("paper", "")
    return papers.get(paper, {}).get("title", paper) or OWN


def _titles(papers: Mapping) -> dict[str, str]:
    return {name: papers[name]["title"] for name in papers if "title" in papers[name]}


def _named(config: Mapping) -> Iterator[str]:
    yield from config["figures"]
    yield from config["tables"]


def _figure(config: Mapping, name: str) -> dict:
    entry = config["figures"][name]
    panels = exhibits.panels(config, name)
    return {
        "name": name,
        "caption": entry["caption"],
        "panels": [
            panel | {"files": [list(pair) for pair in panel["files"]]}
            for panel in panels
        ],
    }


def _drawn(figures: Sequence[Mapping], *roles: str) -> dict[str, dict]:
    """Files of some roles, each with the panel and the figure that first draw it."""
    found: dict[str, dict] = {}
    for figure in figures:
        for panel in figure["panels"]:
            for role, path in panel["files"]:
                if role in roles:
                    found.setdefault(path, panel | {"figure": figure["name"]})
    return found


def _surfaces(config: Mapping, figures: Sequence[Mapping]) -> Iterator[dict]:
    """Each surface once: {file, name, plane, figure}, and the places in its plane."""
    for path, panel in _drawn(figures, "surface").items():
        run, plane, _ = path.rsplit("/", 2)
        yield {
            "file": path,
            "name": _called(config, run),
            "plane": config["labels"].get(plane, plane),
            "figure": panel["figure"],
            "directions": dict(panel["files"]).get("directions"),
            "ends": [run, *study.places(config["planes"], plane)],
            "curve": panel.get("curve"),
        }


def _called(config: Mapping, run: str) -> str:
    """A run by the labels of its model and recipe, and its seed where it is not 0."""
    named = study.label(config, run, "model"), study.label(config, run, "recipe")
    seed = study.run(run, config)["seed"]
    return ", ".join(dict.fromkeys([*named, *[f"seed {seed}"] * (seed != "0")]))


def _pairs(config: Mapping, figures: Sequence[Mapping]) -> Iterator[dict]:
    """Surfaces of one net without and with shortcuts, in planes of one name."""
    paths = _drawn(figures, "surface")
    both = [(other, path) for path in paths for other in _without(config, path)]
    for other, path in both:
        if other in paths:
            run, plane, _ = path.rsplit("/", 2)
            name = study.label(config, run, "model")
            grid = config["labels"].get(plane, plane)
            yield {"name": f"{name} ({grid})", "files": [other, path]}


def _without(config: Mapping, path: str) -> Iterator[str]:
    """The same file of nets that differ by having no shortcuts."""
    dataset, model, rest = path.split("/", 2)
    ((family, options),) = config["models"][model].items()
    if options.get("shortcuts"):
        bare = {family: options | {"shortcuts": False}}
        for name, other in config["models"].items():
            if other == bare:
                yield f"{dataset}/{name}/{rest}"


def _roads(config: Mapping, figures: Sequence[Mapping]) -> list[dict]:
    """Curves and lines that can be compared: {name, figure, of: [{name, shape, file}]}.

    Curves are those of one pair of runs, or of one run; lines those along one plane.
    """
    groups: dict[str, dict] = {}
    for path, panel in _drawn(figures, "profile", "line").items():
        ends, name, file = path.rsplit("/", 2)
        is_line = file == "line.h5"
        group = groups.setdefault(
            name if is_line else ends,
            {
                "name": _along(config, name) if is_line else _between(config, ends),
                "figure": panel["figure"],
                "ends": [] if is_line else study.pair(ends)[:2],
                "of": [],
            },
        )
        group["of"].append(
            {"file": path} | (_line(config, ends) if is_line else _curve(config, name))
        )
    return list(groups.values())


def _along(config: Mapping, plane: str) -> str:
    return f"Along {config['labels'].get(plane, plane)}"


def _between(config: Mapping, ends: str) -> str:
    """What is joined: two runs, or the members of one."""
    if not study.is_pair(ends):
        return f"Members of {_called(config, ends)}"
    runs = study.pair(ends)
    seeds = " – ".join(study.run(run, config)["seed"] for run in runs)
    first = (
        study.label(config, runs[0], "model"),
        study.label(config, runs[0], "recipe"),
    )
    return f"{', '.join(dict.fromkeys(first))}, seeds {seeds}"


def _line(config: Mapping, run: str) -> dict:
    return {"name": _called(config, run), "shape": "line"}


def _curve(config: Mapping, name: str) -> dict:
    (shape,) = config["curves"][name]["shape"]
    return {"name": config["labels"].get(name, name), "shape": shape}
