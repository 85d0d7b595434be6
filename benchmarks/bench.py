"""Ours and a plain reference on the same work, side by side: results/bench.csv.

Two comparisons: the reference as it is used, with a loader that transforms each image
in processes of its own, all cores and the system's allocator; and like for like, with
its data in memory, on one thread, with our allocator's settings. Ours is one process a
core, one thread each, or one on a GPU. Repeats take turns, so that a busy machine is as
busy for both.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from work import Task

HERE = Path(__file__).parent

# As the workflow sets them for its jobs.
ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": "1073741824",
    "MALLOC_TRIM_THRESHOLD_": "4294967296",
    "MALLOC_TOP_PAD_": "268435456",
}

# Images of the surfaces on a CPU and on a GPU, where the goals are for all of them.
IMAGES = {"cpu": 512, "cuda": 50_000}
FEW = {"cpu": 64, "cuda": 5_000}


def tasks(device: str, has_bfloat16: bool) -> list[Task]:
    """What is compared."""
    many, few = IMAGES[device], FEW[device]
    nets = ("ResNet-20", "ResNet-56", "VGG-9")
    kinds = ["float32", *["bfloat16"] * has_bfloat16]
    return [
        *(Task("surface", net, many, 2, 32, kind) for net in nets for kind in kinds),
        Task("plane", "ResNet-20", many, 2),
        *(Task(kind, "ResNet-20", few, 2, 8) for kind in ("map", "quick map")),
        *(Task("epoch", "ResNet-20", many, 1, 32, kind) for kind in kinds),
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


class Worker:
    """A process that does a piece of work when it is told to."""

    def __init__(self, allocator: bool, **told: object) -> None:
        """Start it, and let it prepare; see `worker.py`."""
        clean = {k: v for k, v in os.environ.items() if k not in ALLOCATOR}
        threads = {"OMP_NUM_THREADS": str(told["threads"])}
        self.process = subprocess.Popen(
            [sys.executable, HERE / "worker.py"],
            env=clean | threads | (ALLOCATOR if allocator else {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._say(json.dumps(told))
        self.ready = self.hear()

    def start(self) -> None:
        """Begin the work once more."""
        self._say("go")

    def hear(self) -> dict:
        """What it answers; RuntimeError when it has ended."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a worker has ended: what it wrote stands above")
        return json.loads(line)

    def end(self) -> None:
        """Let it go."""
        self.process.stdin.close()
        self.process.wait()

    def _say(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


def timed(crew: list[Worker]) -> tuple[float, dict]:
    """The seconds until all of some workers are done, and what the first one says."""
    for worker in crew:
        worker.start()
    heard = [worker.hear() for worker in crew]
    return max(one["seconds"] for one in heard), heard[0]


def compared(
    task: Task, cores: int, repeats: int, like: bool, peak: dict, on_gpu: bool
) -> dict:
    """A row of the table: one task in one of both comparisons."""
    ours_crew = 1 if like or on_gpu else cores
    crews = {
        "ours": [
            Worker(True, kind="ours", task=task, threads=1) for _ in range(ours_crew)
        ],
        "reference": [
            Worker(
                like,
                kind="reference",
                task=task._replace(precision="float32"),
                threads=1 if like else cores,
                in_memory=like,
            )
        ],
    }
    seconds: dict[str, list[float]] = {name: [] for name in crews}
    heard: dict[str, dict] = {}
    for _ in range(repeats):
        for name, crew in crews.items():
            took, heard[name] = timed(crew)
            seconds[name].append(took / len(crew))
    ready = crews["ours"][0].ready
    for crew in crews.values():
        for worker in crew:
            worker.end()
    return _row(task, like, seconds, heard, ready, peak, len(crews["ours"]))


def _row(
    task: Task,
    like: bool,
    seconds: dict,
    heard: dict,
    ready: dict,
    peak: dict,
    crew: int,
) -> dict:
    median = {name: statistics.median(times) for name, times in seconds.items()}
    passes = task.points * task.images / median["ours"]
    # The test images are a fifth of the training images; an epoch has none.
    work = passes * ready["forward"] * (1.2 if task.kind == "surface" else 1) / 1e9
    share = work / (peak[task.precision] * crew)
    ours, theirs = heard["ours"]["values"], heard["reference"]["values"]
    return {
        "work": task.kind,
        "net": task.net,
        "images": task.images,
        "points": task.points,
        "side": task.side,
        "precision": task.precision,
        "comparison": "like for like" if like else "stock",
        "ours_s": median["ours"],
        "ours_spread": _spread(seconds["ours"]),
        "reference_s": median["reference"],
        "reference_spread": _spread(seconds["reference"]),
        "ratio": median["reference"] / median["ours"],
        "images_per_s": passes,
        "ours_MB": heard["ours"]["host"],
        "reference_MB": heard["reference"]["host"],
        "gpu_MB": heard["ours"]["gpu"],
        "share_of_peak": share if task.kind == "surface" else None,
        "difference": _difference(task, ours, theirs),
        "ours_products": ours[-1] if "map" in task.kind else None,
        "reference_products": theirs[-1] if "map" in task.kind else None,
    }


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


def growth(repeats: int) -> list[dict]:
    """The exponents of what cost grows with, by least squares of logarithms."""
    rows = []
    for name, grown in GROWTH.items():
        crew = [Worker(True, kind="ours", task=task, threads=1) for task in grown]
        times = [[timed([one])[0] for one in crew] for _ in range(repeats)]
        for worker in crew:
            worker.end()
        seconds = np.median(times, axis=0)
        slope, _ = np.polyfit(np.log(GROWN[name]), np.log(seconds), 1)
        rows.append({"work": "growth", "net": name, "exponent": slope})
        print(f"cost grows with {name} to the power of {slope:.2f}", flush=True)
    return rows


def save(rows: list[dict], path: Path) -> None:
    """Store rows that may have different columns."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as file:
        table = csv.DictWriter(file, names, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    """Compare, say so while it goes on, and store the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="", help="work whose name begins like this")
    parser.add_argument("--output", type=Path, default=Path("results/bench.csv"))
    options = parser.parse_args()
    cores, began = len(os.sched_getaffinity(0)), time.monotonic()
    one = Worker(True, kind="peak", threads=1)
    peak = one.ready
    one.end()
    on_gpu = "cores of" not in peak["device"]
    print(
        f"{peak['device']}: {peak['float32']:.0f} GFLOP/s in float32, "
        f"{peak['bfloat16']:.0f} in bfloat16, {peak['copy']:.1f} GB/s, on one thread"
    )
    # Where bfloat16 is slower than float32 nobody would choose it.
    has_bfloat16 = peak["bfloat16"] > peak["float32"]
    todo = tasks("cuda" if on_gpu else "cpu", has_bfloat16)
    rows = [{"work": "peak", "net": peak["device"], **_numbers(peak)}]
    for task in todo:
        for like in (False, True):
            if task.kind.startswith(options.only):
                row = compared(task, cores, options.repeats, like, peak, on_gpu)
                rows.append(row)
                print(_sentence(row, time.monotonic() - began), flush=True)
                save(rows, options.output)
    if "growth".startswith(options.only):
        rows += growth(options.repeats)
    save(rows, options.output)
    print(f"{options.output}, {(time.monotonic() - began) / 60:.0f} min")


def _numbers(peak: dict) -> dict:
    return {f"peak_{name}": peak[name] for name in ("float32", "bfloat16", "copy")}


def _sentence(row: dict, seconds: float) -> str:
    return (
        f"{seconds:5.0f} s  {row['work']:8} {row['net']:10} {row['precision']:9} "
        f"{row['comparison']:14} {row['reference_s']:8.2f} s / {row['ours_s']:8.2f} s "
        f"= ×{row['ratio']:.2f} (spread {100 * row['ours_spread']:.0f} %)"
    )


if __name__ == "__main__":
    main()
