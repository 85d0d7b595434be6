"""A real study of a dozen jobs, for what is said of artifacts after they were built."""

import csv
import os
import subprocess
import sys
from pathlib import Path

from conftest import Clone

RUN = "results/audited/digits/tiny/sgd-seed0"
OTHER = "results/audited/digits/tiny/sgd-seed1"
FIGURE = "results/audited/figures/shown"

STUDY = """
study: audited
datasets:
  digits: {source: {digits: {}}, mean: [0.3], std: [0.4]}
models:
  tiny: {convnet: {width: 0.01}}
recipes:
  sgd: {epochs: 1, batch_size: 128, optimiser: {sgd: {learning_rate: 0.1}}}
planes:
  plane:
    directions: {random: {seed: 1}}
    batchnorm: frozen
    images: {train: 50, test: 20}
    x: &axis {from: -1, to: 1, points: 3}
    y: *axis
figures:
  shown:
    rows:
      - contours: {plane: plane, runs: [digits/tiny/sgd-seed0]}
tables:
  errors:
    shows:
      flatness:
        plane: plane
        level: 1
        runs: [digits/tiny/sgd-seed0, digits/tiny/sgd-seed1]
"""


def built(clone: Clone) -> Clone:
    """The study built in a copy of the workflow."""
    (clone.folder / "config" / "audited.yaml").write_text(STUDY)
    told = clone.snakemake("--configfile", "config/audited.yaml")
    assert told.returncode == 0, told.stdout + told.stderr
    return clone


def command(clone: Clone, name: str, *options: str) -> subprocess.CompletedProcess:
    """What a command of ours says there of the study, and how it ends."""
    scripts = str(clone.folder / "workflow" / "scripts")
    words = [sys.executable, f"workflow/{name}.py", *options]
    return subprocess.run(
        [*words, "--configfile", "config/audited.yaml"],
        cwd=clone.folder,
        env=os.environ | {"PYTHONPATH": scripts},
        capture_output=True,
        text=True,
    )


def verdicts(clone: Clone) -> tuple[int, dict[str, tuple[str, str]]]:
    """How an audit ends, and its verdict and reason for each artifact."""
    told = command(clone, "audit", "--csv", "audit.csv")
    assert "artifacts: " in told.stdout, told.stdout + told.stderr
    with open(Path(clone.folder) / "audit.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return told.returncode, {r["artifact"]: (r["verdict"], r["why"]) for r in rows}
