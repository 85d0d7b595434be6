"""The forms of a net: the fastest that agrees is used, and what it gives is right."""

import logging

import pytest
import torch
from torch import nn

import small
from families import FAMILIES, drawn
from losslandscape import engine, folding, kernels, models, weights

IMAGES = small.numbers(6, 3, 8, 8)


def built(family: str, dtype: torch.dtype) -> nn.Module:
    net = models.build(FAMILIES[family], channels=3, size=8, classes=10)
    return drawn(net).to(dtype)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("dtype", "tolerance"),
    [(torch.float64, 1e-10), (torch.float32, 1e-3), (torch.bfloat16, 0.2)],
)
def test_outputs_are_those_of_the_net(family, dtype, tolerance):
    data_type = torch.float32 if dtype == torch.bfloat16 else dtype
    net = models.build(FAMILIES[family], channels=3, size=8, classes=10)
    images = IMAGES.to(data_type)
    form = engine.fastest(net.to(data_type), images, dtype)
    other = built(family, data_type)

    found = form(weights.tensors(other))(images)

    expected = other(images)
    assert found.dtype == data_type
    assert (found - expected).abs().max() < tolerance * expected.abs().max()


def test_on_the_cpu_float32_goes_in_fused_steps(monkeypatch):
    asked = []
    monkeypatch.setattr(
        engine, "in_steps", lambda *how: asked.append(how) or in_steps(*how)
    )

    engine.fastest(built("resnet", torch.float32), IMAGES.float(), torch.float32)

    kind = torch.get_default_device().type
    assert [how[2] for how in asked] == [kernels.of(kind, torch.float32)]


in_steps = engine.in_steps


def broken(work):
    """A kernel that forgets what is added."""
    return kernels.separate(work._replace(other=None))


def failing(work):
    raise NotImplementedError("no such operator here\nand more")


@pytest.mark.parametrize("kernel", [broken, failing])
def test_a_kernel_that_errs_is_not_used(monkeypatch, caplog, kernel):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(kernels, "of", lambda device, dtype: kernel)
    net = built("resnet", torch.float32)

    form = engine.fastest(net, IMAGES.float(), torch.float32)

    found = form(weights.tensors(net))(IMAGES.float())
    assert torch.allclose(found, net(IMAGES.float()), rtol=1e-3, atol=1e-4)
    assert "fused steps" in caplog.text
    assert "folded steps" not in caplog.text


class Deciding(nn.Module):
    """A net whose way depends on what it sees: it cannot be traced."""

    def __init__(self) -> None:
        super().__init__()
        self.body = drawn(small.net())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x) if x.mean() < 100 else self.body(-x)


class Overwriting(nn.Module):
    """A net that changes a layer's input before the layer's output is used."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + 0
        y = self.conv(x)
        x.mul_(0.0)
        return (y + x).relu().sum((2, 3))


class Tokens(nn.Module):
    """A layer over the last dimension, a batch norm over the second: both of 4."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.norm = nn.Linear(4, 4), nn.BatchNorm1d(4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(self.layer(x.flatten(0, 1))).sum(1)


class Squashing(nn.BatchNorm2d):
    """A batch norm that does more."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x).tanh()


class Squashed(nn.Module):
    """A net that cannot be traced, with such a norm."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = Squashing(2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(x).sum((2, 3)) if x.mean() < 100 else x


@pytest.mark.parametrize("kind", [Tokens, Squashed])
@pytest.mark.parametrize("choose", ["fastest", "derivable"])
def test_what_only_other_weights_show_to_be_wrong_is_not_used(choose, kind):
    net, images = kind().double().eval(), small.numbers(6, 2, 4, 4)
    how = {"fastest": (images, torch.float64), "derivable": (images,)}[choose]
    form = getattr(engine, choose)(net, *how)

    other = drawn(kind())

    found = form(weights.tensors(other))(images)
    assert torch.allclose(found, other(images), rtol=1e-12)


class Normalising(nn.Module):
    """A net with numbers written into its way."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 3, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x - torch.tensor([0.5, 2.0]).reshape(1, 2, 1, 1)
        return self.layer(x).sum((2, 3))


def test_numbers_that_are_written_into_a_net_stay(caplog):
    caplog.set_level(logging.INFO)
    net, images = Normalising().double().eval(), small.numbers(6, 2, 4, 4)

    found = engine.fastest(net, images, torch.float64)(weights.tensors(net))(images)

    assert torch.allclose(found, net(images), rtol=1e-12)
    assert "as it is written" not in caplog.text


@pytest.mark.parametrize("kind", [Deciding, Overwriting])
def test_a_net_that_cannot_go_in_steps_is_called_as_it_is(caplog, kind):
    caplog.set_level(logging.INFO)
    net, images = kind().double().eval(), small.numbers(6, 2, 4, 4)

    form = engine.fastest(net, images, torch.float64)

    found = form(weights.tensors(net))(images)
    assert torch.allclose(found, net(images), rtol=1e-12)
    assert "folded steps" in caplog.text


def test_words_are_not_turned_into_numbers():
    net = nn.Sequential(nn.Embedding(5, 3), nn.Flatten(), nn.Linear(6, 2)).eval()
    words = torch.tensor([[0, 1], [4, 2]])

    form = engine.fastest(net, words, torch.bfloat16)

    found = form(weights.tensors(net))(words)
    assert torch.allclose(found, net(words), rtol=0.05, atol=0.05)


def test_no_batch_norm_of_torch_is_derived_twice(monkeypatch):
    seen = []
    monkeypatch.setattr(
        folding, "without_norms", lambda net: seen.append(net) or without_norms(net)
    )

    engine.derivable(built("preresnet", torch.float64), IMAGES)

    assert len(seen) == 2
    for found in seen:
        assert not [m for m in found.modules() if isinstance(m, nn.BatchNorm2d)]


without_norms = folding.without_norms


def test_the_net_stays_as_it_is():
    net = models.build(FAMILIES["preresnet"], channels=3, size=8, classes=10).train()
    before = weights.flatten(net)

    form = engine.fastest(net, IMAGES.float(), torch.float32)
    form(weights.tensors(built("preresnet", torch.float32)))(IMAGES.float())

    assert net.training
    assert torch.equal(weights.flatten(net), before)
    assert all(p.requires_grad for p in net.parameters())
