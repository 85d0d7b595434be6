"""Axes by name against the directions they are named for, and against geometry."""

import json

import numpy as np
import pytest
import torch

import small
from losslandscape import directions, named_axes, norms, weights

RANDOM = {"seed": 3, "normalise": "filter", "ignore": "biasbn", "of": "weights"}
PRINCIPAL = {"index": 0, "ignore": "nothing", "of": "weights"}
NET = small.net()
ORIGIN = weights.named(weights.flatten(NET), NET)
BUFFERS = weights.buffers(NET)
START = directions.Start(ORIGIN, BUFFERS)
NOTHING = directions.Leads([], {}, {})
OTHERS = [weights.named(small.numbers(152, seed=seed), NET) for seed in (7, 8)]


def gradient(normalise: str = "unit") -> dict:
    return {"gradient": {"tensors": "all", "normalise": normalise}}


def vectors(*seeds: int) -> dict:
    """Measured vectors of noise, which leave statistics in place."""
    drawn = torch.stack([small.numbers(152, seed=seed) for seed in seeds])
    drawn[:, weights.count(NET) :] = 0
    return weights.named(drawn, NET)


def span(*axes: dict, kind: str = "axes", way: dict | None = None, measured=None):
    """The directions of some axes."""
    ends = [OTHERS[k] for k in range(sum("run" in axis for axis in axes))]
    leads = directions.Leads(ends, way or {}, measured or {})
    return named_axes.span(START, len(axes), {kind: list(axes)}, leads)


def flat(parts: dict) -> np.ndarray:
    """Directions as rows (k, n)."""
    return weights.joined(parts, NET).numpy()


def test_each_axis_is_what_it_is_named_for_in_its_order():
    axes = [{"run": "b"}, {"random": RANDOM}, gradient("none"), {"run": "c"}]
    measured = vectors(5)

    found = flat(span(*axes, measured=measured))

    one = directions.drawn(START, 1, **RANDOM)
    to = [directions.difference(ORIGIN, BUFFERS, [end], "weights") for end in OTHERS]
    expected = [flat(part)[0] for part in (to[0], one, measured, to[1])]
    assert np.array_equal(found, np.stack(expected))


def test_directions_of_one_kind_are_what_they_were():
    choice = {"random": RANDOM}

    found = named_axes.span(START, 2, choice, NOTHING)

    expected = directions.span(START, 2, choice, NOTHING)
    assert np.array_equal(flat(found), flat(expected))
    assert named_axes.told(choice, found) == {}


@pytest.mark.parametrize("choice", [{"axes": [{"random": RANDOM}]}, {"random": RANDOM}])
def test_what_is_frozen_stays_on_random_axes_and_the_rest_goes_as_ever(choice):
    name = next(name for name, part in ORIGIN.items() if part.ndim > 1)
    found = named_axes.span(START._replace(frozen={name}), 1, choice, NOTHING)

    free = named_axes.span(START, 1, choice, NOTHING)
    assert not found[name].any()
    assert free[name].any()
    assert all(np.array_equal(found[k], free[k]) for k in ORIGIN if k != name)


@pytest.mark.parametrize("index", [0, 1, 3])
def test_a_component_is_the_one_of_its_index(index):
    points = torch.stack([small.numbers(152, seed=seed) for seed in range(6)])
    way = weights.named(points, NET)

    (found,) = flat(span({"principal": PRINCIPAL | {"index": index}}, way=way))

    moved = points.numpy()[:, : weights.count(NET)]
    centred = moved - moved.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    reach = np.abs((moved - moved[-1]) @ axes[index]).max()
    ours = found[: weights.count(NET)]
    assert np.abs(ours @ axes[index]) == pytest.approx(reach, rel=1e-9)
    assert np.linalg.norm(ours) == pytest.approx(reach, rel=1e-9)


@pytest.mark.parametrize("how", ["unit", "whole", "none"])
def test_a_length_of_the_whole_leaves_the_way_an_axis_leads(how):
    measured = vectors(5)
    raw, origin = flat(measured)[0], weights.flatten(NET).numpy()

    (found,) = flat(span(gradient(how), measured=measured))

    learnt = origin[: weights.count(NET)]
    length = {"unit": 1, "whole": np.linalg.norm(learnt), "none": np.linalg.norm(raw)}
    assert np.linalg.norm(found) == pytest.approx(length[how])
    assert found @ raw == pytest.approx(np.linalg.norm(found) * np.linalg.norm(raw))


@pytest.mark.parametrize("how", ["layer", "filter"])
def test_layers_and_filters_get_the_norms_of_the_weights(how):
    found = span(gradient(how), measured=vectors(5))

    for name, (part,) in found.items():
        if name not in BUFFERS:
            weight = ORIGIN[name]
            by = norms.of_filters if how == "filter" else np.linalg.norm
            assert by(part) == pytest.approx(by(weight)), name


def test_orthogonal_axes_have_their_lengths_but_the_one_to_a_run_reaches_it():
    axes = [gradient(), {"random": RANDOM}, {"run": "b"}]

    plain = flat(span(*axes, measured=vectors(5)))
    turned = flat(span(*axes, kind="orthogonal", measured=vectors(5)))

    gram = turned @ turned.T
    lengths = np.sqrt(np.diag(gram))
    assert np.allclose(gram / np.outer(lengths, lengths), np.eye(3), atol=1e-12)
    assert np.array_equal(turned[0], plain[0])
    assert lengths[1] == pytest.approx(np.linalg.norm(plain[1]))
    # The axes span the same, and the run is at 1 along the last.
    there = np.linalg.lstsq(turned.T, plain[2])[0]
    assert there @ turned == pytest.approx(plain[2])
    assert there[2] == pytest.approx(1)


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ([{"random": RANDOM}, {"random": RANDOM}], "random, random span less than 2"),
        ([gradient()], "'gradient' has length 0"),
    ],
)
def test_axes_that_span_too_little_are_refused(axes, said):
    nothing = {name: part * 0 for name, part in vectors(5).items()}

    with pytest.raises(ValueError, match=said):
        span(*axes, measured=nothing)


def test_what_is_told_of_axes_can_be_written_and_has_their_angles():
    axes = [gradient(), {"random": RANDOM}]
    found = span(*axes, measured=vectors(5))

    told = named_axes.told({"axes": axes}, found, [{"norm": 2.5}])

    assert json.loads(json.dumps(told)) == told
    assert told["axes"] == [axes[0] | {"norm": 2.5}, axes[1]]
    first, second = flat(found)
    cosine = first @ second / np.linalg.norm(first) / np.linalg.norm(second)
    assert told["angles"][0] == pytest.approx([0, np.degrees(np.arccos(cosine))])
