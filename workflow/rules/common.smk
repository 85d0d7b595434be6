"""What all rules look up: the config, checked and filled in, its names and words."""

import json
import re

import yaml
from losslandscape import evidence, faults, study
from losslandscape.study import coordinates
from snakemake.exceptions import WorkflowError


def parsed(path):
    """What a YAML file says, seven times as fast where its parser in C is there."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_bytes(), Loader=loader)


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
        # What YAML repeats is one mapping, where each would have the defaults of all.
        config.update(json.loads(json.dumps(config)))
        faults.complete(config, SCHEMA)
    except ValueError as error:
        raise WorkflowError(str(error)) from None


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
