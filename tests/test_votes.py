"""What the nets of a curve say together, against plain loops over nets and images."""

import numpy as np
import pytest
import torch
from scipy.special import logsumexp

import small
from losslandscape import ensembles, votes

POINTS, VOTERS = 5, 3
LABELS = torch.as_tensor(np.random.default_rng(9).integers(0, 3, 31))
LOGITS = 2 * small.numbers(POINTS + VOTERS, 31, 3, seed=10)
LOSSES = np.array([0.5, 2.0, 0.1, 1.0, 0.3, 0.7, 0.2, 4.0])


def softmax(logits, heat=1.0):
    parts = np.exp(logits.cpu().numpy() / heat)
    return parts / parts.sum()


def wrong(nets, heats=None):
    """The error, in %, of nets that vote by their mean probabilities."""
    count = 0
    for image, label in enumerate(LABELS.tolist()):
        heat = np.ones(len(LOGITS)) if heats is None else heats(image)
        shares = sum(softmax(LOGITS[net, image], heat[net]) for net in nets)
        count += shares.argmax() != label
    return 100 * count / len(LABELS)


@pytest.fixture(scope="module")
def found():
    return votes.of_curve(LOGITS, LABELS, LOSSES, VOTERS)


def test_every_point_is_paired_with_the_first(found):
    assert found["pair_error"] == pytest.approx([wrong([0, k]) for k in range(POINTS)])
    assert found["pair_error"][0] == pytest.approx(wrong([0]))
    classes = LOGITS.argmax(-1)
    apart = [100 * (classes[0] != classes[k]).sum() / 31 for k in range(POINTS)]
    assert found["disagreement"] == pytest.approx([part.item() for part in apart])
    assert np.ptp(found["pair_error"]) > 1


def test_the_voters_alone_are_the_ensemble(found):
    voters = range(POINTS, POINTS + VOTERS)

    assert found["ensemble_error"].shape == ()
    assert found["ensemble_error"] == pytest.approx(wrong(voters))
    assert wrong(voters) != wrong(range(POINTS + VOTERS))


def test_temperatures_are_the_voters_constants_over_the_losses(found):
    levels = torch.as_tensor(LOSSES)
    constants = ensembles.constants(LOGITS[POINTS:], LABELS, levels[POINTS:])
    heats = lambda image: constants[image % 2] / LOSSES  # noqa: E731

    terms = [
        [
            -np.log(softmax(LOGITS[net, image], heats(image)[net])[label])
            for image, label in enumerate(LABELS.tolist())
        ]
        for net in range(POINTS)
    ]
    expected = wrong(range(POINTS, POINTS + VOTERS), heats)
    assert expected not in (
        wrong(range(POINTS + VOTERS), heats),
        wrong(range(POINTS, 8)),
    )
    assert found["temperature"] == pytest.approx(np.mean(constants) / LOSSES[:POINTS])
    assert found["scaled_test_loss"] == pytest.approx(np.mean(terms, axis=1))
    assert found["ensemble_error_scaled"] == pytest.approx(expected)


def test_everything_but_the_ensemble_has_an_entry_for_each_point(found):
    assert {name: part.shape for name, part in found.items() if part.ndim} == {
        name: (POINTS,)
        for name in ("pair_error", "disagreement", "temperature", "scaled_test_loss")
    }


def test_a_probability_that_is_nought_leaves_a_scaled_loss_that_is_finite():
    logits, losses = LOGITS.clone(), LOSSES.copy()
    logits[1] *= 1e4
    losses[1] = 1e4

    found = votes.of_curve(logits, LABELS, losses, VOTERS)

    levels = torch.as_tensor(losses)
    constants = ensembles.constants(logits[POINTS:], LABELS, levels[POINTS:])
    terms = []
    for image, label in enumerate(LABELS.tolist()):
        scores = logits[1, image].cpu().numpy() / (constants[image % 2] / losses[1])
        terms.append(logsumexp(scores) - scores[label])
    assert np.exp(-max(terms)) == 0
    assert found["scaled_test_loss"][1] == pytest.approx(np.mean(terms))


@pytest.mark.parametrize("lost", [np.inf, np.nan, 0.0])
def test_a_voter_without_a_loss_does_not_decide_the_constant(found, lost):
    losses = np.append(LOSSES, lost)
    logits = torch.cat([LOGITS, LOGITS[:1]])

    more = votes.of_curve(logits[1:], LABELS, losses[1:], VOTERS + 1)

    assert more["temperature"] == pytest.approx(found["temperature"][1:], rel=1e-4)
    assert np.isfinite(more["ensemble_error"])


def test_voters_without_finite_outputs_have_no_vote():
    logits = LOGITS.clone()
    logits[-1] = torch.nan

    told = votes.of_curve(logits, LABELS, LOSSES, VOTERS)

    assert np.isnan(told["ensemble_error"])
    assert np.isfinite(told["temperature"]).all()


def test_without_any_loss_there_are_no_temperatures():
    told = votes.of_curve(LOGITS, LABELS, np.full(len(LOSSES), np.inf), VOTERS)

    assert np.isnan(told["temperature"]).all()
    assert np.isnan(told["ensemble_error_scaled"])
    assert np.isfinite(told["ensemble_error"])
