"""Profiles of curves: every point a net that is set up by hand, in float64."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.swa_utils import update_bn

import small
from losslandscape import checkpoint, data, losses, profiles, surface, weights

NOTHING = checkpoint.Checkpoint(None)
# Statistics are means over batches of 128, as torch's own are where all are as large.
SEEN = small.seen(256, 25)
ENDS = torch.stack([weights.flatten(small.net(seed)) for seed in (0, 1)])
BENDS = torch.stack([weights.flatten(small.net(seed)) for seed in (2, 3)])
DECAY = 0.03


def curve(shape, points=4, ensemble=3, **changes):
    """What a config says of a curve."""
    images = {"train": "all", "test": "all", "seed": 0}
    usual = {"points": points, "ensemble": ensemble, "images": images}
    return {"shape": shape, "augmented": False} | usual | changes


def net_at(vector):
    """A net with the learnable weights of a vector, and statistics by torch itself."""
    net = small.net()
    weights.assign(vector, net)
    update_bn(SEEN.train.images.split(128), net)
    return net.eval()


def softmax(net):
    """The probabilities (images, classes) of the test images."""
    return net(SEEN.test.images).detach().softmax(1).cpu().numpy()


def expected(vector):
    """The four measures at a point, image by image."""
    net = net_at(vector)
    return small.classified(net, SEEN.train) + small.classified(net, SEEN.test)


def measured(found):
    """The four measures of a profile (points, 4)."""
    return np.transpose([found[name] for name in losses.MEASURES])


def mixed(places, vectors, t):
    """The chain through vectors at t, by numpy's interpolation."""
    columns = torch.stack([*vectors]).cpu().numpy().T
    return torch.as_tensor(np.array([np.interp(t, places, c) for c in columns]))


SHAPES = {
    "segment": ({}, []),
    "polychain": ({"bends": 2}, [BENDS]),
    "bezier": ({"bends": 1}, [BENDS[:1]]),
}


def by_hand(shape, t):
    """The vector at t of each of these curves."""
    if shape == "bezier":
        first, bend, last = ENDS[0], BENDS[0], ENDS[1]
        return (1 - t) ** 2 * first + 2 * t * (1 - t) * bend + t**2 * last
    inner = BENDS if shape == "polychain" else []
    vectors = [ENDS[0], *inner, ENDS[1]]
    return mixed(np.linspace(0, 1, len(vectors)), vectors, t)


def profile(shape, memory=NOTHING, **changes):
    """The profile of one of these curves."""
    options, bends = SHAPES[shape]
    way = profiles.way(small.net(), {shape: options}, ENDS, bends)
    entry = curve({shape: options}, **changes)
    return profiles.between(small.net(), SEEN, way, entry, DECAY, memory)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_point_is_a_net_whose_statistics_are_measured_anew(shape):
    found = profile(shape)

    ts = np.linspace(0, 1, 4)
    assert np.array_equal(found["t"], ts)
    for t, row in zip(ts, measured(found), strict=True):
        assert row.tolist() == pytest.approx(expected(by_hand(shape, t)), rel=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_norms_lengths_and_the_regularised_loss_are_of_learnt_weights(shape):
    found = profile(shape)

    points = [by_hand(shape, t)[:138].cpu().numpy() for t in found["t"]]
    norms = [np.linalg.norm(point) for point in points]
    steps = [np.linalg.norm(points[k + 1] - points[k]) for k in range(3)]
    regularised = found["train_loss"] + DECAY / 2 * np.square(norms)
    assert found["weight_norm"] == pytest.approx(norms)
    assert found["length"] == pytest.approx(np.cumsum([0, *steps]))
    assert found["regularised_loss"] == pytest.approx(regularised)
    assert found["distance"] == pytest.approx(np.linalg.norm(points[0] - points[3]))


def test_a_chain_that_is_measured_at_its_bends_is_as_long_as_its_parts():
    corners = [ENDS[0], *BENDS, ENDS[1]]
    parts = [(corners[k + 1] - corners[k])[:138].norm().item() for k in range(3)]

    found = profile("polychain", points=7)

    assert found["length"][[0, 2, 4, 6]] == pytest.approx(np.cumsum([0, *parts]))


def test_nets_of_the_curve_vote_with_the_first_and_among_themselves():
    found = profile("bezier", points=3, ensemble=4)

    labels = SEEN.test.labels.cpu().numpy()
    votes = [softmax(net_at(by_hand("bezier", t))) for t in (0, 0.5, 1)]
    pairs = [100 * np.mean((votes[0] + vote).argmax(1) != labels) for vote in votes]
    everyone = sum(softmax(net_at(by_hand("bezier", k / 3))) for k in range(4))
    apart = [100 * np.mean(votes[0].argmax(1) != vote.argmax(1)) for vote in votes]
    assert found["pair_error"] == pytest.approx(pairs)
    assert found["disagreement"] == pytest.approx(apart)
    error = 100 * np.mean(everyone.argmax(1) != labels)
    assert found["ensemble_error"] == pytest.approx(error)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ({"segment": {}}, [0, 1]),
        ({"bezier": {"bends": 3}}, [0, 1]),
        ({"shrinking": {}}, [0, 1]),
        ({"polychain": {"bends": 1}}, [0, 0.5, 1]),
        ({"polychain": {"bends": 3}}, [0, 0.25, 0.5, 0.75, 1]),
    ],
)
def test_marks_are_where_a_curve_meets_its_control_points(shape, expected):
    assert profiles.marks(shape).tolist() == expected


