"""What jobs are said to take, against counts by hand and of torch."""

import pytest
import torch
import yaml
from torch import nn

from losslandscape import costs, counts, models

RUN = {"dataset": "digits", "model": "deep", "recipe": "long", "seed": "0"}


def test_a_net_that_takes_no_images_is_taken_to_use_each_weight_once(tmp_path):
    text = "from torch import nn\ndef net(n):\n    return nn.Embedding(n, 5)\n"
    (tmp_path / "words.py").write_text(text)
    how = {"file": str(tmp_path / "words.py"), "name": "net", "options": {"n": 7}}

    assert counts.of({"own": how}, 1, 8) == {"forward": 70, "parameters": 35}


# In numbers that are easy to multiply.
STUDY = """
datasets: {digits: {source: {digits: {}}}}
models: {deep: {}}
recipes:
  long: {epochs: 4, evaluate_every: 2, images: &images {train: 10, test: 5}}
  cycles:
    epochs: 6
    images: *images
    schedule: {triangle: {cycle: 2}}
    keep: {members: {}}
  kept:
    epochs: 4
    evaluate_every: 4
    images: {train: all, test: all}
    keep: {every: 2}
  once: {epochs: 4, keep: {at: [1, 3]}}
  theirs: {weights: {path: a.pt}, images: *images, epochs: 0}
planes:
  line: {batchnorm: frozen, images: *images, x: {points: 7}}
  grid:
    batchnorm: re-estimated
    images: *images
    x: {from: -1, to: 1, points: 3}
    y: {from: -1, to: 1, points: 5}
    factors: [1, 2]
    hessian: {tolerance: 0.01, products: 10, probes: 2, steps: 3}
  fine:
    refines: grid
    x: {from: -1, to: 1, points: 5}
    y: &tall {from: -1, to: 1, points: 9}
  shifted: {refines: grid, x: {from: -1, to: 1, points: 4}, y: *tall}
curves:
  arch:
    shape: {bezier: {recipe: long}}
    points: 3
    ensemble: 4
    images: *images
ensembles:
  voting: {recipes: [long], seeds: [0, 1]}
  averaged: {recipes: [cycles], seeds: [0, 1], average: true}
"""


def study(**changes) -> dict:
    """The study, with other sections."""
    return yaml.safe_load(STUDY) | changes


# The passes of one image, by hand.
CASES = [
    ("train", {}, 3 * 10 * 4 + 3 * 15),
    ("trajectory", {"recipe": "kept"}, 3 * 1437 * 4 + 2 * 1797),
    ("given", {"recipe": "theirs"}, 15),
    ("line", {"plane": "line"}, 7 * 15),
    ("shard", {"plane": "grid", "scatteritem": "1-of-5"}, 15 * 25 / 5),
    ("shard", {"plane": "fine", "scatteritem": "1-of-1"}, (45 - 15) * 25),
    ("shard", {"plane": "shifted", "scatteritem": "1-of-1"}, 36 * 25),
    ("repeats", {"plane": "line", "draws": "10"}, 10 * 7 * 15),
    ("rescaling", {"plane": "grid"}, 2 * (2 * 15 * 25 + 6 * 10 * 10)),
    ("path", {"plane": "line", "recipe": "kept"}, 2 * 3 * 15),
    (
        "curvature_shard",
        {"plane": "grid", "scatteritem": "2-of-3"},
        15 * 6 * 10 * 10 / 3,
    ),
    ("spectrum", {"plane": "grid"}, 6 * 10 * 10 + 6 * 10 * 2 * 3),
    ("curve", {"curve": "arch"}, 3 * 10 * 4 + 3 * 15),
    ("along", {"curve": "arch"}, 7 * 25),
    ("ensemble", {"ensemble": "voting"}, 2 * 1 * 5),
    ("ensemble", {"ensemble": "averaged"}, 2 * 3 * 15),
    ("chain", {"recipe": "cycles", "curve": "arch"}, (2 * 2 + 1) * 25),
    ("figure", {}, 0),
    ("surface", {"plane": "grid"}, 0),
]


@pytest.mark.parametrize(("rule", "wildcards", "passes"), CASES)
def test_operations_are_passes_of_images(rule, wildcards, passes):
    found = costs.operations(rule, study(), RUN | wildcards, 100.0)

    assert found == pytest.approx(100 * passes)


