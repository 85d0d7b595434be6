"""The study of thousands of runs, and what a plan of it must not become."""

import re
import sys
from pathlib import Path

import yaml

from losslandscape import faults, study

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "benchmarks"))

import scale  # noqa: E402


def test_the_study_is_one_and_has_as_many_nets_as_it_says():
    config = scale.study(runs=25, seeds=3, points=51)
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())

    faults.check(config, schema)

    entries = (e for f in config["figures"].values() for _, e in study.entries(f))
    nets = [run for entry in entries for run in study.shown(entry)]
    assert len(config["figures"]) == 25
    assert len(nets) == len(set(nets)) == 75
    assert len({str(recipe) for recipe in config["recipes"].values()}) == 3


def test_no_rule_walks_through_the_config_for_each_job():
    """Snakemake's `lookup` within the whole config takes as long as the config is."""
    rules = "".join(path.read_text() for path in ROOT.glob("workflow/rules/*.smk"))

    assert not re.findall(r"lookup\([^)]*within=config\)", rules)
