"""What jobs take, counted before they run: floating-point operations and memory.

From the config alone, and from what one image costs each net (`counts`). Nothing here
imports torch: rules ask for every job.
"""

import math
from collections.abc import Callable, Mapping
from functools import cache

from losslandscape import study, supplies

# Images (train, test), channels and side, where no file has to be opened to know.
SHAPES = {
    "digits": (1437, 360, 1, 8),
    "cifar10": (50_000, 10_000, 3, 32),
    "cifar100": (50_000, 10_000, 3, 32),
}
UNKNOWN = (50_000, 10_000, 3, 32)

# In forward passes: a training step, and a product of the Hessian on a kept graph.
STEP, PRODUCT = 3, 6

# Of Lanczos searches: the products of one, and more for a tolerance e times smaller.
FIRST, MORE = 1, 2.6

# Vectors of the net's size that a job leaves.
VECTORS = {"train": 1, "given": 1, "trajectory": 1, "curve": 3, "directions": 2}

# Bytes of receipts, histories, grids and pictures, whatever the net.
LITTLE = 3e5

# MB of a process that has imported torch beside Snakemake's own two.
BASE = 1500


class Job:
    """A job of a rule with its wildcards, and what decides its cost."""

    def __init__(self, config: Mapping, wildcards: Mapping[str, str]) -> None:
        """Look up what the wildcards name in a config whose defaults are filled in."""
        self.config, self.wildcards = config, wildcards

    def entry(self, section: str, name: str) -> Mapping:
        """An entry of a section, by a wildcard."""
        return self.config[section][self.wildcards[name]]

    @property
    def recipe(self) -> Mapping:
        """The recipe of the run."""
        return self.entry("recipes", "recipe")

    @property
    def plane(self) -> Mapping:
        """The plane that has the directions and the images."""
        name = study.spanned(self.config["planes"], self.wildcards["plane"])
        return self.config["planes"][name]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """The dataset's training and test images, their channels and side."""
        return _shape(self.entry("datasets", "dataset"))

    @property
    def path(self) -> str:
        """The run."""
        return "{dataset}/{model}/{recipe}-seed{seed}".format(**self.wildcards)

    def images(self, chosen: Mapping) -> tuple[int, int]:
        """How many training and test images are chosen."""
        train, test = (
            there if chosen[name] == "all" else chosen[name]
            for name, there in zip(("train", "test"), self.shape[:2], strict=True)
        )
        return train, test

    def points(self) -> int:
        """The points of the plane's own grid that are not taken over."""
        entry = self.entry("planes", "plane")
        total = _points(entry)
        if "refines" not in entry:
            return total
        coarse = self.config["planes"][entry["refines"]]
        taken = _points(coarse) if _nests(entry, coarse) else 0
        return total - taken

    def passes(self) -> int:
        """The images of one point of the plane: statistics, training and test."""
        train, test = self.images(self.plane["images"])
        again = self.plane["batchnorm"] == "re-estimated"
        return train * (1 + again) + test


def asked(config: Mapping) -> dict[str, tuple]:
    """What `counts.of` is asked of each net on each data set, {dataset}/{model}."""
    found = {}
    for dataset, entry in config["datasets"].items():
        _, _, channels, side = _shape(entry)
        for model, how in config["models"].items():
            found[f"{dataset}/{model}"] = how, channels, side
    return found


def operations(
    rule: str, config: Mapping, wildcards: Mapping[str, str], forward: float
) -> float:
    """The floating-point operations of a job; nought of one that only gathers or draws.

    `forward` are those of one image through the run's net.
    """
    count = COUNTS.get(rule)
    return count(Job(config, wildcards)) * forward if count else 0.0


def memory(rule: str, config: Mapping, wildcards: Mapping, net: Mapping) -> int:
    """The memory of a job on the host, in MB, from above."""
    if rule not in (*COUNTS, "directions"):
        return 1000
    job = Job(config, wildcards)
    train, test, channels, side = job.shape
    # Bytes, float32, and once more while they are normalised.
    data = (train + test) * channels * side**2 * (1 + 4 + 4)
    vectors = 12 * 4 * net["parameters"]
    krylov = 4 * net["parameters"] * _basis(rule, job)
    return BASE + math.ceil((data + vectors + krylov) / 1e6)


def disk(rule: str, config: Mapping, wildcards: Mapping, net: Mapping) -> float:
    """The bytes that a job leaves: images, vectors of the net's size, a little."""
    job = Job(config, wildcards)
    if rule == "dataset":
        train, test, channels, side = job.shape
        return LITTLE + (train + test) * channels * side**2
    vectors = VECTORS.get(rule, 0)
    if rule == "slopes":
        vectors = len(_measured(job))
    if rule == "trajectory":
        keep = job.recipe.get("keep", {})
        kept = study.kept(config, job.path) + len(keep.get("at", []))
        vectors += max(kept, _members(job.recipe))
    return LITTLE + 4 * net["parameters"] * vectors


def _shape(dataset: Mapping) -> tuple[int, int, int, int]:
    ((source, how),) = dataset["source"].items()
    if source != "folder":
        return SHAPES.get(source, UNKNOWN)
    return *_counted(how["path"]), 3, how["size"]


