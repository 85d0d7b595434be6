"""The references of a config: names of things that are not there or do not fit."""

from collections.abc import Iterator, Mapping

from losslandscape import brought, joints, study

LINES = {"lines", "rescalings", "sharpness"}
VOLUMES = {"slices", "volumes"}
# The dimensions that other kinds draw than planes alone.
DIMENSIONS = {
    **dict.fromkeys(LINES, (1,)),
    **dict.fromkeys(VOLUMES, (3,)),
    **{"densities": (1, 2, 3), "flatness": (1, 2)},
}
SPANNED = {1: "x alone", 2: "x and y", 3: "x, y and z"}
SHAPES = {1: "line", 2: "plane", 3: "volume"}
# What a kind of row or table needs its plane to say.
NEEDS = {
    "rescalings": ("factors", "hessian"),
    "sharpness": ("factors", "hessian"),
    "maps": ("hessian",),
    "densities": ("hessian",),
    "curvature": ("hessian",),
}
# The states that a direction moves when the config does not say.
MOVES = {"difference": "states"}
POLICIES = {"frozen": "weights", "interpolated": "states"}
# What directions must be lest their curves see the scale of the weights; the default.
SCALE_FREE = {"normalise": "filter", "ignore": "biasbn"}


def broken(config: Mapping) -> Iterator[str]:
    """The references to things that are not there, and choices that contradict."""
    planes = config["planes"]
    for name, plane in planes.items():
        if _is_circular(planes, name):
            yield f"planes.{name}.refines: leads to no plane with directions of its own"
        yield from _broken_plane(f"planes.{name}", plane, config)
    yield from joints.broken(config)
    yield from brought.broken(config)
    for where, kind, entry in entries(config):
        yield from _broken_entry(where, kind, entry, config)
        yield from joints.broken_entry(where, kind, entry, config)
        yield from brought.broken_entry(where, kind, entry, config)


def entries(config: Mapping) -> Iterator[tuple[str, str, Mapping]]:
    """The place, the kind and the entry of all that figures and tables show."""
    for name, figure in config["figures"].items():
        for kind, entry in study.entries(figure):
            yield f"figures.{name}.{kind}", kind, entry
    for name, table in config.get("tables", {}).items():
        for kind, entry in table["shows"].items():
            yield f"tables.{name}.{kind}", kind, entry


def _is_circular(planes: Mapping, plane: str) -> bool:
    for _ in planes:
        plane = planes.get(plane, {}).get("refines")
    return plane is not None


def _is_sound(planes: Mapping, plane: str) -> bool:
    """Whether a plane is there, and what it refines."""
    for _ in planes:
        plane = planes.get(plane, {}).get("refines", plane)
    return "directions" in planes.get(plane, {})


def _broken_plane(where: str, plane: Mapping, config: Mapping) -> Iterator[str]:
    if "refines" in plane:
        coarse = study.coordinates(config["planes"].get(plane["refines"], {}))
        if coarse != study.coordinates(plane):
            kind = "volume" if "z" in plane else "plane"
            yield f"{where}.refines: planes has no {kind} '{plane['refines']}'"
        return
    yield from _unfit_directions(where, plane)
    if "factors" in plane:
        yield from _unfit_factors(f"{where}.factors", plane)
    for place in study.leads(plane["directions"]):
        broken = joints.broken_place if study.is_pair(place) else joints.broken_run
        yield from broken(f"{where}.directions", place, config)


def _unfit_directions(where: str, plane: Mapping) -> Iterator[str]:
    directions, coordinates = plane["directions"], study.coordinates(plane)
    ((kind, choice),) = directions.items()
    named = study.named(directions)
    parts = [how for axis in named for how in axis.values()] or [choice]
    moves = [_moved(kind, how) for how in parts]
    needed = POLICIES.get(plane["batchnorm"])
    if needed and (needed == "states") != ("states" in moves):
        yield f"{where}: batchnorm {plane['batchnorm']} needs directions of {needed}"
    many = {"difference": len(study.leads(directions)), "random": len(coordinates)}
    count = many.get(kind, len(named) or 2)
    if count != len(coordinates):
        told = f"{count} axes" if named else f"the two of '{kind}'"
        what = f"{count} runs" if kind == "difference" else told
        yield f"{where}.directions: {what} do not span {SPANNED[len(coordinates)]}"


def _moved(kind: str, how: Mapping | str) -> str:
    """What a direction moves; one to a run, which has no options, moves weights."""
    default = MOVES.get(kind, "weights")
    return how.get("of", default) if isinstance(how, Mapping) else default


