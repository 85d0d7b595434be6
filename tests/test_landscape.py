"""What is measured, and the proof that it is right where nothing has moved."""

import json

import numpy as np
import pytest
import torch

import small
from losslandscape import (
    batchnorm,
    checkpoint,
    landscape,
    losses,
    surface,
    weights,
)

NOTHING = checkpoint.Checkpoint(None)


def test_the_engine_measures_by_the_policy_of_batch_norm():
    net, seen = small.net(), small.seen()
    origin, other = weights.flatten(net), weights.flatten(small.net(seed=1))
    there = 0.3 * origin + 0.7 * other

    frozen, interpolated, again = (
        surface.measure(
            landscape.engine(net, seen, policy),
            origin,
            small.span(net, origin, 1, {"difference": {"of": of}}, [other]),
            np.array([[0.7]]),
            NOTHING,
        )
        for policy, of in (
            ("frozen", "weights"),
            ("interpolated", "states"),
            ("re-estimated", "states"),
        )
    )

    expected = {
        "frozen": (frozen, torch.cat([there[:138], origin[138:]])),
        "interpolated": (interpolated, there),
        "re-estimated": (again, batchnorm.reestimated(net, seen.train)(there)),
    }
    for values, vector in expected.values():
        weights.assign(vector, net)
        by_hand = small.classified(net, seen.train) + small.classified(net, seen.test)
        found = [values[name].item() for name in losses.MEASURES]
        assert found == pytest.approx(by_hand, rel=1e-9)
    assert len({values["train_loss"].item() for values, _ in expected.values()}) == 3


def test_statistics_are_re_estimated_on_training_images_alone():
    net, seen = small.net(), small.seen()

    loss = landscape.engine(net, seen, "re-estimated")
    less = landscape.engine(net, seen._replace(test=small.split(3)), "re-estimated")

    vector = weights.flatten(small.net(seed=1))
    assert torch.equal(loss(vector)[:2], less(vector)[:2])


@pytest.mark.parametrize("policy", ["frozen", "interpolated", "re-estimated"])
def test_the_value_at_the_centre_is_that_of_the_net_itself(policy):
    net, seen = small.net(), small.seen()
    loss = landscape.engine(net, seen, policy)

    found = landscape.at_centre(loss, net, seen, weights.flatten(net), policy)

    if policy == "re-estimated":
        weights.assign(
            batchnorm.reestimated(net, seen.train)(weights.flatten(net)), net
        )
    by_hand = small.classified(net, seen.train) + small.classified(net, seen.test)
    assert found == pytest.approx(by_hand, rel=1e-12)


def test_an_engine_that_errs_is_refused_at_the_centre():
    net, seen = small.net(), small.seen()
    loss = landscape.engine(net, seen, "frozen")

    with pytest.raises(ArithmeticError, match="the engine: at the centre"):
        landscape.at_centre(
            lambda vector: 1.001 * loss(vector),
            net,
            seen,
            weights.flatten(net),
            "frozen",
        )


def test_terms_tell_what_decides_the_numbers():
    choice = {"random": {"seed": 1, "normalise": "filter"}}
    images = {"train": 30, "test": "all", "seed": 0}
    plane = {"batchnorm": "frozen", "directions": choice, "images": images}

    terms = landscape.terms(plane, small.seen())

    assert terms["batchnorm"] == "frozen"
    assert json.loads(terms["directions"]) == choice
    assert json.loads(terms["images"]) == images
    assert terms["precision"] == "float64"
    assert (terms["train_images"], terms["test_images"]) == (30, 20)
    assert "without weight decay" in terms["loss"]


def test_the_centre_is_what_training_measured_at_its_end():
    plane = {"images": {"train": "all", "test": "all"}, "batchnorm": "frozen"}
    columns = zip(
        losses.MEASURES, ([2.0, 1.0], [50, 9], [2.0, 1.5], [60, 20]), strict=True
    )
    history = {name: np.array(column) for name, column in columns}
    same = {"centre": [1.0, 9, 1.5, 20]}
    off = {"centre": [1.1, 9, 1.5, 20]}

    landscape.require_trained(same, plane, plane["images"], history)
    with pytest.raises(ArithmeticError, match="the trained weights"):
        landscape.require_trained(off, plane, plane["images"], history)

    others = {"train": 20, "test": "all"}
    landscape.require_trained(off, plane, others, history)
    elsewhere = plane | {"batchnorm": "re-estimated"}
    landscape.require_trained(off, elsewhere, plane["images"], history)
