"""Votes of nets against plain loops over images, temperatures against a fine grid."""

import math

import numpy as np
import pytest
import torch

import small
from losslandscape import ensembles

LABELS = torch.as_tensor(np.random.default_rng(9).integers(0, 3, 40))
LOGITS = 3 * small.numbers(4, 40, 3)
LOSSES = torch.tensor([0.5, 2.0, 0.1, 1.0], dtype=torch.float64)


def softmax(logits, temperature=1.0):
    """The probabilities of the classes of one image."""
    parts = [math.exp(logit / temperature) for logit in logits]
    return [part / sum(parts) for part in parts]


def cross_entropy(logits, labels, constant, losses):
    """The mean over nets and images, by temperatures constant / loss."""
    terms = [
        -math.log(softmax(image, constant / loss)[label])
        for net, loss in zip(logits.tolist(), losses.tolist(), strict=True)
        for image, label in zip(net, labels.tolist(), strict=True)
    ]
    return sum(terms) / len(terms)


def test_probabilities_are_a_softmax_in_float64():
    found = ensembles.probabilities(LOGITS.float())

    assert found.dtype == torch.float64
    for index in np.ndindex(4, 40):
        expected = softmax(LOGITS.float()[index].tolist())
        assert found[index].tolist() == pytest.approx(expected, rel=1e-12)


def test_error_loss_and_disagreement_are_counted_image_by_image():
    one, other = ensembles.probabilities(LOGITS)[:2]

    rows, others, labels = one.tolist(), other.tolist(), LABELS.tolist()
    first, second = ([row.index(max(row)) for row in part] for part in (rows, others))
    wrong = sum(a != b for a, b in zip(first, labels, strict=True))
    apart = sum(a != b for a, b in zip(first, second, strict=True))
    terms = [-math.log(row[label]) for row, label in zip(rows, labels, strict=True)]
    assert ensembles.error(one, LABELS) == pytest.approx(100 * wrong / 40)
    assert ensembles.disagreement(one, other) == pytest.approx(100 * apart / 40)
    assert ensembles.loss(one, LABELS) == pytest.approx(sum(terms) / 40, rel=1e-12)
    assert 0 < wrong < 40
    assert 0 < apart < 40


def test_each_constant_is_best_on_the_other_half_of_the_images():
    found = ensembles.constants(LOGITS, LABELS, LOSSES)

    for half, constant in zip((1, 0), found, strict=True):
        seen = LOGITS[:, half::2], LABELS[half::2]
        grid = constant * np.exp(np.linspace(-4, 4, 401))
        levels = [cross_entropy(*seen, c, LOSSES) for c in grid]
        assert np.argmin(levels) == 200
        finer = constant * np.exp(np.linspace(-0.01, 0.01, 3))
        assert np.argmin([cross_entropy(*seen, c, LOSSES) for c in finer]) == 1
    assert found[0] != pytest.approx(found[1], rel=1e-3)


@pytest.mark.parametrize("half", [0, 1])
def test_no_image_decides_its_own_constant(half):
    labels, logits = LABELS.clone(), LOGITS.clone()
    labels[half::2] = (labels[half::2] + 1) % 3
    logits[:, half::2] *= 7

    usual = ensembles.constants(LOGITS, LABELS, LOSSES)
    other = ensembles.constants(logits, labels, LOSSES)

    assert other[half] == usual[half]
    assert other[1 - half] != usual[1 - half]


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_constants_are_in_the_unit_of_the_losses(scale):
    usual = ensembles.constants(LOGITS, LABELS, LOSSES)

    found = ensembles.constants(LOGITS, LABELS, scale * LOSSES)

    assert found == pytest.approx([scale * c for c in usual], rel=1e-4)


def test_scaled_logits_have_the_constants_of_their_halves():
    before = LOGITS.clone()

    found = ensembles.scaled(LOGITS, LOSSES, (0.3, 2.0))

    for net, image in np.ndindex(4, 40):
        heat = (0.3, 2.0)[image % 2] / LOSSES[net].item()
        expected = [logit / heat for logit in LOGITS[net, image].tolist()]
        assert found[net, image].tolist() == pytest.approx(expected, rel=1e-12)
    assert torch.equal(LOGITS, before)


def test_votes_stay_on_the_device_of_the_logits():
    usual = ensembles.constants(LOGITS, LABELS, LOSSES)

    with torch.device("meta"):
        found = ensembles.constants(LOGITS, LABELS, LOSSES)
        cooled = ensembles.scaled(LOGITS, LOSSES, found)

    assert found == usual
    assert cooled.device == LOGITS.device
