"""What figures call the axes of planes whose directions are chosen by name."""

from collections.abc import Mapping

from losslandscape import study

ORDINALS = {1: "", 2: "2nd ", 3: "3rd "}


def of(config: Mapping, plane: str) -> list[str]:
    """The names of a plane's axes, x first; none where a kind spans them together.

    Of axes that are made orthogonal, those after the first are parts of what they are
    called by, at right angles to the axes before: ⊥.
    """
    spanned = config["planes"][study.spanned(config["planes"], plane)]
    directions = spanned["directions"]
    names = [_name(config, axis) for axis in study.named(directions)]
    mark = " ⊥" if "orthogonal" in directions else ""
    return [*names[:1], *(name + mark for name in names[1:])]


def _name(config: Mapping, axis: Mapping) -> str:
    ((kind, how),) = axis.items()
    match kind:
        case "random":
            return f"random, seed {how['seed']}"
        case "run":
            return f"to {_place(config, how)}"
        case "principal":
            return f"component {how['index'] + 1}"
        case "eigenvector":
            return f"eigenvector, {_ordinal(how['index'] + 1)}{how['which']} λ"
    return kind


def _place(config: Mapping, place: str) -> str:
    """A run by recipe and seed, since its model is the plane's own; a curve by name."""
    if study.is_pair(place):
        curve = place.rpartition("/")[2]
        return config["labels"].get(curve, curve)
    name, seed = study.label(config, place, "recipe"), study.run(place, config)["seed"]
    return name if place in config["labels"] else f"{name}, seed {seed}"


def _ordinal(number: int) -> str:
    return ORDINALS.get(number, f"{number}th ")
