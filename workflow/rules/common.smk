"""What all rules look up: names, words of the config, and the digest of a step's code."""

import json
import re

import yaml
from losslandscape import fingerprint as code_digest
from losslandscape import evidence, faults, form, study
from losslandscape.study import coordinates
from snakemake.exceptions import WorkflowError


def parsed(path):
    """What a YAML file says, by the parser in C: seconds less for each process."""
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


SCHEMA = parsed(HERE / "schemas" / "config.schema.yaml")
CATALOGUE = parsed(HERE / "claims.yaml")


def check(config):
    """Refuse a config with a fault, in words; then fill in the defaults.

    Jobs read it as well, and need the defaults alone.
    """
    try:
        if workflow.is_main_process:
            faults.check(config, SCHEMA)
            evidence.check(config, CATALOGUE)
    except ValueError as error:
        raise WorkflowError(str(error)) from None
    # What YAML repeats is one mapping, where each would have the defaults of all.
    config.update(json.loads(json.dumps(config)))
    form.fill(config, SCHEMA)
    repeated = list(faults.repeated(config))
    if repeated:
        raise WorkflowError("\n".join(repeated))


def any_of(section):
    """A regular expression of all the names in a section of the config."""
    return "|".join(map(re.escape, config[section])) or "(?!)"


def planes_of(*dimensions):
    """A regular expression of the planes of one dimension (lines), of two, or three."""
    planes = config["planes"].items()
    names = [name for name, plane in planes if len(coordinates(plane)) in dimensions]
    return "|".join(map(re.escape, names)) or "(?!)"


def recipes_of(rule):
    """A regular expression of the recipes whose runs a rule makes."""
    recipes = config["recipes"].items()
    names = [name for name, recipe in recipes if study.maker(recipe) == rule]
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
    """The digest of the code of a model's nets; see `code_of`."""
    return code_of(wildcards.model)


def code_of(model):
    """The digest of the code of a family of nets, or of a user's file and its loading."""
    ((family, how),) = config["models"][model].items()
    if family != "own":
        return code_digest.of(LIBRARY / f"{family}.py", LIBRARY)
    theirs = code_digest.of_file(how["file"], LIBRARY)
    return f"{theirs}-{code_digest.of(LIBRARY / 'ownnet.py', LIBRARY)}"


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
