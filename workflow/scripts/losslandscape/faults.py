"""The faults of a config, told before anything is trained: place and expectation."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from losslandscape import (
    accounts,
    brought,
    classless,
    form,
    own_text,
    references,
    schedules,
    study,
    supplies,
)

# Layers of a family: a multiple of the first number, plus the second.
DEPTHS = {"resnet": (6, 2), "preresnet": (9, 2), "wideresnet": (6, 4)}
# Channels or neurons of a family's narrowest layer at width 1.
NARROWEST = {"resnet": 16, "vgg": 64, "convnet": 1000}
# What is known of a source before it is fetched; nothing of an npz, or of one's own.
SOURCES = {
    "digits": {"channels": 1, "train": 1437, "test": 360},
    "cifar10": {"channels": 3, "train": 50000, "test": 10000},
    "cifar100": {"channels": 3, "train": 50000, "test": 10000},
    "folder": {"channels": 3},
}
LABELLED = "models", "recipes", "planes", "curves", "ensembles"
# What `snakemake NAME` means already: the rules of the workflow.
RULES = {
    *("all", "along", "chain", "claims", "crate", "crate_zip", "curvature"),
    *("curvature_shard", "curve", "dataset", "directions", "ensemble", "figure"),
    *("given", "gallery", "line", "path", "repeats", "rescaling", "shard", "slopes"),
    *("spectrum", "surface", "table", "train", "trajectory", "visit", "volume"),
    *("workflow_copy",),
}


def check(config: Mapping, schema: Mapping) -> None:
    """Raise ValueError with every fault of a config: where it stands, what is wrong.

    Faults of form hide the others, and broken references and values hide those of the
    images that runs need.
    """
    faults = form.faults(config, schema)
    faults = faults or [
        *references.broken(config),
        *_wrong(config),
        *_unknown_labels(config),
        *classless.faults(config),
    ]
    faults = faults or [*dict.fromkeys(_missing_images(config)), *_shared(config)]
    _require_none(faults)


def unfounded(config: Mapping) -> list[str]:
    """What figures and tables of a config name that is not there, or not in it."""
    return [*references.broken(config)] or [*_missing_images(config)]


def complete(config: dict, schema: Mapping) -> None:
    """Fill in the defaults of a sound config; ValueError for what they make wrong."""
    form.fill(config, schema)
    _require_none(list(_repeated(config)))


def _wrong(config: Mapping) -> Iterator[str]:
    """The values that are wrong beside others, or for what they belong to."""
    yield from _taken_names(config)
    for name, dataset in config["datasets"].items():
        yield from _wrong_channels(f"datasets.{name}", dataset)
        yield from supplies.missing(f"datasets.{name}", dataset)
    for name, model in config["models"].items():
        yield from _wrong_net(f"models.{name}", model)
    for name, recipe in config["recipes"].items():
        yield from _wrong_recipe(f"recipes.{name}", recipe)
    for name, plane in config["planes"].items():
        yield from _wrong_axes(f"planes.{name}", plane)


def _require_none(faults: Sequence[str]) -> None:
    if faults:
        raise ValueError("The config is not a study:\n  " + "\n  ".join(faults))


def _taken_names(config: Mapping) -> Iterator[str]:
    for section in ("figures", "tables"):
        for name, entry in config.get(section, {}).items():
            for taken in RULES & {name, entry.get("paper")}:
                yield f"{section}.{name}: '{taken}' is the name of a rule already"


def _wrong_channels(where: str, dataset: Mapping) -> Iterator[str]:
    (source,) = dataset["source"]
    counts = {name: len(dataset.get(name, [])) for name in ("mean", "std")}
    for name, given in counts.items():
        channels = SOURCES.get(source, {}).get("channels", counts["mean"])
        if given != channels:
            yield f"{where}.{name}: needs one value a channel, {channels}, not {given}"


def _wrong_net(where: str, model: Mapping) -> Iterator[str]:
    ((family, options),) = model.items()
    if family == "own":
        file, name = options["file"], options["name"]
        fault = own_text.fault(file, name) or own_text.misfit(
            file, name, **options.get("options", {})
        )
        yield from [f"{where}.own: {fault}"] if fault else []
        return
    step, rest = DEPTHS.get(family, (1, 0))
    depth = options.get("depth", rest)
    if (depth - rest) % step:
        yield f"{where}.{family}.depth: needs {step}n + {rest} layers, not {depth}"
    # Rounded to none; a half is rounded to the even zero.
    least = 0.5 / NARROWEST.get(family, 1)
    width = options.get("width", 1)
    if width <= least:
        yield f"{where}.{family}.width: {width} leaves layers empty; needs over {least}"


def _wrong_recipe(where: str, recipe: Mapping) -> Iterator[str]:
    if study.maker(recipe) == "given":
        return
    yield from _wrong_drops(f"{where}.schedule.step.at", recipe)
    yield from _wrong_keeping(f"{where}.keep", recipe)
    yield from _wrong_cycles(f"{where}.schedule", recipe)


def _wrong_drops(where: str, recipe: Mapping) -> Iterator[str]:
    epochs = recipe["epochs"]
    drops = recipe.get("schedule", {}).get("step", {}).get("at", [])
    if any(later <= drop for drop, later in pairwise([*drops, epochs])):
        yield f"{where}: {drops} must increase and stay below the {epochs} epochs"


def _wrong_keeping(where: str, recipe: Mapping) -> Iterator[str]:
    keep, epochs = recipe.get("keep", {}), recipe["epochs"]
    for epoch in (*keep.get("at", []), keep.get("every", 1)):
        if epoch > epochs:
            yield f"{where}: {epoch} is more than the {epochs} epochs"
    (schedule,) = recipe.get("schedule", {"constant": {}})
    if "members" in keep and schedule not in schedules.CYCLICAL:
        yield f"{where}: only a cyclical schedule has members, not '{schedule}'"


def _wrong_cycles(where: str, recipe: Mapping) -> Iterator[str]:
    schedule, epochs = recipe.get("schedule", {}), recipe["epochs"]
    # An epoch has one member at most.
    for name, key in (("triangle", "cycle"), ("cosine_cycles", "cycles")):
        count = schedule.get(name, {}).get(key, 1)
        if count > epochs:
            yield f"{where}.{name}.{key}: {count} is more than the {epochs} epochs"


def _wrong_axes(where: str, plane: Mapping) -> Iterator[str]:
    for name, axis in plane.items():
        if name in study.COORDINATES and axis["from"] >= axis["to"]:
            start, end = axis["from"], axis["to"]
            yield f"{where}.{name}: from {start} must be less than to {end}"


def _repeated(config: Mapping) -> Iterator[str]:
    """The axes of planes that, with their defaults filled in, stand there twice."""
    for name, plane in config["planes"].items():
        axes = study.named(plane.get("directions", {"": {}}))
        for number, axis in enumerate(axes):
            if axis in axes[:number]:
                ((kind, how),) = axis.items()
                hint = ": give one another seed" if kind == "random" else ""
                yield f"planes.{name}.directions: '{kind}' {how} stands twice{hint}"


def _unknown_labels(config: Mapping) -> Iterator[str]:
    runs = {
        path
        for _, _, entry in references.entries(config)
        for path in study.shown(entry)
    }
    gathered = {
        path
        for _, _, entry in references.entries(config)
        for path in entry.get("ensembles", [])
    }
    for name in config.get("labels", {}):
        named = [config.get(section, {}) for section in LABELLED]
        if not any(name in section for section in (*named, runs, gathered)):
            yield f"labels.{name}: nothing that is shown has this name"


def _missing_images(config: Mapping) -> Iterator[str]:
    """The counts of images, for what is shown, that their dataset does not have."""
    for _, _, entry in references.entries(config):
        for path in _runs(entry, config):
            recipe, dataset = _trained(path, config)
            yield from _missing(f"recipes.{recipe}", config["recipes"][recipe], dataset)
        for path in study.shown(entry):
            _, dataset = _trained(path, config)
            for where, measured in _measured(entry, config):
                yield from _missing(where, measured, dataset)


def _shared(config: Mapping) -> Iterator[str]:
    """Files of weights that would be runs of several seeds."""
    shown = (_runs(entry, config) for _, _, entry in references.entries(config))
    yield from brought.shared([path for runs in shown for path in runs], config)


def _runs(entry: Mapping, config: Mapping) -> Iterator[str]:
    """All runs that an entry shows or leads to."""
    yield from study.shown(entry)
    if "plane" in entry:
        yield from study.ends(config["planes"], entry["plane"])
    for path in (*entry.get("ensembles", []), entry.get("single")):
        yield from accounts.members(config, path) if path else []


def _measured(entry: Mapping, config: Mapping) -> Iterator[tuple[str, Mapping]]:
    """What an entry is measured on: a plane, curves, and what their bends see."""
    if "plane" in entry:
        name = study.spanned(config["planes"], entry["plane"])
        yield f"planes.{name}", config["planes"][name]
    for name in entry.get("curves", []):
        ((_, how),) = config["curves"][name]["shape"].items()
        yield f"curves.{name}", config["curves"][name]
        if "recipe" in how:
            yield f"recipes.{how['recipe']}", config["recipes"][how["recipe"]]


def _trained(path: str, config: Mapping) -> tuple[str, Mapping]:
    """The recipe of a run and the entry of its dataset."""
    run = study.run(path, config)
    return run["recipe"], config["datasets"][run["dataset"]]


def _missing(where: str, entry: Mapping, dataset: Mapping) -> Iterator[str]:
    (source,) = dataset["source"]
    for split in ("train", "test"):
        count = entry.get("images", {}).get(split, "all")
        there = SOURCES.get(source, {}).get(split, math.inf)
        if count != "all" and count > there:
            yield f"{where}.images.{split}: {count}, but {source} has {there} images"
