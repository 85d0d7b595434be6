"""What figures call the axes of planes whose directions are chosen by name."""

from collections.abc import Mapping

from losslandscape import study


def of(config: Mapping, plane: str) -> list[str]:
    """The names of a plane's axes, x first; none where a kind spans them together."""
    spanned = config["planes"][study.spanned(config["planes"], plane)]
    return [_name(config, axis) for axis in study.named(spanned["directions"])]


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
            return f"eigenvector of {_eigenvalue(how['which'], how['index'])}"
    return kind


def _place(config: Mapping, place: str) -> str:
    """A run by its recipe and seed, which its model is not needed for; or a curve."""
    if study.is_pair(place):
        curve = place.rpartition("/")[2]
        return config["labels"].get(curve, curve)
    named = study.run(place, config)
    own = config["labels"].get(place)
    return own or f"{study.label(config, place, 'recipe')}, seed {named['seed']}"


def _eigenvalue(which: str, index: int) -> str:
    """The largest and the smallest one, and those that lie so many from them."""
    end, sign = {"largest": ("max", "-"), "smallest": ("min", "+")}[which]
    away = f"{sign}{index}" if index else ""
    return rf"$\lambda_{{\mathrm{{{end}}}{away}}}$"