def _unfit_factors(where: str, plane: Mapping) -> Iterator[str]:
    ((kind, choice),) = plane["directions"].items()
    if (kind, plane["batchnorm"]) != ("random", "frozen"):
        yield f"{where}: need random directions and frozen batch norm"
    for key, needed in SCALE_FREE.items():
        if choice.get(key, needed) != needed:
            yield f"{where}: need directions with {key} {needed}"
    if not plane["x"]["from"] < 0 < plane["x"]["to"]:
        yield f"{where}: need an x from below 0 to above"


def _broken_entry(
    where: str, kind: str, entry: Mapping, config: Mapping
) -> Iterator[str]:
    yield from _broken_runs(where, study.shown(entry), config)
    yield from _broken_runs(f"{where}.guests", entry.get("guests", []), config)
    groups = {study.group(path) for path in study.shown(entry)}
    for group in entry.get("printed", {}).keys() - groups if kind == "errors" else ():
        yield f"{where}.printed: the table has no run of '{group}'"
    if "table" in entry:
        table = config.get("tables", {}).get(entry["table"], {"shows": {}})
        if "flatness" not in table["shows"]:
            yield f"{where}: tables has no table of flatness '{entry['table']}'"
    if "plane" in entry and entry["plane"] not in config["planes"]:
        yield f"{where}: planes has no '{entry['plane']}'"
    elif "plane" in entry and _is_sound(config["planes"], entry["plane"]):
        yield from _unfit_plane(where, kind, entry, config["planes"])
        yield from _unfit_runs(where, kind, entry, config)


def _unfit_plane(
    where: str, kind: str, entry: Mapping, planes: Mapping
) -> Iterator[str]:
    name = entry["plane"]
    dimensions = DIMENSIONS.get(kind, (2,))
    if len(study.coordinates(planes[name])) not in dimensions:
        most = max(dimensions)
        shape = f"{SHAPES[most]} ({SPANNED[most]})"
        yield f"{where}: draws a {shape}, which '{name}' is not"
    spanned = planes[study.spanned(planes, name)]
    if kind == "planes" and "triangle" not in spanned["directions"]:
        yield f"{where}: draws a plane through three places, which '{name}' is not"
    for needed in NEEDS.get(kind, ()):
        if needed not in spanned:
            yield f"{where}: plane '{name}' has no {needed}"
    yield from _unfit_kind(where, entry, spanned["directions"])


def _unfit_kind(where: str, entry: Mapping, directions: Mapping) -> Iterator[str]:
    if "directions" in entry and "random" not in directions:
        yield f"{where}.directions: only random directions can be drawn again"
    if entry.get("units") == "length" and "principal" not in directions:
        plane = entry["plane"]
        yield f"{where}.units: lengths are of components, which '{plane}' has not"


def _unfit_runs(
    where: str, kind: str, entry: Mapping, config: Mapping
) -> Iterator[str]:
    for path in entry["runs"]:
        if _is_there(path, config):
            ends = study.places(config["planes"], entry["plane"])
            yield from _unfit_ends(where, path, ends)
            yield from _unfit_way(where, kind, path, entry["plane"], config)
            yield from _unfit_guests(f"{where}.guests", entry, path, config)


def _unfit_ends(where: str, path: str, ends: list[str]) -> Iterator[str]:
    for end in ends:
        if path == end:
            yield f"{where}: the direction from '{path}' leads to itself"
        elif path.split("/")[:2] != end.split("/")[:2]:
            yield f"{where}: no direction leads from '{path}' to '{end}'"


def _unfit_way(
    where: str, kind: str, path: str, plane: str, config: Mapping
) -> Iterator[str]:
    planes, kept = config["planes"], study.kept(config, path)
    needs_way = study.needs_trajectory(planes, plane) or kind in ("paths", "iterates")
    if needs_way and not kept:
        yield f"{where}: the recipe of '{path}' does not keep its way"
    directions = planes[study.spanned(planes, plane)]["directions"]
    if "principal" in directions and 0 < kept < 3:
        yield f"{where}: components need three kept nets; '{path}' keeps two"
    for axis in study.named(directions):
        index = axis.get("principal", {}).get("index", 0)
        if "principal" in axis and 0 < kept < max(index + 2, 3):
            yield f"{where}: '{path}' keeps {kept} nets, too few for component {index}"


def _unfit_guests(
    where: str, entry: Mapping, path: str, config: Mapping
) -> Iterator[str]:
    for guest in entry.get("guests", []):
        if guest == path:
            yield f"{where}: '{guest}' is the run of the plane itself"
        elif guest.split("/")[:2] != path.split("/")[:2]:
            yield f"{where}: '{guest}' is of another model than '{path}'"
        elif _is_there(guest, config) and not study.kept(config, guest):
            yield f"{where}: the recipe of '{guest}' does not keep its way"


def _is_there(path: str, config: Mapping) -> bool:
    return not list(joints.broken_run("", path, config))


def _broken_runs(where: str, paths: list[str], config: Mapping) -> Iterator[str]:
    for path in paths:
        yield from joints.broken_run(where, path, config)
