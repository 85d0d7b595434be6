"""What all rules look up: names, words of the config, and the digest of a step's code."""

import json
import re

import yaml
from losslandscape import fingerprint as code_digest
from losslandscape import evidence, faults
from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

SCHEMA = HERE / "schemas" / "config.schema.yaml"
CATALOGUE = yaml.safe_load((HERE / "claims.yaml").read_text())


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
    # What YAML repeats is one mapping, where each would have the defaults of all.
    config.update(json.loads(json.dumps(config)))
    validate(config, str(SCHEMA))


def any_of(section):
    """A regular expression of all the names in a section of the config."""
    return "|".join(map(re.escape, config[section])) or "(?!)"


def planes_of(dimensions):
    """A regular expression of the planes of one dimension (lines) or of two."""
    planes = config["planes"].items()
    names = [name for name, plane in planes if 1 + ("y" in plane) == dimensions]
    return "|".join(map(re.escape, names)) or "(?!)"


def keeping(is_kept):
    """A regular expression of the recipes that keep weights on the way, or do not."""
    recipes = config["recipes"].items()
    names = [name for name, recipe in recipes if ("keep" in recipe) == is_kept]
    return "|".join(map(re.escape, names)) or "(?!)"


def curves_of(*shapes):
    """A regular expression of the curves that have one of some shapes."""
    curves = config["curves"].items()
    names = [name for name, curve in curves if set(shapes) & curve["shape"].keys()]
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
