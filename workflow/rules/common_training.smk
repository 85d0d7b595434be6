"""What runs, curves and ensembles are made of."""

from losslandscape import accounts, study, supplies


def brought(wildcards):
    """The files that the user brings, if the dataset is made of some."""
    return supplies.files(config["datasets"][wildcards.dataset])


def brought_code(wildcards):
    """The Python files of a user's own that a dataset is made by."""
    return supplies.code(config["datasets"][wildcards.dataset])


def digest_of_brought(wildcards):
    """The digests of these files, with what they import from beside them."""
    return {
        file: code_digest.of_file(file, LIBRARY) for file in brought_code(wildcards)
    }


def task_of(wildcards):
    """A dataset's task; of one of the user's own with the digest of its file."""
    task = config["datasets"][wildcards.dataset]["task"]
    if "own" not in task:
        return task
    code = code_digest.of_file(task["own"]["file"], LIBRARY)
    return {"own": {**task["own"], "code": code}}


def given(wildcards):
    """The file that the user brings of a run's weights."""
    return study.given(config["recipes"][wildcards.recipe], wildcards)


def start(wildcards):
    """The weights on the way of the run that a recipe goes on from, if it does."""
    names = [config["recipes"][wildcards.recipe].get("start", {}).get("recipe")]
    return collect(
        "<results>/{dataset}/{model}/{start}-seed{seed}/trajectory.h5",
        start=filter(None, names),
        allow_missing=True,
    )


def bent(wildcards):
    """How the bends of a curve are trained: its shape, and its recipe."""
    ((shape, how),) = config["curves"][wildcards.curve]["shape"].items()
    return how | {"shape": shape, "recipe": config["recipes"][how["recipe"]]}


def bends(wildcards):
    """The bends of a curve, if it has any."""
    ((shape, how),) = config["curves"][wildcards.curve]["shape"].items()
    return ["<results>/<between>/{curve}/bends.safetensors"] * ("recipe" in how)


def gathered(wildcards):
    """The files of the nets of an ensemble, in the order of its legs."""
    path = f"{wildcards.dataset}/{wildcards.model}/{wildcards.ensemble}"
    return accounts.held(config, path)


def legs(wildcards):
    """The runs of an ensemble; see `accounts.legs`."""
    return accounts.legs(config, wildcards.ensemble)


def images_of(wildcards):
    """The images that the runs of an ensemble are trained and tested on."""
    first, *_ = config["ensembles"][wildcards.ensemble]["recipes"]
    return config["recipes"][first]["images"]
