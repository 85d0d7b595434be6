"""A study of thousands of runs, planned: how many jobs, seconds and megabytes.

`python benchmarks/scale.py` writes a config of 1 000 runs × 3 seeds with 51×51 points
each into a folder that is removed again, lets Snakemake plan it, and says what that
took. With `--keep FILE` the config stays. It is JSON, which Snakemake reads in
milliseconds; YAML of this size takes a second, twice in each process.
"""

import argparse
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEPTHS = (20, 32, 44, 56, 110)
BATCHES = (32, 64, 128, 256, 512, 1024, 2048, 4096)


def study(runs: int, seeds: int, points: int) -> dict:
    """A config: so many nets, each by its own recipe, a surface of each seed of each.

    Ten nets, with and without shortcuts; recipes differ in batch size and rate.
    """
    models = {
        f"resnet{depth}{'' if has else '_noshort'}": {
            "resnet": {"depth": depth, "shortcuts": has}
        }
        for depth, has in itertools.product(DEPTHS, (True, False))
    }
    recipes = {f"sgd{k}": _recipe(k) for k in range(-(-runs // len(models)))}
    pairs = itertools.islice(itertools.product(recipes, models), runs)
    axis = {"from": -1, "to": 1, "points": points}
    plane = {
        "directions": {"random": {"seed": 1}},
        "batchnorm": "frozen",
        "images": {"train": "all", "test": "all"},
    }
    return {
        "study": "scale",
        "datasets": {"cifar10": {"source": {"cifar10": {}}, **_constants()}},
        "models": models,
        "recipes": recipes,
        "planes": {"plane": plane | {"x": axis, "y": axis}},
        "figures": {
            f"{model}_{recipe}": _figure(f"cifar10/{model}/{recipe}", seeds)
            for recipe, model in pairs
        },
        "gflops": 20000,
    }


def _constants() -> dict:
    return {"mean": [0.4914, 0.4822, 0.4465], "std": [0.247, 0.2435, 0.2616]}


def _recipe(k: int) -> dict:
    rate = round(0.2 * 0.9 ** (k // len(BATCHES)), 6)
    return {
        "epochs": 300,
        "batch_size": BATCHES[k % len(BATCHES)],
        "optimiser": {"sgd": {"learning_rate": rate}},
    }


def _figure(run: str, seeds: int) -> dict:
    runs = [f"{run}-seed{seed}" for seed in range(seeds)]
    return {"rows": [{"contours": {"plane": "plane", "runs": runs}}]}


def planned(config: Path, folder: Path, *options: str) -> dict[str, float]:
    """What a dry run takes: its jobs, its seconds, its largest process in megabytes."""
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "rules"]
    command += ["--snakefile", ROOT / "Snakefile", "--directory", folder]
    command += ["--cores", "100", "--configfile", config, *options]
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        told.seek(0)
        text = told.read()
    if status:
        sys.exit(text)
    return {
        "jobs": int(re.search(r"^total +(\d+)", text, re.MULTILINE)[1]),
        "seconds": time.perf_counter() - began,
        "cpu": usage.ru_utime + usage.ru_stime,
        "megabytes": usage.ru_maxrss / 1024,
    }


def main() -> None:
    """Make the config, plan it, and print a line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--points", type=int, default=51)
    parser.add_argument("--shards", type=int, default=1, help="of a surface")
    parser.add_argument("--keep", type=Path, help="where the config stays")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config = (said.keep or Path(folder) / "scale.json").absolute()
        config.write_text(json.dumps(study(said.runs, said.seeds, said.points)))
        shards = ("--set-scatter", f"surface={said.shards}")
        one = (*shards, "--", "resources/cifar10.h5")
        # The first counts what nets cost, once for all, in a process that has torch.
        planned(config, Path(folder), *one)
        read = planned(config, Path(folder), *one)
        took = planned(config, Path(folder), *shards)
    print(
        f"{said.runs} runs × {said.seeds} seeds × {said.points}² points in "
        f"{said.shards} shards: {took['jobs']} jobs planned in {took['seconds']:.0f} s "
        f"({took['cpu']:.0f} of a core, {read['cpu']:.0f} to read the config) with "
        f"{took['megabytes']:.0f} MB"
    )


if __name__ == "__main__":
    main()
