"""The references of what joins runs: starts, curves, ensembles."""

from collections.abc import Iterator, Mapping

from losslandscape import accounts, columns, schedules, study

# Measures that a chain through members does not have, and what options are for.
OF_PAIRS = {"pair_error", "disagreement"}
ONLY = {"votes": "test_error", "scaled": "test_loss"}
# What the bends of a curve share with its ends, lest losses mean something else.
SHARED = {"weight_decay": 0, "images": {"train": "all", "test": "all"}}
STEPS = 1000  # of an epoch, when its real number is not known yet
# Nets that are chains of ReLU layers, without batch norm.
PLAIN = {"convnet": {}, "vgg": {"plan": "vgg16"}}


def broken(config: Mapping) -> Iterator[str]:
    """What recipes, curves and ensembles name that is not there, or does not fit."""
    for name, recipe in config["recipes"].items():
        if "start" in recipe:
            yield from _broken_start(f"recipes.{name}.start", name, config)
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
    for path in entry.get("pairs", []):
        yield from _unfit_pair(where, kind, path, config)
    if "ensembles" in entry:
        yield from _unfit_ensembles(where, entry, config)
    if kind == "profiles":
        yield from _unfit_measure(where, entry)
    if kind == "cycles":
        yield from _unfit_cycles(where, entry, config)
    yield from _unknown_numbers(where, kind, entry)


def broken_place(where: str, place: str, config: Mapping) -> Iterator[str]:
    """What is wrong with a curve {pair}/{curve} that a plane leads to."""
    pair, _, name = place.rpartition("/")
    curve = config.get("curves", {}).get(name)
    if curve is None:
        yield f"{where}: curves has no '{name}'"
    elif not any("recipe" in how for how in curve["shape"].values()):
        yield f"{where}: curve '{name}' has no bend"
    if len(set(study.pair(pair))) < 2:
        yield f"{where}: '{pair}' joins a run to itself"
    for path in study.pair(pair):
        yield from broken_run(where, path, config)


def broken_run(where: str, path: str, config: Mapping) -> Iterator[str]:
    """What is not there of a run's dataset, model and recipe."""
    try:
        study.run(path, config)
    except KeyError as error:
        yield f"{where}: run '{path}': {error.args[0]}"


def _broken_start(where: str, name: str, config: Mapping) -> Iterator[str]:
    start = config["recipes"][name]["start"]
    recipe = config["recipes"].get(start["recipe"])
    if recipe is None:
        yield f"{where}: recipes has no '{start['recipe']}'"
        return
    if "weights" in recipe:
        yield f"{where}: '{start['recipe']}' was not trained here: it keeps no epoch"
        return
    if name in [each["recipe"] for each in accounts.starts(config, name)]:
        yield f"{where}: leads back to '{name}'"
    keep, epoch, last = recipe.get("keep", {}), start["epoch"], recipe["epochs"]
    every = "every" in keep and (epoch % keep["every"] == 0 or epoch == last)
    if epoch > last or not (every or epoch in keep.get("at", [])):
        yield f"{where}: '{start['recipe']}' does not keep epoch {epoch}"


def _broken_bends(where: str, name: str, config: Mapping) -> Iterator[str]:
    recipe = config["recipes"].get(name)
    if recipe is None:
        yield f"{where}: recipes has no '{name}'"
    elif "weights" in recipe:
        yield f"{where}: '{name}' trains nothing, its weights are given"
    elif {"keep", "start"} & recipe.keys():
        yield f"{where}: '{name}' may neither keep nor start"


def _broken_ensemble(
    where: str, name: str, ensemble: Mapping, config: Mapping
) -> Iterator[str]:
    recipes = config["recipes"]
    for lost in [recipe for recipe in ensemble["recipes"] if recipe not in recipes]:
        yield f"{where}.recipes: recipes has no '{lost}'"
        return
    cost, budget = accounts.cost(accounts.legs(config, name)), ensemble["budget"]
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
    for path in entry.get("runs", []) if through_members else []:
        yield from _too_few_members(where, path, config, 2)
    for path in entry.get("pairs", []):
        yield from _unfit_bends(where, name, path, config)
        yield from _unfit_shrinking(where, name, path, config)


def _too_few_members(
    where: str, path: str, config: Mapping, least: int
) -> Iterator[str]:
    recipe = _recipe(path, config)
    if "members" not in recipe.get("keep", {}):
        yield f"{where}: the recipe of '{path}' keeps no members"
        return
    found = schedules.collected(recipe["schedule"], recipe["epochs"], STEPS)
    if len(found) < least:
        yield f"{where}: '{path}' keeps one member alone"


