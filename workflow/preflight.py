"""Before a long run: is all at hand that it needs? A line for each thing that is not.

`make preflight CONFIG=config/paper.yaml PROFILE=profiles/slurm`; ends non-zero when
something is missing.
"""

import argparse
import sys
from pathlib import Path

import forecast
import yaml

from losslandscape import forecasts, readiness


def main() -> None:
    """Check, say what is missing, and end with 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--configfile", nargs="+", default=["config/demo.yaml"])
    parser.add_argument("--profile", type=Path, default=Path("profiles/default"))
    options = parser.parse_args()
    here = Path.cwd()
    config = forecast.study(options.configfile)
    profile = yaml.safe_load((options.profile / "profile.yaml").read_text())
    missing = [
        *readiness.python(),
        *readiness.lock(here),
        *readiness.writable(here),
        *readiness.data(here, config),
        *readiness.options(profile),
        *readiness.slurm(here, profile),
        *readiness.driver(),
    ]
    if not missing:
        # Planning and counting take a while, and need what was looked at so far.
        missing += readiness.disk(here, needed(config, options.configfile))
    for sentence in missing:
        print(f"✗ {sentence}")
    print(f"{len(missing)} things to do" if missing else "✓ ready")
    sys.exit(bool(missing))


def needed(config: dict, files: list[str]) -> float:
    """The bytes that a study takes."""
    jobs = forecasts.planned(forecast.plan(files))
    nets = forecast.counted(config, jobs)
    return sum(forecast.size(job, config, nets) for job in jobs)


if __name__ == "__main__":
    main()
