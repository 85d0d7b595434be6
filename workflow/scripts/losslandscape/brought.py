"""What a config asks of runs whose weights are given, and cannot have of them."""

from collections.abc import Iterable, Iterator, Mapping

from losslandscape import study

# Kinds of rows that draw what happened during training.
OF_TRAINING = {"training", "norms", "cycles"}


def broken(config: Mapping) -> Iterator[str]:
    """Paths that name what a run has not."""
    example = {"dataset": "a", "model": "b", "recipe": "c", "seed": "0"}
    for name, recipe in _given(config).items():
        where = f"recipes.{name}.weights.path"
        try:
            study.given(recipe, example)
        except KeyError as error:
            there = ", ".join(f"{{{each}}}" for each in example)
            yield f"{where}: {error} is none of {there}"
        except (AttributeError, IndexError, ValueError) as error:
            yield f"{where}: its braces do not fit ({error})"


def broken_entry(
    where: str, kind: str, entry: Mapping, config: Mapping
) -> Iterator[str]:
    """What a figure or a table shows of training that was elsewhere."""
    given = [p for p in study.shown(entry) if _recipe(p) in _given(config)]
    for path in given if kind in OF_TRAINING else ():
        yield f"{where}: '{path}' was not trained here"
    for name in entry.get("curves", []):
        if given and config.get("curves", {}).get(name, {}).get("augmented"):
            yield (
                f"{where}: curve '{name}' is of images augmented as in training, and "
                f"'{given[0]}' was not trained here"
            )


def shared(runs: Iterable[str], config: Mapping) -> Iterator[str]:
    """Recipes of which runs of several seeds would be of one file."""
    seeds: dict[str, set[str]] = {}
    for path in runs:
        if _recipe(path) in _given(config):
            seeds.setdefault(_recipe(path), set()).add(path.rpartition("-seed")[2])
    for name, used in seeds.items():
        if len(used) > 1 and "{seed" not in _given(config)[name]["weights"]["path"]:
            where, told = f"recipes.{name}.weights.path", ", ".join(sorted(used))
            yield f"{where}: one file for seeds {told}; needs {{seed}}"


def _given(config: Mapping) -> dict[str, Mapping]:
    recipes = config["recipes"].items()
    return {name: recipe for name, recipe in recipes if "weights" in recipe}


def _recipe(path: str) -> str:
    return study.group(path).rpartition("/")[2]
