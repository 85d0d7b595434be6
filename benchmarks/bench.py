"""Ours and a plain reference on the same work, side by side: results/bench.csv.

Two comparisons: the reference as it is used, with a loader that transforms each image
in processes of its own, all cores and the system's allocator; and like for like, with
its data in memory, on one thread, with our allocator's settings. Ours is one process a
core, one thread each, or one on a GPU. Repeats take turns, so that a busy machine is as
busy for both.
"""

import argparse
import csv
import os
import statistics
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from crew import Crew, Worker
from work import Task

# Images of the surfaces on a CPU and on a GPU, where the goals are for all of them.
IMAGES = {"cpu": 512, "cuda": 50_000}
FEW = {"cpu": 64, "cuda": 5_000}


class Effort(NamedTuple):
    """How often something is done at most, and from when on no more than once."""

    repeats: int
    until: float  # of `time.monotonic`


def tasks(device: str, has_bfloat16: bool) -> list[Task]:
    """What is compared."""
    many, few = IMAGES[device], FEW[device]
    nets = ("ResNet-20", "ResNet-56", "VGG-9")
    kinds = ["float32", *["bfloat16"] * has_bfloat16]
    return [
        *(Task("surface", net, many, 2, 32, kind) for net in nets for kind in kinds),
        *(Task("plane", net, many, 2) for net in ("ResNet-20", "VGG-9")),
        Task("profile", "ResNet-20", many // 2, 4),
        Task("map", "ResNet-20", few, 4, 8),
        *(Task("epoch", "ResNet-20", many, 1, 32, kind) for kind in kinds),
        Task("epoch", "ResNet-56", many),
    ]


# How cost grows: the task, what grows, and its values.
GROWTH = {
    "points": [Task("surface", "ResNet-20", 64, k) for k in (1, 2, 4, 8)],
    "images": [Task("surface", "ResNet-20", k) for k in (64, 128, 256, 512)],
    "depth": [
        Task("surface", net, 128) for net in ("ResNet-20", "ResNet-32", "ResNet-56")
    ],
    "width": [
        Task("surface", net, 128) for net in ("WRN-20-½", "ResNet-20", "WRN-20-2")
    ],
}
GROWN = {
    "points": [1, 2, 4, 8],
    "images": [64, 128, 256, 512],
    "depth": [20, 32, 56],
    "width": [0.5, 1, 2],
}


def compared(
    task: Task, like: bool, cores: int, peak: dict[str, float], effort: Effort
) -> dict:
    """A row of the table: one task in one of both comparisons."""
    ours = [
        Worker(True, kind="ours", task=task, threads=1)
        for _ in range(1 if like else cores)
    ]
    reference = Worker(
        like,
        kind="reference",
        task=task._replace(precision="float32"),
        threads=1 if like else cores,
        in_memory=like,
    )
    crews = Crew(ours), Crew([reference])
    in_turns(crews, effort)
    told = {**task._asdict(), "comparison": "like for like" if like else "stock"}
    return told | _measured(task, *crews) | _share(task, crews[0], peak)


def in_turns(crews: Sequence[Crew], effort: Effort) -> None:
    """Let crews do their work in turns, once at least, and go."""
    for repeat in range(effort.repeats):
        if repeat and time.monotonic() > effort.until:
            break
        for crew in crews:
            crew.work()
    for crew in crews:
        crew.end()


def _measured(task: Task, ours: Crew, reference: Crew) -> dict:
    """Times and memory of both, and how far what they found is apart."""
    took, theirs = statistics.median(ours.seconds), statistics.median(reference.seconds)
    values = ours.heard["values"], reference.heard["values"]
    found = {
        "ours_s": took,
        "ours_spread": _spread(ours.seconds),
        "repeats": len(ours.seconds),
        "reference_s": theirs,
        "reference_spread": _spread(reference.seconds),
        "ratio": theirs / took,
        "images_per_s": task.points * task.images / took,
        "ours_MB": ours.heard["host"],
        "reference_MB": reference.heard["host"],
        "gpu_MB": ours.heard["gpu"],
        "difference": _difference(task, *values),
    }
    if "map" in task.kind:
        products = {"ours_products": values[0][-1]}
        found |= products | {"reference_products": values[1][-1]}
    return found


def _share(task: Task, ours: Crew, peak: dict[str, float]) -> dict:
    """Of surfaces, the share of the arithmetic of a large matrix product."""
    if task.kind != "surface":
        return {}
    # The test images are a fifth of the training images.
    images = 1.2 * task.points * task.images
    work = images * ours.workers[0].ready["forward"] / 1e9
    available = peak[task.precision] * len(ours.workers)
    return {"share_of_peak": work / statistics.median(ours.seconds) / available}


def _spread(times: list[float]) -> float:
    """How far the slowest repeat is from the fastest, as a part of the median."""
    return (max(times) - min(times)) / statistics.median(times)


def _difference(task: Task, ours: list[float], theirs: list[float]) -> float | None:
    """The largest relative difference of what both found; runs of training differ."""
    if task.kind == "epoch":
        return None
    both = np.array([ours, theirs])[:, : 2 * task.points]
    if "map" in task.kind:
        # Relative to the larger end of each point, as tolerances are.
        ends = both.reshape(2, 2, task.points)
        return float((np.abs(ends[0] - ends[1]) / np.abs(ends).max((0, 1))).max())
    return float((np.abs(both[0] - both[1]) / np.abs(both[1])).max())


def growth(name: str, effort: Effort) -> dict:
    """The exponent of what cost grows with, by least squares of logarithms."""
    crews = [
        Crew([Worker(True, kind="ours", task=task, threads=1)]) for task in GROWTH[name]
    ]
    in_turns(crews, effort)
    seconds = [statistics.median(crew.seconds) for crew in crews]
    slope, _ = np.polyfit(np.log(GROWN[name]), np.log(seconds), 1)
    return {"kind": "growth", "net": name, "exponent": slope}


def save(rows: list[dict], path: Path) -> None:
    """Store rows that may have different columns."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as file:
        table = csv.DictWriter(file, names, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    """Compare, say so while it goes on, and store the table after each row."""
    options = _options()
    began = time.monotonic()
    peak, cores = _machine()
    on_gpu = "cores of" not in peak["device"]
    # Where bfloat16 is slower than float32 nobody would choose it.
    has_bfloat16 = peak["bfloat16"] > peak["float32"]
    todo = [
        partial(compared, task, like, cores, peak)
        for task in tasks("cuda" if on_gpu else "cpu", has_bfloat16)
        for like in (False, True)
        if task.kind.startswith(options.only)
    ]
    todo += [
        partial(growth, name) for name in GROWTH if "growth".startswith(options.only)
    ]
    rows = [{"kind": "peak", "net": peak["device"], **_numbers(peak)}]
    for done, step in enumerate(todo):
        passed = time.monotonic() - began
        left = 60 * options.minutes - passed
        if left < 0:
            print(f"no time left for {len(todo) - done} of {len(todo)} rows")
            break
        # What is quick leaves its time to what comes after it.
        effort = Effort(options.repeats, began + passed + left / (len(todo) - done))
        rows.append(step(effort))
        told = (
            f"{done + 1:3} of {len(todo)}, {(time.monotonic() - began) / 60:4.1f} min"
        )
        print(f"{told}  {_sentence(rows[-1])}", flush=True)
        save(rows, options.output)
    print(f"{options.output}, {(time.monotonic() - began) / 60:.0f} min")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--minutes", type=float, default=25, help="later nothing new is begun"
    )
    parser.add_argument("--only", default="", help="work whose name begins like this")
    parser.add_argument("--output", type=Path, default=Path("results/bench.csv"))
    return parser.parse_args()


def _machine() -> tuple[dict, int]:
    """What one thread of the machine can do, and how many processes it is for."""
    one = Worker(True, kind="peak", threads=1)
    peak = one.ready
    one.end()
    print(
        f"{peak['device']}: {peak['float32']:.0f} GFLOP/s in float32, "
        f"{peak['bfloat16']:.0f} in bfloat16, {peak['copy']:.1f} GB/s, on one thread",
        flush=True,
    )
    # One process on a GPU, which it fills.
    on_gpu = "cores of" not in peak["device"]
    return peak, 1 if on_gpu else len(os.sched_getaffinity(0))


def _numbers(peak: dict) -> dict:
    return {f"peak_{name}": peak[name] for name in ("float32", "bfloat16", "copy")}


def _sentence(row: dict) -> str:
    if row["kind"] == "growth":
        return f"cost grows with {row['net']} to the power of {row['exponent']:.2f}"
    return (
        f"{row['kind']:9} {row['net']:10} {row['precision']:9} "
        f"{row['comparison']:14} {row['reference_s']:8.2f} s / {row['ours_s']:8.2f} s "
        f"= ×{row['ratio']:.2f} (spread {100 * row['ours_spread']:.0f} %)"
    )


if __name__ == "__main__":
    main()
