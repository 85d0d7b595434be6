"""What arithmetic below float32 costs: sampled points measured again, and the limit."""

import numpy as np
import pytest
import torch

import small
from losslandscape import landscape, precision, store, weights

POINTS = np.linspace(-1, 1, 9)[:, None]
EXACT = {"float32": 1.0, "float64": 1.0 + 1e-6}


def choice(**how) -> dict:
    return {"bfloat16": {"limit": 0.1, "sample": 4, "seed": 0} | how}


def errors(values: dict, how: dict) -> dict:
    """The errors of values where the train loss is 2 + x, and the test loss 4."""

    def engine(kind):
        return lambda x: torch.tensor([2 + x, 0, 4, 0]).double() * EXACT[kind]

    return precision.errors(how, engine, lambda p: p[0], POINTS, values)


def measured(off: float) -> dict:
    x = POINTS[:, 0]
    return {"train_loss": (2 + x) * (1 + off), "test_loss": np.full(len(x), 4.0)}


@pytest.mark.parametrize("off", [-0.05, 0.08])
def test_the_largest_relative_difference_is_told(off):
    found = errors(measured(off), choice())

    assert found["precision_error"] == pytest.approx(abs(off))
    assert found["float32_error"] == pytest.approx(1e-6, rel=1e-3)
    assert found["precision_sample"] == 4


def test_every_point_may_be_in_the_sample():
    values = measured(0)
    values["test_loss"][5] *= 1.07

    found = errors(values, choice(sample=100))

    assert found["precision_error"] == pytest.approx(0.07)
    assert found["precision_sample"] == 9


def test_another_seed_draws_another_sample():
    values = measured(0)
    values["test_loss"] *= 1 + 0.01 * np.arange(9) ** 2 / 81

    found = {errors(values, choice(seed=s))["precision_error"] for s in range(9)}

    assert len(found) > 1


def test_more_than_the_limit_is_refused_in_words():
    with pytest.raises(ArithmeticError, match=r"0\.11 of its size off .* limit of 0.1"):
        errors(measured(0.11), choice())


def test_what_is_not_a_number_on_one_side_alone_is_refused():
    values = measured(0)
    values["train_loss"][:] = np.nan

    with pytest.raises(ArithmeticError, match="nan of its size"):
        errors(values, choice())


def test_losses_that_are_not_finite_on_both_sides_are_the_same():
    assert precision._apart(np.array([np.inf, 2.0]), np.array([np.inf, 1.0])) == 1
    assert precision._apart(np.array([np.nan]), np.array([np.inf])) == 0


def test_losses_of_nought_may_be_compared():
    assert precision._apart(np.zeros(2), np.zeros(2)) == 0
    assert precision._apart(np.array([1e-7]), np.zeros(1)) == pytest.approx(0.1)


def test_float32_itself_is_not_measured_again():
    assert errors(measured(0.5), {"float32": {}}) == {}
    assert precision.limit({"float32": {}}) == 0


def test_a_whole_is_as_good_as_its_worst_part():
    parts = [
        {"precision_error": 0.1, "precision_sample": 4, "float32_error": 1e-6},
        {"precision_error": 0.2, "precision_sample": 3, "float32_error": 1e-7},
    ]

    assert precision.worst(parts) == {
        "precision_error": 0.2,
        "precision_sample": 7,
        "float32_error": 1e-6,
    }
    assert precision.worst([{"centre": 1}]) == {}


@pytest.mark.parametrize("kind", ["tf32", "float32"])
def test_tf32_is_for_statistics_and_measures_and_nothing_after(monkeypatch, kind):
    seen = []

    def watched(*how):
        def noted(vector):
            flags = torch.backends.cuda.matmul, torch.backends.cudnn
            seen.append({flag.allow_tf32 for flag in flags})
            return vector if how[0] == "re-estimated" else torch.zeros(4)

        return noted

    monkeypatch.setattr(landscape.batchnorm, "statistics", watched)
    monkeypatch.setattr(landscape.losses, "measures", watched)
    before = torch.backends.cudnn.allow_tf32

    landscape.engine(small.net(), small.seen(), "re-estimated", kind)(torch.ones(2))

    assert seen == [{kind == "tf32"}] * 2
    assert torch.backends.cudnn.allow_tf32 == before


@pytest.mark.parametrize("kind", ["bfloat16", "float64"])
def test_the_engine_computes_in_the_precision_that_is_asked_for(kind):
    net, seen = small.net().float(), small.seen(train=200)
    seen = seen._replace(
        train=seen.train._replace(images=seen.train.images.float()),
        test=seen.test._replace(images=seen.test.images.float()),
    )
    vector = weights.flatten(net)

    found = landscape.engine(net, seen, "frozen", kind)(vector)

    weights.assign(vector, net)
    same = seen.train._replace(images=seen.train.images.double())
    exact = small.classified(net.double(), same)[0]
    off = abs(found[0].item() / exact - 1)
    # A part in 2^8 or 2^53.
    assert (1e-5 < off < 0.02) if kind == "bfloat16" else off < 1e-13
    single = landscape.engine(small.net().float(), seen, "frozen")(vector)[0].item()
    assert found[0].item() != single


def test_landscapes_name_their_precision_and_take_its_limit_at_the_centre():
    net, seen = small.net().float(), small.seen()
    seen = seen._replace(
        train=seen.train._replace(images=seen.train.images.float()),
        test=seen.test._replace(images=seen.test.images.float()),
    )
    plane = {
        "batchnorm": "frozen",
        "images": {},
        "directions": {"random": {}},
    }
    origin = weights.flatten(net)

    _, terms = landscape.of(net, seen, origin, plane, choice(limit=0.05))

    assert terms["precision"] == "bfloat16"
    assert terms["precision_limit"] == 0.05
    with pytest.raises(ArithmeticError, match="at the centre"):
        landscape.of(net, seen, origin, plane, choice(limit=1e-5))


@pytest.mark.parametrize("name", ["between/line.h5", "components/surface.h5"])
def test_artifacts_below_float32_say_how_far_off_they_are(smoke, name):
    (path,) = (smoke.folder / "results" / "smoke").rglob(name)

    terms = store.attributes(path)

    assert terms["precision"] == "bfloat16"
    assert terms["precision_limit"] == 0.5
    assert 1e-5 < terms["precision_error"] < 0.5
    assert 0 < terms["float32_error"] < 1e-3
    assert terms["precision_sample"] == 4


def test_other_artifacts_are_in_float32(smoke):
    (path,) = (smoke.folder / "results" / "smoke").rglob(
        "resnet8/sgd-seed0/fine/surface.h5"
    )

    terms = store.attributes(path)

    assert terms["precision"] == "float32"
    assert "precision_error" not in terms