def test_a_trivial_curve_keeps_the_errors_of_its_ends():
    net = small.chain()
    ends = small.numbers(2, 89, seed=1)
    way = profiles.way(net, {"shrinking": {}}, ends, [])
    entry = curve({"shrinking": {}}, points=5)

    found = profiles.between(net, SEEN, way, entry, DECAY, NOTHING)

    errors = found["test_error"]
    assert errors[0] == errors[1] != errors[3] == errors[4]
    assert found["train_loss"][2] == pytest.approx(np.log(3))
    assert found["pair_error"][1] == errors[0]


def test_a_net_without_a_trivial_curve_is_refused():
    net = nn.Sequential(nn.Flatten(), nn.Linear(32, 4), nn.Tanh(), nn.Linear(4, 3))
    ends = small.numbers(2, 147, seed=1)
    way = profiles.way(net.double(), {"shrinking": {}}, ends, [])

    with pytest.raises(ArithmeticError, match="no chain of ReLU layers"):
        profiles.between(net, SEEN, way, curve({"shrinking": {}}), DECAY, NOTHING)


def test_a_chain_leads_through_members_and_counts_them():
    members = torch.cat([ENDS, BENDS[:1]])

    found = profiles.through(
        small.net(), SEEN, members, curve({"members": {}}, points=3), DECAY, NOTHING
    )

    assert found["t"].tolist() == [0, 0.5, 1, 1.5, 2]
    assert found["marks"].tolist() == [0, 1, 2]
    for t, row in zip(found["t"], measured(found), strict=True):
        vector = mixed([0, 1, 2], members, t)
        assert row.tolist() == pytest.approx(expected(vector), rel=1e-12)
    corners = [members[k + 1] - members[k] for k in range(2)]
    parts = [corner[:138].norm().item() for corner in corners]
    assert found["length"][[0, 2, 4]] == pytest.approx([0, parts[0], sum(parts)])


def test_an_interrupted_profile_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(surface, "EVERY", -1)
    memory, taken = checkpoint.Checkpoint(tmp_path / "kept.safetensors"), []
    point = profiles.curves.point

    def stops_at_the_fifth(*arguments):
        taken.append(arguments)
        if len(taken) == 5:
            raise KeyboardInterrupt
        return point(*arguments)

    whole = profile("bezier")
    with monkeypatch.context() as patched:
        patched.setattr(profiles.curves, "point", stops_at_the_fifth)
        with pytest.raises(KeyboardInterrupt):
            profile("bezier", memory)
    assert len(memory.load()["values"]) == 4

    found = profile("bezier", memory)

    assert found.keys() == whole.keys()
    for name, part in whole.items():
        assert found[name].tobytes() == part.tobytes()


class OfItsBatch(nn.Module):
    """Centres images by their batch, whatever it is: no point has one loss."""

    def __init__(self) -> None:
        super().__init__()
        self.last = nn.Linear(32, 3)

    def forward(self, images):
        flat = images.flatten(1)
        return self.last(flat - flat.mean(0))


def test_a_first_point_that_an_ordinary_pass_does_not_confirm_is_refused():
    net, ends = OfItsBatch().double(), small.numbers(2, 99)
    way = profiles.way(net, {"segment": {}}, ends, [])

    with pytest.raises(ArithmeticError, match="first point of the curve"):
        profiles.between(net, SEEN, way, curve({"segment": {}}), DECAY, NOTHING)


def test_training_images_are_augmented_once_and_for_all_where_that_is_asked():
    recipe = {"augmentation": {"pad": 2, "flip": True}}
    plain, moved, again = (
        profiles.seen(SEEN, curve({}, augmented=asked), recipe)
        for asked in (False, True, True)
    )

    lot = torch.Generator(SEEN.black.device).manual_seed(0)
    images = SEEN.train.images
    by_data = data.crop_and_flip(images, 2, SEEN.black, lot, True)
    assert torch.equal(plain.train.images, images)
    assert torch.equal(moved.train.images, by_data)
    assert torch.equal(moved.train.images, again.train.images)
    assert not torch.equal(moved.train.images, images)
    assert torch.equal(moved.train.labels, SEEN.train.labels)
    assert torch.equal(moved.test.images, SEEN.test.images)


def test_a_profile_may_be_of_fewer_images_and_says_so():
    entry = curve({}, images={"train": 20, "test": 10, "seed": 3})

    found = profiles.seen(SEEN, entry, {})

    terms = profiles.terms(entry, found, DECAY)
    assert len(found.train.labels) == terms["train_images"] == 20
    assert len(found.test.labels) == terms["test_images"] == 10
    assert (terms["augmented"], terms["weight_decay"]) == (False, DECAY)
    assert (terms["precision"], terms["batchnorm"]) == ("float64", "re-estimated")
