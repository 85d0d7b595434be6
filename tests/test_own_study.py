"""A real study of somebody's own net, and of its weights as a file from elsewhere."""

import json
import shutil

import pytest

from losslandscape import store

NETS = '''"""A transformer over the rows of an image."""

from blocks import Block
from torch import nn


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.into, self.out = nn.Linear(8, width), nn.Linear(width, 10)
        self.block = Block(width, nhead=2, dim_feedforward=8, batch_first=True)

    def forward(self, images):
        return self.out(self.block(self.into(images.flatten(1, 2))).mean(1))
'''
BLOCKS = "from torch import nn\n\nBlock = nn.TransformerEncoderLayer  # theirs\n"

# What was trained is taken as if it came from elsewhere.
STUDY = """
study: own
datasets:
  digits: {source: {digits: {}}, mean: [0.3], std: [0.4]}
models:
  mine: {own: {file: theirs/nets.py, name: Net, options: {width: 4}}}
recipes:
  sgd:
    epochs: 1
    batch_size: 64
    optimiser: {sgd: {learning_rate: 0.1}}
    images: &few {train: 100, test: 50}
  theirs:
    weights: {path: "elsewhere/{model}-seed{seed}.safetensors"}
    images: *few
planes:
  line:
    directions: {random: {seed: 1}}
    batchnorm: frozen
    images: *few
    x: {from: -1, to: 1, points: 3}
curves:
  bow: {shape: {bezier: {recipe: sgd}}, points: 3, images: *few}
figures:
  shown:
    rows:
      - lines: {plane: line, runs: [digits/mine/theirs-seed0]}
  joined:
    rows:
      - profiles:
          curves: [bow]
          pairs: [digits/mine/theirs-seed0--theirs-seed1]
          measure: train_loss
"""

RUNS = "results/own/digits/mine"
TRAINED, GIVEN = f"{RUNS}/sgd-seed0", f"{RUNS}/theirs-seed0"
LINES = f"{TRAINED}/line/line.h5", f"{GIVEN}/line/line.h5"


@pytest.fixture(scope="module")
def built(fresh, tmp_path_factory):
    """Where a net was trained, and lines were measured through it and its copy."""
    clone = fresh.copy(tmp_path_factory.mktemp("own") / "clone")
    (clone.folder / "theirs").mkdir()
    (clone.folder / "theirs" / "nets.py").write_text(NETS)
    (clone.folder / "theirs" / "blocks.py").write_text(BLOCKS)
    (clone.folder / "config" / "own.yaml").write_text(STUDY)
    run(clone, LINES[0])
    (clone.folder / "elsewhere").mkdir()
    for seed in (0, 1):
        copy = clone.folder / "elsewhere" / f"mine-seed{seed}.safetensors"
        shutil.copy(clone.folder / TRAINED / "weights.safetensors", copy)
    run(clone, LINES[1])
    return clone


def run(clone, *targets: str) -> None:
    told = clone.snakemake("--configfile", "config/own.yaml", "--", *targets)
    assert told.returncode == 0, told.stdout + told.stderr


def planned(clone, *targets: str) -> dict[str, int]:
    """The jobs that a dry run would run for some targets."""
    return clone.counted("--configfile", "config/own.yaml", "--", *targets)


def test_a_run_of_given_weights_is_measured_as_the_run_that_they_are_of(built):
    trained, given = (store.load(built.folder / path) for path in LINES)

    assert set(trained["train_loss"]) > {trained["train_loss"][1]}
    for name, values in trained.items():
        assert (given[name] == values).all(), name


def test_the_history_of_given_weights_is_where_training_ended(built):
    paths = (f"{built.folder}/{run}/history.csv" for run in (TRAINED, GIVEN))
    trained, given = map(store.load_table, paths)

    assert len(given["epoch"]) == 1
    for name in ("train_loss", "test_loss", "train_error", "weight_norm"):
        assert given[name][-1] == trained[name][-1]


def test_the_receipt_of_a_given_run_has_the_file_and_its_hash(built):
    receipts = [
        json.loads((built.folder / run / "weights.receipt.json").read_text())
        for run in (TRAINED, GIVEN)
    ]

    made = receipts[0]["outputs"][f"{TRAINED}/weights.safetensors"]
    assert receipts[1]["inputs"]["elsewhere/mine-seed0.safetensors"] == made


def test_an_edit_of_what_a_users_file_imports_runs_its_jobs_again(built, tmp_path):
    clone = built.copy(tmp_path / "clone")
    clone.edit("theirs/blocks.py", "# theirs", "# mine")
    assert planned(clone, *LINES) == {}

    clone.edit("theirs/blocks.py", "Block = nn", "OTHER = 1\nBlock = nn")

    again = {"train": 1, "given": 1, "line": 2}
    jobs = planned(clone, *LINES)
    assert again.items() <= jobs.items()
    assert "dataset" not in jobs


def test_a_curve_between_given_runs_is_planned_without_training_a_net(built):
    jobs = planned(built, "results/own/figures/joined.pdf")

    assert jobs == {"given": 1, "curve": 1, "along": 1, "figure": 1}