def _unfit_bends(where: str, name: str, path: str, config: Mapping) -> Iterator[str]:
    """Differences of the recipes of a curve's ends and its bends."""
    ((_, how),) = config["curves"][name]["shape"].items()
    ends = [_recipe(run, config) for run in study.pair(path)]
    bends = [config["recipes"].get(how["recipe"], {})] if "recipe" in how else []
    for key, usual in SHARED.items():
        if any(one.get(key, usual) != ends[0].get(key, usual) for one in ends + bends):
            yield f"{where}: ends and bends of '{path}/{name}' differ in {key}"


def _unfit_shrinking(
    where: str, name: str, path: str, config: Mapping
) -> Iterator[str]:
    model = config["models"].get(path.split("/")[1])
    if model and "shrinking" in config["curves"][name]["shape"]:
        ((family, options),) = model.items()
        needed = PLAIN.get(family, {"batch norm": False})
        if not needed.items() <= options.items():
            yield f"{where}: '{path}' is no chain of ReLU layers without batch norm"


def _unfit_pair(where: str, kind: str, path: str, config: Mapping) -> Iterator[str]:
    if len(set(study.pair(path))) < 2:
        yield f"{where}: '{path}' joins a run to itself"
    is_known = path.split("/")[1] in config["models"]
    if kind == "widths" and is_known and study.width(config, path) is None:
        yield f"{where}: the model of '{path}' has no width"


def _unfit_ensembles(where: str, entry: Mapping, config: Mapping) -> Iterator[str]:
    paths = [*entry["ensembles"], *([entry["single"]] if "single" in entry else [])]
    broken = [fault for path in paths for fault in _broken_path(where, path, config)]
    yield from broken
    costs: dict[str, tuple] = {}
    for path in [] if broken else paths:
        net, _, name = path.rpartition("/")
        ensemble = config["ensembles"][name]
        cost = ensemble["budget"], len(ensemble["seeds"])
        if costs.setdefault(net, cost) != cost:
            yield f"{where}: ensembles of '{net}' differ in budget or number of seeds"


def _broken_path(where: str, path: str, config: Mapping) -> Iterator[str]:
    sections = "datasets", "models", "ensembles"
    for section, name in zip(sections, path.split("/"), strict=True):
        if name not in config.get(section, {}):
            yield f"{where}: '{path}': {section} has no '{name}'"


def _unfit_measure(where: str, entry: Mapping) -> Iterator[str]:
    """Measures and options that a profile does not have, or not together."""
    if not {"pairs", "runs"} & entry.keys():
        yield f"{where}: needs pairs, or runs that keep members"
    wanted = {"votes", "scaled"} & {key for key in entry if entry[key] is True}
    if "runs" in entry and (wanted or entry["measure"] in OF_PAIRS):
        yield f"{where}: a chain through members has neither votes nor pairs"
    for option in sorted(wanted):
        if entry["measure"] != ONLY[option]:
            yield f"{where}.{option}: is for {ONLY[option]}, not {entry['measure']}"


def _unfit_cycles(where: str, entry: Mapping, config: Mapping) -> Iterator[str]:
    for path in entry["runs"]:
        if not list(broken_run(where, path, config)):
            yield from _too_few_members(where, path, config, 1)
            if _recipe(path, config).get("evaluate_every", 1) > 1:
                yield f"{where}: the recipe of '{path}' skips epochs"


def _recipe(path: str, config: Mapping) -> Mapping:
    """The recipe of a run; nothing if there is none of this name."""
    return config["recipes"].get(study.group(path).split("/")[2], {})


def _unknown_numbers(where: str, kind: str, entry: Mapping) -> Iterator[str]:
    """Numbers of the paper for rows and columns that the table does not have."""
    rows = set(entry.get("ensembles", []))
    for pair in entry.get("pairs", []):
        rows |= {f"{pair}/{name}" for name in (*entry.get("curves", []), "single")}
    told = entry.get("printed", {}) if kind in ("curves", "ensembles") else {}
    for row, numbers in told.items():
        if row not in rows:
            yield f"{where}.printed: the table has no row of '{row}'"
        for name in numbers.keys() - columns.MEANINGS.keys():
            yield f"{where}.printed: the table has no column '{name}'"
