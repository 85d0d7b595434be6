"""The faults of a config, told before anything is trained: place and expectation."""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise

from losslandscape import form, study

# Layers of a family: a multiple of the first number, plus the second.
DEPTHS = {"resnet": (6, 2), "preresnet": (9, 2), "wideresnet": (6, 4)}
# Channels or neurons of a family's narrowest layer at width 1.
NARROWEST = {"resnet": 16, "vgg": 64, "convnet": 1000}
# What is known of a source before it is fetched; nothing of an npz.
SOURCES = {
    "digits": {"channels": 1, "train": 1437, "test": 360},
    "cifar10": {"channels": 3, "train": 50000, "test": 10000},
    "cifar100": {"channels": 3, "train": 50000, "test": 10000},
}


def check(config: Mapping, schema: Mapping) -> None:
    """Raise ValueError with every fault of a config: where it stands, what is wrong.

    Faults of form hide the others, and broken references and values hide those of the
    images that runs need.
    """
    faults = form.faults(config, schema)
    faults = faults or [*_broken(config), *_wrong(config), *_unknown_labels(config)]
    faults = faults or list(dict.fromkeys(_missing_images(config)))
    if faults:
        raise ValueError("The config is not a study:\n  " + "\n  ".join(faults))


def _broken(config: Mapping) -> Iterator[str]:
    """The references to things that are not there, and choices that contradict."""
    planes = config["planes"]
    for name, plane in planes.items():
        if _is_circular(planes, name):
            yield f"planes.{name}.refines: leads to no plane with directions of its own"
        yield from _broken_plane(f"planes.{name}", plane, config)
    for name, figure in config["figures"].items():
        for kind, row in study.rows(figure):
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
            study.run(path, config)
        except KeyError as error:
            yield f"{where}: run '{path}': {error.args[0]}"


def _wrong(config: Mapping) -> Iterator[str]:
    """The values that are wrong beside others, or for what they belong to."""
    for name, dataset in config["datasets"].items():
        yield from _wrong_channels(f"datasets.{name}", dataset)
    for name, model in config["models"].items():
        yield from _wrong_net(f"models.{name}", model)
    for name, recipe in config["recipes"].items():
        yield from _wrong_drops(f"recipes.{name}.schedule.step.at", recipe)
    for name, plane in config["planes"].items():
        yield from _wrong_axes(f"planes.{name}", plane)


def _wrong_channels(where: str, dataset: Mapping) -> Iterator[str]:
    (source,) = dataset["source"]
    for name in ("mean", "std"):
        given = len(dataset[name])
        channels = SOURCES.get(source, {}).get("channels", given)
        if given != channels:
            yield f"{where}.{name}: needs one value a channel, {channels}, not {given}"


def _wrong_net(where: str, model: Mapping) -> Iterator[str]:
    ((family, options),) = model.items()
    step, rest = DEPTHS.get(family, (1, 0))
    depth = options.get("depth", rest)
    if (depth - rest) % step:
        yield f"{where}.{family}.depth: needs {step}n + {rest} layers, not {depth}"
    # Rounded to none; a half is rounded to the even zero.
    least = 0.5 / NARROWEST.get(family, 1)
    width = options.get("width", 1)
    if width <= least:
        yield f"{where}.{family}.width: {width} leaves layers empty; needs over {least}"


def _wrong_drops(where: str, recipe: Mapping) -> Iterator[str]:
    epochs = recipe["epochs"]
    drops = recipe.get("schedule", {}).get("step", {}).get("at", [])
    if any(later <= drop for drop, later in pairwise([*drops, epochs])):
        yield f"{where}: {drops} must increase and stay below the {epochs} epochs"


def _wrong_axes(where: str, plane: Mapping) -> Iterator[str]:
    for name, axis in plane.items():
        if name in ("x", "y") and axis["from"] >= axis["to"]:
            start, end = axis["from"], axis["to"]
            yield f"{where}.{name}: from {start} must be less than to {end}"


def _unknown_labels(config: Mapping) -> Iterator[str]:
    runs = {path for _, path in _drawn(config)}
    for name in config.get("labels", {}):
        if name not in {*config["models"], *config["recipes"], *runs}:
            yield f"labels.{name}: neither a model, a recipe nor a run in a figure"


def _drawn(config: Mapping) -> Iterator[tuple[str, str]]:
    """The plane and the run of each panel."""
    for figure in config["figures"].values():
        for _, row in study.rows(figure):
            for path in row["runs"]:
                yield row["plane"], path


def _missing_images(config: Mapping) -> Iterator[str]:
    """The counts of images, for what is drawn, that their dataset does not have."""
    planes = config["planes"]
    for plane, path in _drawn(config):
        dataset = config["datasets"][study.run(path, config)["dataset"]]
        for trained in (path, *_targets(planes, plane)):
            recipe = study.run(trained, config)["recipe"]
            yield from _missing(f"recipes.{recipe}", config["recipes"][recipe], dataset)
        spanned = study.spanned(planes, plane)
        yield from _missing(f"planes.{spanned}", planes[spanned], dataset)


def _missing(where: str, entry: Mapping, dataset: Mapping) -> Iterator[str]:
    (source,) = dataset["source"]
    for split in ("train", "test"):
        count = entry.get("images", {}).get(split, "all")
        there = SOURCES.get(source, {}).get(split, math.inf)
        if count != "all" and count > there:
            yield f"{where}.images.{split}: {count}, but {source} has {there} images"
