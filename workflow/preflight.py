"""Before a long run: is all at hand that it needs? A line for each thing that is not.

`make preflight CONFIG=config/paper.yaml PROFILE=profiles/slurm`; ends non-zero when
something is missing. `OPTIONS="--jobs 20"` is what else `snakemake` will be told.
"""

import argparse
import dataclasses
import shlex
import sys
from pathlib import Path

import forecast
from snakemake.cli import parse_args

from losslandscape import forecasts, pitfalls, readiness


def main() -> None:
    """Check, say what is missing, and end with 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--configfile", nargs="+", default=["config/demo.yaml"])
    parser.add_argument("--profile", type=Path, default=Path("profiles/default"))
    parser.add_argument("--options", default="", help="other options of snakemake")
    options = parser.parse_args()
    here = Path.cwd()
    config = forecast.study(options.configfile)
    said = told("--workflow-profile", options.profile, *shlex.split(options.options))
    missing = [
        *readiness.python(),
        *readiness.lock(here),
        *readiness.writable(here),
        *readiness.data(here, config),
        *pitfalls.met(said),
        *readiness.slurm(here, said),
        *readiness.driver(),
    ]
    if not missing:
        # Planning and counting take a while, and need what was looked at so far.
        missing += readiness.disk(here, *needed(config, options.configfile))
    for sentence in missing:
        print(f"✗ {sentence}")
    print(f"{len(missing)} things to do" if missing else "✓ ready")
    sys.exit(bool(missing))


def told(*options: str | Path) -> dict:
    """What Snakemake takes from its profiles and these options, by long names."""
    _, said = parse_args([str(option) for option in options])
    found = {
        name.replace("_", "-"): value
        for name, value in vars(said).items()
        if value not in (None, dataclasses.MISSING)
    }
    resources = found.get("default-resources", {})
    return found | {"default-resources": {k: plain(resources[k]) for k in resources}}


def plain(resource: object) -> object:
    """The text of a default resource, without its quotes."""
    return str(getattr(resource, "raw", resource)).strip("'\"")


def needed(config: dict, files: list[str]) -> tuple[float, int]:
    """The bytes that a study takes, and the files: outputs, a log, times and notes."""
    jobs = forecasts.planned(forecast.plan(files))
    nets = forecast.counted(config, jobs)
    size = sum(forecast.size(job, config, nets) for job in jobs)
    # Snakemake keeps a note of each output.
    return size, sum(2 * len(job.outputs) + 2 for job in jobs)


if __name__ == "__main__":
    main()
