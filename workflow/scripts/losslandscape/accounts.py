"""What ensembles are made of and what they cost: equal budgets, in epochs."""

from collections.abc import Iterator, Mapping, Sequence


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
            # Weights that are given may say what they took elsewhere.
            leg |= {"epochs": recipe.get("epochs", 0)}
            found.append(leg)
            spent += leg["epochs"]
    return found


def shared(config: Mapping, recipes: Sequence[str]) -> int:
    """The epochs of the runs that recipes start from, each run up to its last start.

    A run that they start from may have started from another.
    """
    lasts: dict[str, int] = {}
    for name in recipes:
        for start in starts(config, name):
            last = lasts.get(start["recipe"], 0)
            lasts[start["recipe"]] = max(last, start["epoch"])
    return sum(lasts.values())


def starts(config: Mapping, recipe: str) -> Iterator[Mapping]:
    """Where a recipe starts, where that one starts, and so on, once round at most."""
    for _ in config["recipes"]:
        start = config["recipes"].get(recipe, {}).get("start")
        if start is None:
            return
        yield start
        recipe = start["recipe"]


def members(config: Mapping, path: str) -> list[str]:
    """The runs whose nets an ensemble {dataset}/{model}/{ensemble} has."""
    above, _, name = path.rpartition("/")
    return [f"{above}/{leg['recipe']}-seed{leg['seed']}" for leg in legs(config, name)]


def held(config: Mapping, path: str) -> list[str]:
    """The files of the nets of an ensemble {dataset}/{model}/{ensemble}, one a leg."""
    found = zip(members(config, path), legs(config, path.split("/")[2]), strict=True)
    names = {True: "trajectory.h5", False: "weights.safetensors"}
    return [f"<results>/{run}/{names[leg['keeps']]}" for run, leg in found]


def cost(legs: Sequence[Mapping]) -> int:
    """The epochs that one seed of an ensemble takes in all, by its `legs`."""
    return max(leg["spent"] + leg["epochs"] for leg in legs)
