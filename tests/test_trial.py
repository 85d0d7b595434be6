"""A user's own net on data: what does not fit is said before any epoch."""

import pytest
import torch
from torch import nn

import small
from losslandscape import data, given, models, tasks, train, trial, weights
from trainings import NOTHING, recipe

NETS = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 3)

    def forward(self, points):
        return self.layer(points)


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.last = nn.Embedding(5, 4), nn.Linear(4, 3)

    def forward(self, text):
        return self.last(self.words(text).mean(1))


class Random(Net):
    def forward(self, points):
        return self.layer(nn.functional.dropout(points))


class Faint(Net):
    def forward(self, points):
        found = self.layer(points)
        return found + 1e-3 * torch.randn_like(found)


class Dropping(Net):
    def forward(self, points):
        return self.layer(nn.functional.dropout(points, training=self.training))


class Lost(Net):
    def forward(self, points):
        return self.layer(points) * torch.nan


class Two(Net):
    def forward(self, points):
        return self.layer(points), points
"""
SHAPE = {"channels": 0, "size": 0, "classes": 3}
PREFIX = r"^'{name}' of \S+nets.py "


@pytest.fixture
def built(tmp_path):
    """The net of a name in a user's file."""
    (tmp_path / "nets.py").write_text(NETS)

    def build(name: str) -> nn.Module:
        file = str(tmp_path / "nets.py")
        return models.build({"own": {"file": file, "name": name}}, **SHAPE)

    return build


def seen(inputs: torch.Tensor, unseen: torch.Tensor | None = None) -> data.Data:
    """A dataset of inputs in three classes; tests are others, if told."""
    unseen = inputs if unseen is None else unseen
    train, test = (
        data.Split(each, torch.arange(len(each)) % 3, tasks.CLASSIFICATION)
        for each in (inputs, unseen)
    )
    return data.Data(train, test, torch.zeros(1), 3)


POINTS = small.numbers(6, 4).float()
LONG = small.numbers(6, 5).float()
TEXT = torch.tensor([[0, 1, 2], [2, 1, 0], [4, 4, 4], [1, 1, 1]])
STRANGE = TEXT.clone()
STRANGE[3, 1] = 5


@pytest.mark.parametrize(
    ("name", "loaded", "said"),
    [
        ("Net", seen(LONG), r"\(2, 5\) float32 of this dataset: RuntimeError: .*mat1 "),
        ("Net", seen(POINTS, LONG), r"\(2, 5\) float32 of this dataset: "),
        (
            "Words",
            seen(STRANGE),
            r"\(2, 3\) int64 from 0 to 5 of this dataset: IndexError: index out of ",
        ),
        ("Words", seen(TEXT, STRANGE), r"\(2, 3\) int64 from 0 to 5 of this dataset: "),
    ],
)
def test_data_that_do_not_fit_are_refused_in_a_sentence(built, name, loaded, said):
    pattern = PREFIX.format(name=name) + "fails on inputs " + said

    with pytest.raises(ValueError, match=pattern) as trained:
        train.run(built(name), loaded, recipe(), 0, NOTHING)
    net = built(name)
    vector = weights.flatten(net)
    with pytest.raises(ValueError, match=pattern):
        given.history(net, vector, loaded, 1)

    assert "\n" not in str(trained.value)


@pytest.mark.parametrize("name", ["Random", "Faint"])
def test_a_net_that_is_random_in_evaluation_mode_is_refused(built, name):
    pattern = PREFIX.format(name=name) + "gives other outputs for the same inputs"

    with pytest.raises(ValueError, match=pattern):
        trial.require(built(name), seen(POINTS))


def test_a_net_of_more_than_one_tensor_is_refused(built):
    with pytest.raises(ValueError, match=r"gives a tuple; it must give one tensor$"):
        trial.require(built("Two"), seen(POINTS))


@pytest.mark.parametrize("name", ["Net", "Dropping", "Lost"])
def test_a_net_that_fits_stays_as_it_is_and_so_does_chance(built, name):
    net = built(name)
    before, vector = torch.get_rng_state(), weights.flatten(net).clone()

    trial.require(net, seen(POINTS))

    assert net.training
    assert torch.equal(weights.flatten(net), vector)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_refused_net_leaves_chance_as_it_was(built):
    before = torch.get_rng_state()

    with pytest.raises(ValueError, match="other outputs"):
        trial.require(built("Random"), seen(POINTS))

    assert torch.equal(torch.get_rng_state(), before)


def test_nets_of_ours_are_not_tried():
    """They are not called with these points, which would fail."""
    trial.require(small.net(), seen(POINTS))
