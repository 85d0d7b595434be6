"""What rules look up: names, files of other rules, and the digest of a step's code."""

import re
from pathlib import Path

import yaml
from losslandscape import fingerprint as code_digest
from losslandscape import accounts, albums, evidence, exhibits, faults, study
from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

HERE = Path(workflow.current_basedir.path).parent
LIBRARY = HERE / "scripts" / "losslandscape"
SCHEMA = HERE / "schemas" / "config.schema.yaml"
CATALOGUE = yaml.safe_load((HERE / "claims.yaml").read_text())

# The workflow itself, as it goes with its results.
WORKFLOW = [
    *("Snakefile", "workflow", "config", "profiles", "envs", "requirements.txt"),
    *("CITATION.cff", "LICENSE"),
]
REPORT = HERE / "report"
# What the two papers have where figures and tables have these names.
PAPERS = yaml.safe_load((REPORT / "papers.yaml").read_text())


def check(config):
    """Refuse a config with a fault, in words; then fill in the defaults.

    Jobs read it as well, and need the defaults alone.
    """
    try:
        if workflow.is_main_process:
            faults.check(config, yaml.safe_load(SCHEMA.read_text()))
            evidence.check(config, CATALOGUE)
    except ValueError as error:
        raise WorkflowError(str(error)) from None
    validate(config, str(SCHEMA))


def any_of(section):
    """A regular expression of all the names in a section of the config."""
    return "|".join(map(re.escape, config[section])) or "(?!)"


def planes_of(dimensions):
    """A regular expression of the planes of one dimension (lines) or of two."""
    planes = config["planes"].items()
    names = [name for name, plane in planes if 1 + ("y" in plane) == dimensions]
    return "|".join(map(re.escape, names)) or "(?!)"


def fingerprint(stem):
    """The digest of a step's code: its script and all that it imports of the library."""
    return code_digest.of(HERE / "scripts" / f"{stem}.py", LIBRARY)


def net_code(wildcards):
    """The digest of the code of a model's family of nets."""
    (family,) = config["models"][wildcards.model]
    return code_digest.of(LIBRARY / f"{family}.py", LIBRARY)


def said(path):
    """What the config says at a path of names and wildcards, such as models/{model}.

    `lookup` of Snakemake 9.27.1 walks through the whole config for each job, which takes
    hours where thousands of runs are asked for.
    """

    def found(wildcards):
        there = config
        for name in path.split("/"):
            there = there[name.format(**wildcards)]
        return there

    return found


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
    return {axis: entry[axis] for axis in ("x", "y") if axis in entry}


def dimensions(wildcards):
    """How many directions span a plane: one for a line."""
    return len(axes(wildcards))


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
    """The measured surface that a plane refines, if it refines one."""
    plane = config["planes"][wildcards.plane].get("refines", [])
    return collect("<results>/<at>/{plane}/surface.h5", plane=plane, allow_missing=True)


def drawn(wildcards):
    """The files that the panels of a figure draw, in order."""
    return exhibits.files(exhibits.panels(config, wildcards.figure))


def panels(wildcards):
    """The panels of a figure, with the roles of what they draw."""
    return exhibits.roles(exhibits.panels(config, wildcards.figure))


def tabled(wildcards):
    """The files that a table shows, in order."""
    return exhibits.files(exhibits.tabled(config, wildcards.table))


def tabled_runs(wildcards):
    """The runs of a table, with the roles of what it shows of them."""
    return exhibits.roles(exhibits.tabled(config, wildcards.table))


def claimed(wildcards):
    """The claims of the papers, with the cases that the study has of each."""
    return evidence.gathered(config, CATALOGUE)


def claimed_files(wildcards):
    """The files that the verdicts rest on, under the study's results."""
    return evidence.files(claimed(wildcards))


def evidenced(wildcards):
    """The same files as inputs."""
    return [f"<results>/{path}" for path in claimed_files(wildcards)]


def keeping(is_kept):
    """A regular expression of the recipes that keep weights on the way, or do not."""
    recipes = config["recipes"].items()
    names = [name for name, recipe in recipes if ("keep" in recipe) == is_kept]
    return "|".join(map(re.escape, names)) or "(?!)"


def start(wildcards):
    """The weights on the way of the run that a recipe goes on from, if it does."""
    names = [config["recipes"][wildcards.recipe].get("start", {}).get("recipe")]
    return collect(
        "<results>/{dataset}/{model}/{start}-seed{seed}/trajectory.h5",
        start=filter(None, names),
        allow_missing=True,
    )


def curves_of(*shapes):
    """A regular expression of the curves that have one of some shapes."""
    curves = config["curves"].items()
    names = [name for name, curve in curves if set(shapes) & curve["shape"].keys()]
    return "|".join(map(re.escape, names)) or "(?!)"


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


def made(target):
    """The files of the figures and tables that go by one name."""
    return [
        *collect(
            "<results>/figures/{name}.{form}",
            name=target["figures"],
            form=["pdf", "png"],
        ),
        *collect("<results>/tables/{name}.csv", name=target["tables"]),
    ]


def last_receipts(wildcards):
    """The receipts of all that a study shows: where its chains of jobs end."""
    return [
        *collect("<results>/figures/{name}.receipt.json", name=config["figures"]),
        *collect("<results>/tables/{name}.receipt.json", name=config["tables"]),
        "<results>/claims.receipt.json",
        "<results>/index.receipt.json",
    ]


def exhibited(wildcards):
    """The files that the study's page reads of what figures draw."""
    shown = albums.files(albums.album(config, PAPERS))
    return [f"<results>/{path}" for path in shown]


def received(wildcards):
    """The receipts of the images that the page's figures stand on."""
    used = albums.datasets(albums.album(config, PAPERS))
    return [f"<resources>/{dataset}.receipt.json" for dataset in used]


def in_report(kind):
    """The part of Snakemake's report that a figure or a table belongs to: its paper."""

    def paper(wildcards):
        return albums.title(config, PAPERS, wildcards[kind])

    return paper


def labelled(kind):
    """What Snakemake's report calls a figure or a table: its name, and the paper's."""

    def labels(wildcards):
        name = wildcards[kind]
        place = PAPERS.get(name, {}).get("place", "")
        return {"name": name, "in the paper": place}

    return labels


def looks_of_page():
    """The digest of what the study's page is made with, beside code."""
    files = sorted((REPORT / "gallery").iterdir())
    return code_digest.text("".join(file.read_text() for file in files))


def brought(wildcards):
    """The file of images that the user brings, if the dataset is one of those."""
    source = config["datasets"][wildcards.dataset]["source"]
    return [source["npz"]["path"]] if "npz" in source else []
