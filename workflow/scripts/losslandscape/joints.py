"""The references of what joins runs: starts, curves, ensembles."""

from collections.abc import Iterator, Mapping

from losslandscape import study


def broken(config: Mapping) -> Iterator[str]:
    """What recipes, curves and ensembles name that is not there, or does not fit."""
    for name, recipe in config["recipes"].items():
        if "start" in recipe:
            yield from _broken_start(f"recipes.{name}.start", recipe["start"], config)
    for name, curve in config.get("curves", {}).items():
        ((shape, how),) = curve["shape"].items()
        if "recipe" in how:
            where = f"curves.{name}.shape.{shape}.recipe"
            yield from _broken_bends(where, how["recipe"], config)
    for name, ensemble in config.get("ensembles", {}).items():
        yield from _broken_ensemble(f"ensembles.{name}", name, ensemble, config)


def broken_entry(
    where: str, kind: str, entry: Mapping, config: Mapping
) -> Iterator[str]:
    """What figures and tables show of curves and ensembles, and what is not there."""
    for name in entry.get("curves", []):
        yield from _broken_curve(where, name, entry, config)
    for path in [*entry.get("ensembles", []), *_single(entry)]:
        yield from _broken_gathering(where, path, config)
    if kind == "profiles" and not {"pairs", "runs"} & entry.keys():
        yield f"{where}: needs pairs, or runs that keep members"
    for path in entry.get("pairs", []):
        yield from _unfit_pair(where, kind, path, config)
    yield from _unknown_numbers(where, kind, entry)


def broken_place(where: str, place: str, config: Mapping) -> Iterator[str]:
    """What is wrong with a curve {pair}/{curve} that a plane leads to."""
    pair, _, name = place.rpartition("/")
    curve = config.get("curves", {}).get(name)
    if curve is None:
        yield f"{where}: curves has no '{name}'"
    elif not any("recipe" in how for how in curve["shape"].values()):
        yield f"{where}: curve '{name}' has no bend"
    for path in study.pair(pair):
        yield from _broken_run(where, path, config)


def _unfit_pair(where: str, kind: str, path: str, config: Mapping) -> Iterator[str]:
    if len(set(study.pair(path))) < 2:
        yield f"{where}: '{path}' joins a run to itself"
    is_known = path.split("/")[1] in config["models"]
    if kind == "widths" and is_known and study.width(config, path) is None:
        yield f"{where}: the model of '{path}' says no width"


def _single(entry: Mapping) -> list[str]:
    return [entry["single"]] if "single" in entry else []


def _broken_run(where: str, path: str, config: Mapping) -> Iterator[str]:
    try:
        study.run(path, config)
    except KeyError as error:
        yield f"{where}: run '{path}': {error.args[0]}"


def _broken_start(where: str, start: Mapping, config: Mapping) -> Iterator[str]:
    recipe = config["recipes"].get(start["recipe"])
    if recipe is None:
        yield f"{where}: recipes has no '{start['recipe']}'"
        return
    keep, epoch = recipe.get("keep", {}), start["epoch"]
    is_kept = epoch in keep.get("at", []) or epoch % keep.get("every", epoch + 1) == 0
    if not is_kept or epoch > recipe["epochs"]:
        yield f"{where}: '{start['recipe']}' does not keep epoch {epoch}"


def _broken_bends(where: str, name: str, config: Mapping) -> Iterator[str]:
    recipe = config["recipes"].get(name)
    if recipe is None:
        yield f"{where}: recipes has no '{name}'"
    elif {"keep", "start"} & recipe.keys():
        yield f"{where}: '{name}' may neither keep nor start"


def _broken_ensemble(
    where: str, name: str, ensemble: Mapping, config: Mapping
) -> Iterator[str]:
    recipes = config["recipes"]
    for lost in [recipe for recipe in ensemble["recipes"] if recipe not in recipes]:
        yield f"{where}.recipes: recipes has no '{lost}'"
        return
    cost, budget = study.cost(config, name), ensemble["budget"]
    if cost > budget:
        yield f"{where}.budget: its recipes take {cost} epochs, more than {budget}"
    images = [recipes[recipe].get("images") for recipe in ensemble["recipes"]]
    if any(other != images[0] for other in images):
        yield f"{where}.recipes: they are trained and tested on different images"


def _broken_curve(
    where: str, name: str, entry: Mapping, config: Mapping
) -> Iterator[str]:
    curve = config.get("curves", {}).get(name)
    if curve is None:
        yield f"{where}: curves has no '{name}'"
        return
    through_members = "members" in curve["shape"]
    if through_members and "pairs" in entry:
        yield f"{where}: curve '{name}' leads through the members of runs, not pairs"
    if not through_members and "runs" in entry:
        yield f"{where}: curve '{name}' joins pairs of runs"
    for path in entry.get("runs", []):
        recipe = config["recipes"].get(path.split("/")[2].rpartition("-seed")[0], {})
        if through_members and "members" not in recipe.get("keep", {}):
            yield f"{where}: the recipe of '{path}' keeps no members"


def _broken_gathering(where: str, path: str, config: Mapping) -> Iterator[str]:
    for section, name in zip(
        ("datasets", "models", "ensembles"), path.split("/"), strict=True
    ):
        if name not in config.get(section, {}):
            yield f"{where}: '{path}': {section} has no '{name}'"


def _unknown_numbers(where: str, kind: str, entry: Mapping) -> Iterator[str]:
    """Numbers of the paper for rows that the table does not have."""
    rows = set(entry.get("ensembles", []))
    for pair in entry.get("pairs", []):
        rows |= {f"{pair}/{name}" for name in (*entry.get("curves", []), "single")}
    if kind in ("curves", "ensembles"):
        for row in entry.get("printed", {}).keys() - rows:
            yield f"{where}.printed: the table has no row of '{row}'"
