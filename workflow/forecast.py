"""What a study will take before it runs, and how far that was right after it has.

`make forecast` is the demo's; `make forecast CONFIG=config/paper.yaml GFLOPS=20000`
that of a GPU that sustains 20 TFLOP/s. Without GFLOPS: what earlier jobs of the study
sustained here, or else what a net does in a second on this machine, on its GPU if there
is one. Jobs that have run are forecast without what they sustained.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import torch
import yaml
from snakemake.utils import update_config, validate

from losslandscape import (
    costs,
    counts,
    data,
    faults,
    forecasts,
    losses,
    models,
    store,
    weights,
)

SCHEMA = Path(__file__).parent / "schemas" / "config.schema.yaml"
PROFILES = (Path(), Path("profiles"))
PAST = "as in the jobs that have run"


class Rate(NamedTuple):
    """What a job sustains, and where the number is from."""

    gflops: float
    source: str

    def __str__(self) -> str:
        """Both, as a reader wants them."""
        return f"{self.gflops:.0f} GFLOP/s ({self.source})"


def main() -> None:
    """Print the forecast of a study as a table by rule."""
    options = told()
    config = study(options.configfile)
    jobs = forecasts.planned(plan(options.configfile, options.profile))
    nets = counted(config, jobs)
    before = blind(options.gflops)
    past = forecasts.sustained(jobs, config, nets, Path())
    best = before if past is None or options.gflops else Rate(past, PAST)
    times, unlearnt = (
        [forecasts.seconds(job, config, nets, rate.gflops) for job in jobs]
        for rate in (best, before)
    )
    sizes = [size(job, config, nets) for job in jobs]
    rows = forecasts.table(jobs, times, unlearnt, sizes, Path())
    print(f"{config['study']}: {len(jobs)} jobs at {best}\n")
    print("\n".join(lines([*rows, forecasts.total(rows)])))
    if past is not None:
        print(f"\nBeside what jobs took: the forecast of them at {before}.")
    print("\n" + "\n".join(whole(jobs, times, options.at_once)))
    if options.csv:
        store.save_table(options.csv, rows)


def told() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--configfile", nargs="+", default=["config/demo.yaml"])
    parser.add_argument("--profile", default="profiles/default", help="its shards")
    parser.add_argument("--gflops", type=float, help="what one job sustains")
    parser.add_argument("--at-once", type=int, default=1, help="jobs at the same time")
    parser.add_argument("--csv", type=Path, help="a file for the table")
    return parser.parse_args()


def study(files: list[str]) -> dict:
    """A config as the workflow has it, with its defaults; ends in words of a fault."""
    config: dict = {}
    for path in files:
        update_config(config, read(path))
    try:
        faults.check(config, yaml.safe_load(SCHEMA.read_text()))
    except ValueError as error:
        sys.exit(str(error))
    validate(config, str(SCHEMA))
    return config


def read(path: str) -> dict:
    """What a file of a config says; ends in one sentence where it says nothing."""
    try:
        found = yaml.safe_load(Path(path).read_text())
    except OSError as error:
        sys.exit(f"{path} cannot be read as a config: {error.strerror}")
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        sys.exit(f"{path} is no YAML: {' '.join(str(error).split())}")
    if not isinstance(found, dict):
        sys.exit(f"{path} is no config: it has no `key: value` at its top")
    return found


def plan(files: list[str], profile: str | Path) -> str:
    """All jobs of a study, as Snakemake plans them by a profile."""
    # A folder, here or in profiles/; Snakemake goes on without one that is not there.
    found = [place / profile / "profile.yaml" for place in PROFILES]
    if str(profile) != "none" and not any(path.is_file() for path in found):
        sys.exit(f"{profile} is no profile: no profile.yaml is there")
    told = ("--dry-run", "--forceall", "--quiet", "host", "reason", "--nolock")
    told += ("--workflow-profile", profile)
    command = [sys.executable, "-m", "snakemake", *told, "--configfile", *files]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        sys.exit(ended.stdout + ended.stderr)
    return ended.stdout + ended.stderr


def counted(config: dict, jobs: list[forecasts.Job]) -> dict:
    """What an image costs each net on each dataset of some jobs."""
    asked = costs.asked(config)
    names = {job.net for job in jobs if job.net in asked}
    return {name: counts.of(*asked[name]) for name in sorted(names)}


def blind(said: float | None) -> Rate:
    """What a job sustains, for all that is known before any has run."""
    if said is not None:
        return Rate(said, "as said")
    return Rate(calibrated(), "a ResNet-20 timed on this machine")


def calibrated() -> float:
    """The GFLOP/s of a ResNet-20 on images of 32×32 pixels, over a second or two."""
    torch.set_num_threads(1)
    if torch.cuda.is_available():
        torch.set_default_device("cuda")
    model = {"resnet": {"depth": 20}}
    net = models.build(model, 3, 32, 10)
    images = torch.randn(256, 3, 32, 32).to(memory_format=torch.channels_last)
    split = data.Split(images, torch.zeros(256, dtype=torch.long))
    loss, vector = losses.score(net, split), weights.flatten(net)
    loss(vector)
    began, passes = time.perf_counter(), 0
    while time.perf_counter() - began < 1:
        loss(vector).tolist()
        passes += 1
    done = passes * len(split.labels) * counts.of(model, 3, 32)["forward"]
    return done / (time.perf_counter() - began) / 1e9


def size(job: forecasts.Job, config: dict, nets: dict) -> float:
    """The bytes that a job leaves, roughly."""
    net = nets.get(job.net)
    if job.rule != "dataset" and (net is None or "recipe" not in job.wildcards):
        return costs.LITTLE
    return costs.disk(job.rule, config, job.wildcards, net or {})


def lines(rows: list[dict]) -> list[str]:
    """The table, a line for each rule; what has run beside what was forecast of it."""
    found = [
        f"{'rule':16}{'jobs':>6}{'CPU-h':>10}{'GPU-h':>10}{'longest':>10}{'GB':>8}"
        f"{'done':>8}{'forecast':>10}{'took':>10}{'GB':>8}"
    ]
    for row in rows:
        told = f"{row['rule']:16}{row['jobs']:6}{row['cpu']:10.3f}{row['gpu']:10.3f}"
        told += f"{row['longest']:10.3f}{row['disk'] / 1e9:8.3f}{row['done']:8}"
        if row["done"]:
            told += f"{row['forecast']:10.3f}{row['took']:10.3f}"
            told += f"{row['left'] / 1e9:8.3f}"
        found.append(told)
    return found


def whole(jobs: list[forecasts.Job], times: list[float], at_once: int) -> Iterator[str]:
    """When it would be through, and the jobs that wait for each other longest."""
    chain = forecasts.chain(jobs, times)
    longest = sum(times[k] for k in chain)
    hours = max(sum(times) / at_once, longest) / 3600
    yield f"{hours:.2f} h with {at_once} at once. A job holds one core, those under"
    yield "GPU-h a GPU as well where there is one."
    yield f"The longest chain of jobs, {longest / 3600:.2f} h:"
    for k in chain:
        yield f"{times[k] / 3600:10.3f}  {jobs[k].rule} {jobs[k].outputs[0]}"


if __name__ == "__main__":
    main()
