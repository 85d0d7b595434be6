"""Before a long run: is all at hand that it needs? A line for each thing that is not.

`make preflight CONFIG=config/paper.yaml PROFILE=profiles/slurm`; ends non-zero when
something is missing. `OPTIONS="--jobs 20"` is what else `snakemake` will be told.
"""

import argparse
import contextlib
import dataclasses
import io
import math
import shlex
import sys
from pathlib import Path

import forecast
import torch
from snakemake.cli import parse_args

from losslandscape import cluster, forecasts, pitfalls, readiness


def main() -> None:
    """Check, say what is missing, and end with 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--configfile", nargs="+", default=["config/demo.yaml"])
    parser.add_argument("--profile", type=Path, default=Path("profiles/default"))
    parser.add_argument("--options", default="", help="other options of snakemake")
    missing = found(parser.parse_args())
    for sentence in missing:
        print(f"✗ {sentence}")
    things = "1 thing" if len(missing) == 1 else f"{len(missing)} things"
    print(f"{things} to do" if missing else "✓ ready")
    sys.exit(bool(missing))


def found(options: argparse.Namespace) -> list[str]:
    """What is missing, a sentence each."""
    if not is_profile(options.profile):
        return [f"{options.profile} is no profile: no profile.yaml is there"]
    config = forecast.study(options.configfile)
    said = told("--workflow-profile", options.profile, *shlex.split(options.options))
    # Planning and counting take a while, and need what is looked at before.
    return soon(config, said, options.configfile) or late(config, said, options)


def is_profile(named: Path) -> bool:
    """Whether Snakemake finds a profile by this name; if not, it goes on without."""
    places = (named, Path("profiles") / named)
    kinds = ("profile*.yaml", "config*.yaml")
    return str(named) == "none" or any(
        any(place.glob(kind)) for place in places for kind in kinds
    )


def soon(config: dict, said: dict, files: list[str]) -> list[str]:
    """What is told without a plan."""
    here, folders = Path.cwd(), places(config)
    study = shlex.join(["--configfile", *files])
    return [
        *readiness.python(),
        *readiness.lock(here),
        *readiness.writable(folders.values()),
        *readiness.data(folders["resources"], config["datasets"], study),
        *pitfalls.met(said),
        *cluster.missing(here, said, readiness.ask),
        *readiness.driver(torch.version.cuda),
    ]


def late(config: dict, said: dict, options: argparse.Namespace) -> list[str]:
    """What a plan of the study tells: room on the disk, and limits of time."""
    plan = forecast.plan(options.configfile, options.profile)
    told = dict(pair.split("=", 1) for pair in said.get("config", ()))
    cap = float(told.get("time_limit", config.get("time_limit", math.inf)))
    longest = cluster.longest(plan, said.get("retries", 0), cap)
    return [
        *readiness.disk(places(config)["results"], *needed(config, plan)),
        *cluster.late(longest, said, readiness.ask),
    ]


def places(config: dict) -> dict[str, Path]:
    """The folders that are written to, as the Snakefile and the config have them."""
    study = config["study"]
    own = {"results": f"results/{study}", "logs": f"logs/{study}"}
    named = own | {"resources": "resources"} | config.get("pathvars", {})
    return {name: Path(named[name]) for name in (*own, "resources")}


def told(*options: str | Path) -> dict:
    """What Snakemake takes from its profiles and these options, by long names."""
    heard = io.StringIO()
    try:
        # Else it would say which profiles it uses, before the verdict.
        with contextlib.redirect_stderr(heard):
            _, said = parse_args([str(option) for option in options])
    except SystemExit:
        sys.exit(heard.getvalue())
    found = {
        name.replace("_", "-"): value
        for name, value in vars(said).items()
        if value not in (None, dataclasses.MISSING)
    }
    defaults, rules = found.get("default-resources", {}), found.get("set-resources", {})
    return found | {
        "default-resources": plain(defaults),
        "set-resources": {rule: plain(rules[rule]) for rule in rules},
    }


def plain(resources: dict) -> dict[str, str]:
    """The texts of some resources, without their quotes."""
    return {
        name: str(getattr(value, "raw", value)).strip("'\"")
        for name, value in resources.items()
    }


def needed(config: dict, plan: str) -> tuple[float, int]:
    """The bytes that a study takes, and the files: outputs, a log, times and notes."""
    jobs = forecasts.planned(plan)
    nets = forecast.counted(config, jobs)
    size = sum(forecast.size(job, config, nets) for job in jobs)
    # Snakemake keeps a note of each output.
    return size, sum(2 * len(job.outputs) + 2 for job in jobs)


if __name__ == "__main__":
    main()