def test_fewer_products_are_counted_where_more_is_tolerated():
    config = study()
    hessian = config["planes"]["grid"]["hessian"]
    hessian |= {"products": 100, "tolerance": 0.1}
    wildcards = RUN | {"plane": "grid", "scatteritem": "1-of-1"}

    found = costs.operations("curvature_shard", config, wildcards, 1.0)

    # 1 + 2.6 · ln 10 is 6.987 products.
    assert found == pytest.approx(15 * 6 * 10 * 6.987, rel=1e-3)


def test_memory_grows_with_images_weights_and_what_a_search_keeps():
    net, digits = {"parameters": 1e6}, study()
    cifar = study(datasets={"digits": {"source": {"cifar10": {}}}})
    line, grid = RUN | {"plane": "line"}, RUN | {"plane": "grid"}

    least = costs.memory("line", digits, line, net)
    assert costs.memory("line", cifar, line, net) - least == pytest.approx(
        60_000 * 3072 * 9 / 1e6, abs=2
    )
    assert costs.memory("line", digits, line, {"parameters": 2e6}) - least == 48
    assert costs.memory("spectrum", digits, grid, net) - least == 40
    assert costs.memory("figure", digits, line, net) == 1000


@pytest.mark.parametrize(
    ("rule", "recipe", "vectors"),
    [
        ("train", "long", 1),
        ("curve", "long", 3),
        ("directions", "long", 2),
        # The end, and what is kept: before training and twice; at two epochs; members.
        ("trajectory", "kept", 1 + 3),
        ("trajectory", "once", 1 + 2),
        ("trajectory", "cycles", 1 + 3),
        ("line", "long", 0),
    ],
)
def test_vectors_of_weights_are_what_fills_the_disk(rule, recipe, vectors):
    wildcards = RUN | {"recipe": recipe, "plane": "line"}

    found = costs.disk(rule, study(), wildcards, {"parameters": 1e6})

    assert found == costs.LITTLE + 4e6 * vectors


def test_images_are_a_byte_a_value_on_the_disk():
    found = costs.disk("dataset", study(), {"dataset": "digits"}, {})

    assert found == costs.LITTLE + 1797 * 64


def test_every_net_is_asked_for_on_every_data_set():
    sources = {"small": {"digits": {}}, "own": {"npz": {"path": "own.npz"}}}
    datasets = {name: {"source": sources[name]} for name in sources}

    found = costs.asked(study(datasets=datasets))

    assert found == {"small/deep": ({}, 1, 8), "own/deep": ({}, 3, 32)}


class LooksAtValues(nn.Module):
    """Hands its input on, once it has looked at it."""

    def forward(self, images):
        """The images."""
        return images if images.sum() >= 0 else -images


@pytest.mark.parametrize("first", [nn.Identity, LooksAtValues])
def test_torch_counts_what_is_counted_by_hand(monkeypatch, first):
    def build(*how):
        conv = nn.Conv2d(3, 4, 3, padding=1)
        return nn.Sequential(first(), conv, nn.Flatten(), nn.Linear(4 * 64, 10))

    monkeypatch.setattr(models, "build", build)

    found = counts.of({}, 3, 8)

    assert found["forward"] == 2 * (64 * 4 * 27 + 256 * 10)
    assert found["parameters"] == 4 * 27 + 4 + 2560 + 10


def test_every_family_can_be_counted():
    found = counts.of({"resnet": {"depth": 56}}, 3, 32)

    # 125 million multiplications and additions (He et al., table 6: 0.85 million
    # weights); projections come on top.
    assert found["forward"] == pytest.approx(2 * 125.5e6, rel=0.02)
    assert found["parameters"] == pytest.approx(0.855e6, rel=0.01)
    assert torch.get_default_dtype() == torch.float32


def test_images_of_a_folder_are_counted(tmp_path):
    for path in ("train/a/1.png", "train/a/2.jpg", "train/b/1.png", "test/a/x.png"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    folder = {"source": {"folder": {"path": str(tmp_path), "size": 24}}}
    config = {"datasets": {"mine": folder}, "models": {"net": {"convnet": {}}}}

    job = costs.Job(config, {"dataset": "mine"})

    assert job.shape == (3, 1, 3, 24)
    assert costs.asked(config) == {"mine/net": ({"convnet": {}}, 3, 24)}