@cache
def _counted(path: str) -> tuple[int, int]:
    """How many images a folder has to train and to test on."""
    train, test = (supplies.images({"path": path}, name) for name in ("train", "test"))
    return len(train), len(test)


def _basis(rule: str, job: Job) -> int:
    """The vectors of a Lanczos run, or the weights that are kept on the way."""
    if rule in ("curvature_shard", "spectrum", "rescaling"):
        return min(job.plane.get("hessian", {}).get("products", 100), 100)
    if rule == "slopes":
        searches = (axis.get("eigenvector") for axis in _measured(job))
        return max((how["products"] for how in searches if how), default=0)
    if rule in ("path", "visit", "directions"):
        return study.kept(job.config, job.path)
    return 0


def _measured(job: Job) -> list[Mapping]:
    """The axes of the plane that a net decides."""
    return list(filter(study.is_measured, study.named(job.plane["directions"])))


def _points(entry: Mapping) -> int:
    return math.prod(entry[axis]["points"] for axis in study.coordinates(entry))


def _nests(fine: Mapping, coarse: Mapping) -> bool:
    """Whether a finer grid has all points of a coarse one between the same ends."""
    return all(
        (fine[axis]["from"], fine[axis]["to"])
        == (coarse[axis]["from"], coarse[axis]["to"])
        and (fine[axis]["points"] - 1) % (coarse[axis]["points"] - 1) == 0
        for axis in study.coordinates(fine)
    )


def _training(job: Job, recipe: Mapping) -> float:
    train, test = job.images(recipe["images"])
    rows = recipe["epochs"] / recipe["evaluate_every"] + 1
    return STEP * train * recipe["epochs"] + rows * (train + test)


def _searches(job: Job) -> float:
    """The passes of one image for both ends of the spectrum at a point."""
    products = _products(job.plane["hessian"])
    return PRODUCT * job.images(job.plane["images"])[0] * products


def _products(how: Mapping) -> float:
    """The products of one search."""
    return min(FIRST - MORE * math.log(how["tolerance"]), how["products"])


def _spectrum(job: Job) -> float:
    how, (train, _) = job.plane["hessian"], job.images(job.plane["images"])
    return _searches(job) + PRODUCT * train * how["probes"] * how["steps"]


def _slopes(job: Job) -> float:
    """The passes of one image for gradients, and for as many searches as are needed."""
    train, passes = job.images(job.plane["images"])[0], 0.0
    for axis in _measured(job):
        if "gradient" in axis:
            passes += STEP
        if "eigenvector" in axis:
            how = axis["eigenvector"]
            passes += PRODUCT * (how["index"] + 1) * _products(how)
    return train * passes


def _rescaling(job: Job) -> float:
    scales = len(job.plane["factors"])
    return scales * (2 * job.points() * job.passes() + _searches(job))


def _path(job: Job) -> float:
    recipe = job.recipe
    nets = 1 + recipe["epochs"] / recipe.get("keep", {}).get("every", recipe["epochs"])
    return 2 * nets * job.passes()


def _along(job: Job) -> float:
    curve = job.entry("curves", "curve")
    train, test = job.images(curve["images"])
    return (curve["points"] + curve["ensemble"]) * (2 * train + test)


def _chain(job: Job) -> float:
    curve = job.entry("curves", "curve")
    train, test = job.images(curve["images"])
    lines = _members(job.recipe) - 1
    return (lines * (curve["points"] - 1) + 1) * (2 * train + test)


def _curve(job: Job) -> float:
    ((_, how),) = job.entry("curves", "curve")["shape"].items()
    return _training(job, job.config["recipes"][how["recipe"]])


def _ensemble(job: Job) -> float:
    entry = job.entry("ensembles", "ensemble")
    recipes = [job.config["recipes"][name] for name in entry["recipes"]]
    train, test = job.images(recipes[0]["images"])
    averaged = train if entry.get("average") else 0
    return len(entry["seeds"]) * sum(map(_members, recipes)) * (test + averaged)


def _members(recipe: Mapping) -> int:
    """How many nets a run keeps for an ensemble."""
    if "members" not in recipe.get("keep", {}):
        return 1
    ((name, options),) = recipe["schedule"].items()
    cycles = {
        "triangle": lambda: int(recipe["epochs"] / options["cycle"] + 0.5),
        "cosine_cycles": lambda: options["cycles"],
    }
    return cycles.get(name, lambda: 1)()


COUNTS: Mapping[str, Callable[[Job], float]] = {
    "train": lambda job: _training(job, job.recipe),
    "trajectory": lambda job: _training(job, job.recipe),
    "given": lambda job: sum(job.images(job.recipe["images"])),
    "line": lambda job: job.points() * job.passes(),
    "shard": lambda job: job.points() * job.passes() / _parts(job),
    "repeats": lambda job: int(job.wildcards["draws"]) * job.points() * job.passes(),
    "rescaling": _rescaling,
    "path": _path,
    "visit": _path,
    "curvature_shard": lambda job: job.points() * _searches(job) / _parts(job),
    "slopes": _slopes,
    "spectrum": _spectrum,
    "curve": _curve,
    "along": _along,
    "chain": _chain,
    "ensemble": _ensemble,
}


def _parts(job: Job) -> int:
    """How many shards there are, by the name of one: 3-of-8."""
    return int(job.wildcards["scatteritem"].rpartition("-of-")[2])
