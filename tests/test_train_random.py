"""What is random in training: order, augmentation and dropout, each by itself."""

from itertools import chain

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import small
from losslandscape import data, tasks, train
from trainings import NOTHING, recipe


class Noise(nn.Module):
    """Draws as dropout does, and writes down what it drew."""

    def __init__(self, drawn: list):
        super().__init__()
        self.drawn = drawn

    def forward(self, images: Tensor) -> Tensor:
        if self.training:
            self.drawn.append(torch.rand(1).item())
        return images


@pytest.fixture
def watched(monkeypatch):
    """The function that trains on so many images, and tells all that was random."""
    told: dict[str, list] = {}
    crop_and_flip = data.crop_and_flip

    def crop(*arguments, **options):
        images = crop_and_flip(*arguments, **options)
        told["augmentation"].append(images.tolist())
        return images

    def loss(logits, labels, reduction):
        if reduction == "mean":
            told["order"].append(labels.tolist())
        return cross_entropy(logits, labels, reduction=reduction)

    monkeypatch.setattr(data, "crop_and_flip", crop)
    task = tasks.CLASSIFICATION._replace(loss=loss)

    def run(number: int = 7, seed: int = 0, **changes) -> dict[str, list]:
        told.update(order=[], augmentation=[], dropout=[])
        # The same image again and again, with a label of its own.
        images = small.numbers(1, 2, 4, 4).repeat(number, 1, 1, 1)
        split = data.Split(images, torch.arange(number), task)
        seen = data.Data(split, split, torch.zeros(2), number)
        linear = nn.Linear(32, number).double()
        net = nn.Sequential(Noise(told["dropout"]), nn.Flatten(), linear)
        usual = {"epochs": 2, "batch_size": 3, "augmentation": {"pad": 1, "flip": True}}
        train.run(net, seen, recipe(**usual | changes), seed, NOTHING)
        return dict(told)

    return run


@pytest.mark.parametrize(
    ("number", "sizes"),
    [(6, [3, 3]), (8, [3, 3, 2]), (7, [3, 4]), (4, [4]), (2, [2]), (1, [1])],
)
def test_an_epoch_has_every_image_once_in_batches_of_two_or_more(
    watched, number, sizes
):
    batches = watched(number)["order"]

    first, second = batches[: len(sizes)], batches[len(sizes) :]
    for epoch in (first, second):
        assert [len(batch) for batch in epoch] == sizes
        assert sorted(chain.from_iterable(epoch)) == list(range(number))


def test_every_epoch_has_an_order_of_its_own(watched):
    batches = watched(50, batch_size=50)["order"]

    assert len(batches) == 2
    assert batches[0] != batches[1]
    assert sorted(batches[0]) not in batches


def test_the_order_does_not_depend_on_the_augmentation(watched):
    with_augmentation = watched()

    without = watched(augmentation={"pad": 0, "flip": False})

    assert without["augmentation"] != with_augmentation["augmentation"]
    assert without["order"] == with_augmentation["order"]


@pytest.mark.parametrize("changed", ["order", "augmentation", "dropout"])
def test_each_stream_decides_its_own_draws_and_no_others(watched, monkeypatch, changed):
    usual, stream = watched(), train.stream

    monkeypatch.setattr(
        train, "stream", lambda name, seed: stream(name, seed + (name == changed))
    )
    other = watched()

    assert {name for name in usual if other[name] != usual[name]} == {changed}


def test_the_seed_decides_all_that_is_random(watched):
    usual = watched()

    assert watched(seed=0) == usual
    assert all(drawn != usual[name] for name, drawn in watched(seed=1).items())


def test_the_global_generator_is_seeded_and_so_decides_nothing(watched):
    torch.manual_seed(1)
    usual = watched()

    torch.manual_seed(2)

    assert watched() == usual


def test_streams_of_all_names_and_seeds_differ():
    names = ("order", "augmentation", "dropout")

    seeds = {train.stream(name, seed) for name in names for seed in range(100)}

    assert len(seeds) == 300
    assert all(0 <= seed < 2**63 for seed in seeds)
