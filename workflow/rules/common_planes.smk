"""What decides a line or a plane, and the files that it stands on."""

from losslandscape import study


def landscape(wildcards):
    """What decides a plane's numbers: its directions, images and batch norm."""
    plane = spanned(wildcards)
    return {key: plane[key] for key in ("directions", "batchnorm", "images")}


def precision_of(wildcards):
    """The arithmetic of a plane, and the error that it may have."""
    return spanned(wildcards).get("precision", {"float32": {}})


def hessian_of(wildcards):
    """How the Hessian is measured on a plane."""
    return spanned(wildcards)["hessian"]


def factors_of(wildcards):
    """The factors by which the weights at the centre of a line are rescaled."""
    return spanned(wildcards)["factors"]


def spanned(wildcards):
    """The entry of the plane whose directions, images and batch norm a plane has."""
    return config["planes"][study.spanned(config["planes"], wildcards.plane)]


def axes(wildcards):
    """The axes of a plane's own grid."""
    entry = config["planes"][wildcards.plane]
    return {axis: entry[axis] for axis in study.coordinates(entry)}


def dimensions(wildcards):
    """How many directions span a plane: one for a line, three for a volume."""
    return len(axes(wildcards))


def sloping(wildcards):
    """The axes of a plane that a net decides, and what decides them beside the net."""
    plane = config["planes"][wildcards.plane]
    named = study.named(plane["directions"])
    decides = {key: plane[key] for key in ("batchnorm", "images")}
    return decides | {"axes": list(filter(study.is_measured, named))}


def slopes_of(form):
    """The file, of some form, of the axes of a plane that a net decides, if any."""

    def found(wildcards):
        is_needed = bool(sloping(wildcards)["axes"])
        return collect(
            "<results>/<at>/{plane}/slopes.{form}",
            form=[form] * is_needed,
            allow_missing=True,
        )

    return found


def directions_of(wildcards):
    """The directions that a plane has, which may be those of the plane it refines."""
    plane = study.spanned(config["planes"], wildcards.plane)
    return f"<results>/<at>/{plane}/directions.safetensors"


def targets(wildcards):
    """The weights of the runs and the bends that a plane's directions lead to."""
    places = study.places(config["planes"], wildcards.plane)
    return list(map(study.weights_of, places))


def kept(wildcards):
    """The weights on the run's way, if the plane's directions come from there."""
    needed = study.needs_trajectory(config["planes"], wildcards.plane)
    return collect(
        "<results>/<at>/{kept}", kept=["trajectory.h5"] * needed, allow_missing=True
    )


def coarser(wildcards):
    """The measured surface or volume that a plane refines, if it refines one."""
    entry = config["planes"][wildcards.plane]
    return collect(
        "<results>/<at>/{plane}/{whole}.h5",
        plane=entry.get("refines", []),
        whole="volume" if "z" in entry else "surface",
        allow_missing=True,
    )
