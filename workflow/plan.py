"""What the workflow would do today: its jobs and parameters, asked of Snakemake itself.

Snakemake prints plans without parameters. Here its own command is run as far as to the
plan, in this process, so that profiles, configs and options mean what they always mean.
The two names with an underscore are of no public interface: Snakemake is pinned, and a
test compares a plan with what receipts say.
"""

import json
import sys
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from snakemake import api, cli, jobs


class Plan(NamedTuple):
    """A study with its jobs, each as its receipt would tell of it: see `audit`."""

    config: dict
    jobs: list[dict]

    @property
    def folder(self) -> Path:
        """Where the study's artifacts lie."""
        return Path("results") / self.config["study"]


def of(options: list[str]) -> Plan:
    """All jobs that a study has under options of snakemake, made or not.

    Ends with Snakemake's own words when there is no such plan.
    """
    plans: list[Plan] = []

    def keep(dag: api.DAGApi) -> None:
        workflow = dag.workflow_api._workflow
        workflow._prepare_dag(True, ignore_incomplete=True, lock_warn_only=True)
        workflow._build_dag()
        found = [_told(job) for job in workflow.dag.jobs if job.output]
        plans.append(Plan(workflow.config, found))

    parser, parsed = cli.parse_args([*options, "--dag", "dot", "--quiet", "all"])
    with mock.patch.object(api.DAGApi, "printdag", keep):
        done = cli.args_to_api(parsed, parser)
    if not done:
        sys.exit("the study cannot be planned: see above")
    return plans[0]


def _told(job: jobs.Job) -> dict:
    outputs = dict(job.output.items())
    receipt = outputs.pop("receipt", None)
    named = set(outputs.values()) | {receipt}
    told = {
        "rule": job.rule.name,
        "wildcards": dict(job.wildcards_dict),
        "params": dict(job.params.items()),
        "inputs": [str(path) for path in job.input],
        "outputs": [str(path) for path in (*outputs.values(), *{*job.output} - named)],
        "receipt": receipt or str(job.output[0]),
    }
    # As it comes back from a receipt.
    return json.loads(json.dumps(told))
