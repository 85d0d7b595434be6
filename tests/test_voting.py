"""Ensembles of nets on disk: plain loops over nets and images, in float64."""

import copy

import numpy as np
import pytest
import torch
from torch.optim.swa_utils import AveragedModel, update_bn

import small
from losslandscape import checkpoint, data, trajectory, voting, weights

SEEN = small.seen(256, 25)
BUDGET = 20


def leg(recipe, seed, budget, keeps=True, epochs=8, spent=0):
    """A run of an ensemble, as `accounts.legs` has it."""
    found = {"recipe": recipe, "seed": seed, "budget": budget, "keeps": keeps}
    return found | {"epochs": epochs, "spent": spent}


LEGS = [
    leg("early", 0, 0, spent=12),
    leg("late", 0, 0, spent=14),
    leg("single", 0, 0, keeps=False),
    leg("early", 1, 1, spent=12),
]
KEPT = [(2, 6), (2, 4), None, (1, 5)]


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """The members of four runs, in order, and the files that hold them."""
    folder, nets, paths = tmp_path_factory.mktemp("held"), [], []
    for number, epochs in enumerate(KEPT):
        vectors = small.numbers(len(epochs or "1"), 152, seed=number).float()
        vectors[:, 138:] = vectors[:, 138:].abs() + 0.5
        nets += list(vectors)
        paths.append(folder / f"{number}.{'h5' if epochs else 'safetensors'}")
        if epochs is None:
            weights.save(paths[-1], vectors[0], small.net())
            continue
        series = checkpoint.Series(folder / str(number))
        for epoch, vector in zip(epochs, vectors, strict=True):
            series.add(epoch, vector)
        trajectory.save(paths[-1], series, [0.1] * len(epochs), small.net())
    return nets, paths


def rows(paths):
    """The table of all these runs."""
    found = voting.members(paths, LEGS, small.net())
    net = small.net().float()
    return voting.rows(found, net, single_precision(), BUDGET, LEGS)


def single_precision():
    """The images as a stored dataset has them."""
    splits = (part._replace(images=part.images.float()) for part in SEEN[:2])
    return data.Data(*splits, *SEEN[2:])


def probabilities(vector):
    """The softmax outputs (images, classes) of a net by its own statistics."""
    net = small.net()
    weights.assign(vector, net)
    with torch.no_grad():
        logits = torch.stack([net(image[None])[0] for image in SEEN.test.images])
    parts = np.exp(logits.cpu().numpy())
    return parts / parts.sum(1, keepdims=True)


def quality(votes):
    """The error, in %, and the mean cross-entropy of mean probabilities."""
    labels = SEEN.test.labels.tolist()
    wrong = [row.argmax() != label for row, label in zip(votes, labels, strict=True)]
    terms = [-np.log(row[label]) for row, label in zip(votes, labels, strict=True)]
    return 100 * np.mean(wrong), np.mean(terms)


def near(values):
    """Equal but for the rounding of float32."""
    return pytest.approx(values, rel=1e-5)


def test_members_come_from_ways_and_from_weights_in_their_order(held):
    nets, paths = held

    found = list(voting.members(paths, LEGS, small.net()))

    for member, vector in zip(found, nets, strict=True):
        assert torch.equal(member.weights.cpu(), vector.cpu())
    names = ["early", "early", "late", "late", "single", "early", "early"]
    assert [member.recipe for member in found] == names
    assert [member.seed for member in found] == [0, 0, 0, 0, 0, 1, 1]
    assert [member.epoch for member in found] == [2, 6, 2, 4, 8, 1, 5]


def test_a_budget_pays_for_what_was_spent_until_a_member_was_there(held):
    table = rows(held[1])

    # Of 20 epochs; those of the second seed come after the whole of the first.
    paid = [14, 18, 16, 18, 8, 20 + 13, 20 + 17]
    assert [row["spent"] for row in table] == pytest.approx([p / 20 for p in paid])
    # Until the longest of all runs ends, which is after its last member.
    longest = max(leg["spent"] + leg["epochs"] for leg in LEGS)
    assert {row["cost"] for row in table} == {longest / 20}


def test_rows_are_those_of_loops_over_nets_and_images(held):
    nets, paths = held

    table = rows(paths)

    votes = [probabilities(vector.double()) for vector in nets]
    for k, row in enumerate(table):
        own = votes[5 : k + 1] if k >= 5 else votes[: k + 1]
        assert (row["error"], row["loss"]) == near(quality(votes[k]))
        everyone = np.mean(votes[: k + 1], axis=0)
        both = row["ensemble_error"], row["ensemble_loss"]
        assert both == near(quality(everyone))
        assert row["own_error"] == pytest.approx(quality(np.mean(own, axis=0))[0])
    assert table[6]["own_error"] != table[6]["ensemble_error"]


def test_a_step_is_within_a_run_and_a_disagreement_between_neighbours(held):
    nets, paths = held

    table = rows(paths)

    same = {1: (0, 1), 3: (2, 3), 6: (5, 6)}
    for k, row in enumerate(table):
        if k not in same:
            assert row["step"] is None
            continue
        one, other = (nets[number][:138].double().cpu().numpy() for number in same[k])
        assert row["step"] == pytest.approx(np.linalg.norm(one - other))
    classes = [probabilities(vector.double()).argmax(1) for vector in nets]
    assert table[0]["disagreement"] is None
    for k in range(1, 7):
        apart = 100 * np.mean(classes[k] != classes[k - 1])
        assert table[k]["disagreement"] == pytest.approx(apart)


def test_an_average_is_that_of_torch_with_statistics_measured_anew(held):
    nets, paths = held
    found = voting.members(paths, LEGS, small.net())

    means = list(voting.averaged(found, small.net().float(), single_precision()))

    # Of each run, not of the two starts of a budget together.
    groups = nets[:2], nets[2:4], nets[4:5], nets[5:]
    for member, group in zip(means, groups, strict=True):
        average = None
        for vector in group:
            net = small.net()
            weights.assign(vector.double(), net)
            average = average or AveragedModel(copy.deepcopy(net))
            average.update_parameters(net)
        update_bn(SEEN.train.images.split(128), average)
        expected = weights.flatten(average.module)
        assert torch.allclose(member.weights.double(), expected, rtol=1e-4, atol=1e-5)
    names = ["early", "late", "single", "early"]
    assert [member.recipe for member in means] == names
    assert [member.budget for member in means] == [0, 0, 0, 1]
    assert means[-1].spent == 17
