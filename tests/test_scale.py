"""The study of thousands of runs, and what a plan of it must not become."""

import json
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


def test_the_plan_has_as_many_jobs_as_the_page_says(tmp_path):
    config = tmp_path / "scale.json"
    config.write_text(json.dumps(scale.study(runs=2, seeds=3, points=51)))
    page = (ROOT / "docs/scale.md").read_text()
    claimed = re.findall(r"^\| ([\d ]+) runs \| ([\d ]+) \|", page, re.MULTILINE)

    took = scale.planned(config, tmp_path, "--set-scatter", "surface=1")

    # Four a net, a figure a run, and what there is once: images, what the papers claim,
    # the page, the copy of the workflow, the crate, and the target of all.
    assert took["jobs"] == 2 * 13 + 6
    assert len(claimed) == 2
    for runs, jobs in claimed:
        assert int(jobs.replace(" ", "")) == int(runs.replace(" ", "")) * 13 + 6


def test_no_rule_walks_through_the_config_for_each_job():
    """Snakemake's `lookup` within the whole config takes as long as the config is."""
    rules = "".join(path.read_text() for path in ROOT.glob("workflow/rules/*.smk"))

    assert not re.findall(r"lookup\([^)]*within=config\)", rules)
