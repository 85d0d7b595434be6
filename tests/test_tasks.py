"""Tasks other than one class an example: against loops over examples in numpy."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.func import grad, hessian

import small
import trainings
from losslandscape import data, losses, surface, tasks, train, weights
from losslandscape import hessian as operators

OWN = """
import torch


def cubed(outputs, targets):
    return (outputs - targets).abs() ** 3


def far_off(outputs, targets):
    return ((outputs - targets).abs() > 1).flatten(1).all(1)


def total(outputs, targets):
    return (outputs - targets).sum()


def number(outputs, targets):
    return 1.0
"""


class Words(nn.Module):
    """A language model of 96 weights: words (n, t) to scores (n, t, 5)."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(5, 4)
        self.mixed = nn.Linear(4, 4)
        self.scores = nn.Linear(4, 5)

    def forward(self, words: Tensor) -> Tensor:
        """Each word with the mean of those up to it."""
        known = self.words(words).cumsum(1)
        places = torch.arange(1, words.shape[1] + 1, device=words.device)
        return self.scores(torch.tanh(self.mixed(known / places[:, None])))


def drawn(net: nn.Module) -> nn.Module:
    """The net in float64, its weights of noise."""
    net.double().eval()
    weights.assign(small.numbers(weights.flatten(net).numel()) / 2, net)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_var.abs_().add_(0.5)
    return net


def numbers() -> tuple[nn.Module, Tensor, Tensor]:
    """Features (n, 3) to two numbers (n, 2)."""
    net = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 2))
    return net, small.numbers(23, 3), small.numbers(23, 2, seed=1)


def masks() -> tuple[nn.Module, Tensor, Tensor]:
    """Images (n, 2, 4, 5) to a class of three for each pixel (n, 4, 5)."""
    net = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU())
    net.append(nn.Conv2d(3, 3, 1))
    labels = np.random.default_rng(0).integers(0, 3, (11, 4, 5))
    return net, small.numbers(11, 2, 4, 5), torch.as_tensor(labels)


def words() -> tuple[nn.Module, Tensor, Tensor]:
    """Words (n, 7) to the word after each."""
    text = torch.as_tensor(np.random.default_rng(0).integers(0, 5, (13, 8)))
    return Words(), text[:, :-1].contiguous(), text[:, 1:].contiguous()


def own(tmp_path, loss="cubed", measure="far_off") -> dict:
    path = tmp_path / "task.py"
    path.write_text(OWN)
    return {"own": {"file": str(path), "loss": loss, "measure": measure, "unit": "m"}}


def each_class(scores: np.ndarray, label: int) -> tuple[float, float]:
    return np.log(np.exp(scores).sum()) - scores[label], 100 * (
        scores.argmax() != label
    )


def each_number(found: float, target: float) -> tuple[float, float]:
    return (found - target) ** 2, abs(found - target)


def looped(case: str, net: nn.Module, inputs: Tensor, targets: Tensor) -> np.ndarray:
    """The mean loss and measure, element by element and example by example."""
    rows = []
    for one, target in zip(inputs, targets.cpu().numpy(), strict=True):
        found = net(one[None])[0].detach().cpu().numpy()
        if case == "masks":
            found = found.transpose(1, 2, 0)
        if case == "own":
            apart = abs(found - target)
            rows.append(((apart**3).mean(), float((apart > 1).all())))
            continue
        each = each_number if case == "numbers" else each_class
        places = [*np.ndindex(target.shape)]
        rows.append(np.mean([each(found[at], target[at]) for at in places], axis=0))
    return np.mean(rows, axis=0)


CASES = {
    "numbers": (numbers, {"regression": {}}),
    "masks": (masks, {"classification": {}}),
    "words": (words, {"classification": {}}),
    "own": (numbers, None),
}


@pytest.fixture(params=CASES)
def case(request, tmp_path):
    """The name of a case, its net, and its data: all but five to train on."""
    made, choice = CASES[request.param]
    net, inputs, targets = made()
    task = tasks.of(choice or own(tmp_path))
    splits = [
        data.Split(inputs[s], targets[s], task) for s in (slice(5), slice(5, None))
    ]
    loaded = data.Data(splits[1], splits[0], torch.zeros(2), 5)
    return request.param, drawn(net), loaded


def test_measures_are_those_of_the_net_example_by_example(case):
    name, net, seen = case
    vector = weights.flatten(net)

    measured = losses.measures(net, seen.train, seen.test)(vector)

    splits = seen.train, seen.test
    expected = [looped(name, net, part.images, part.labels) for part in splits]
    assert measured.tolist() == pytest.approx(np.concatenate(expected), rel=1e-12)
    assert (measured[:3] > 0).all()
    plainly = losses.plain(net, vector, seen)
    assert plainly == pytest.approx(measured.tolist(), rel=1e-12)
    found = losses.outputs(net, seen.train)(vector)
    scored = losses.scored(found, seen.train)
    assert scored.tolist() == pytest.approx(expected[0], rel=1e-12)


def test_plain_passes_give_the_same_of_more_than_a_hundred_examples():
    net, inputs, _ = words()
    split = data.Split(inputs.repeat(18, 1)[:230], inputs.repeat(18, 1)[1:231])
    seen = data.Data(split, split, torch.zeros(1), 5)

    values = losses.plain(drawn(net), weights.flatten(net), seen)

    expected = looped("words", net, split.images, split.labels)
    assert values == pytest.approx([*expected, *expected], rel=1e-12)


def test_the_size_of_batches_does_not_matter(case, monkeypatch):
    _, net, seen = case
    vector = weights.flatten(net)
    whole = losses.score(net, seen.train)(vector)
    monkeypatch.setattr(losses, "PIXELS", dict.fromkeys(losses.PIXELS, 1))
    monkeypatch.setattr(losses, "GRAPH", dict.fromkeys(losses.GRAPH, 30))

    pieces = losses.score(net, seen.train)(vector)
    parts = losses.parts(net, seen.train, set())

    assert pieces.tolist() == pytest.approx(whole.tolist(), rel=1e-12)
    assert len(parts) > 1
    total = sum(part(vector).item() for part in parts)
    assert total == pytest.approx(whole[0].item(), rel=1e-12)


def test_products_are_those_of_the_matrix_of_second_derivatives(case):
    name, net, seen = case
    vector = weights.flatten(net)

    product = operators.operator(net, seen.train, "all")(vector)

    count = weights.count(net)

    def mean(at: Tensor) -> Tensor:
        state = weights.parameters(at, net)
        found = torch.func.functional_call(net, state, (seen.train.images,))
        return written_out(name, found, seen.train.labels)

    matrix = hessian(mean)(vector[:count])
    along = small.numbers(count, seed=3)
    assert torch.allclose(product(along), matrix @ along, rtol=1e-8, atol=1e-10)
    assert matrix.abs().max() > 1e-3


def written_out(name: str, found: Tensor, targets: Tensor) -> Tensor:
    """The mean loss once more, in one line a case."""
    if name == "numbers":
        return ((found - targets) ** 2).sum() / targets.numel()
    if name == "own":
        return ((found - targets) ** 2).pow(1.5).sum() / targets.numel()
    rows = found.movedim(1, -1) if name == "masks" else found
    right = rows.gather(-1, targets[..., None])[..., 0]
    return (rows.exp().sum(-1).log() - right).sum() / targets.numel()


def test_steps_of_training_follow_the_gradient_of_the_mean_loss(case):
    name, net, seen = case
    net.float()
    splits = (
        part._replace(images=single(part.images), labels=single(part.labels))
        for part in seen[:2]
    )
    seen = data.Data(*splits, *seen[2:])
    plain = {"sgd": {"learning_rate": 0.1, "momentum": 0.0, "nesterov": False}}
    options = trainings.recipe(epochs=2, optimiser=plain)
    before = weights.flatten(net).double()

    vector, history = train.run(net, seen, options, 0, trainings.NOTHING)

    expected = before[: weights.count(net)]
    if name != "masks":  # batch norm in training is another function
        for _ in range(2):
            expected = expected - 0.1 * slope(name, net, seen.train, expected)
        found = vector[: weights.count(net)].double()
        assert torch.allclose(found, expected, rtol=1e-4, atol=1e-5)
    assert history[-1]["train_loss"] < history[0]["train_loss"]


def single(values: Tensor) -> Tensor:
    return values.float() if values.is_floating_point() else values


def slope(name: str, net: nn.Module, split: data.Split, at: Tensor) -> Tensor:
    def mean(vector: Tensor) -> Tensor:
        state = weights.unflatten(vector, net)
        images = data.exact(split.images)
        return written_out(
            name, torch.func.functional_call(net, state, (images,)), split.labels
        )

    return grad(mean)(at)


def test_a_surface_is_that_of_nets_with_these_weights(case):
    name, net, seen = case
    origin = weights.flatten(net)
    span = small.numbers(1, len(origin), seed=4) / 10
    span[:, weights.count(net) :] = 0
    points = np.array([[-1.0], [0.0], [2.0]])
    loss = losses.measures(net, seen.train, seen.test)

    values = surface.measure(loss, origin, span, points, trainings.NOTHING)

    for row, (step,) in enumerate(points):
        weights.assign(origin + step * span[0], net)
        expected = looped(name, net, seen.test.images, seen.test.labels)
        found = values["test_loss"][row], values["test_error"][row]
        assert found == pytest.approx(expected, rel=1e-10)


def test_batches_of_texts_are_as_small_as_their_outputs_are_many(monkeypatch):
    net, inputs, targets = words()
    split = data.Split(inputs, targets)
    monkeypatch.setattr(losses, "GRAPH", dict.fromkeys(losses.GRAPH, 35))

    few = len(losses.parts(drawn(net), split, set()))
    monkeypatch.setattr(losses, "OUTPUTS", 1)
    many = len(losses.parts(net, split, set()))

    # 7 words of a text, or 7 times 5 outputs.
    assert (few, many) == (3, 13)


def test_one_class_an_example_is_scored_as_torch_does_to_the_bit():
    logits, labels = small.numbers(40, 3).float(), small.split(40).labels
    task = tasks.of({"classification": {}})

    for reduction in ("none", "sum", "mean"):
        expected = nn.functional.cross_entropy(logits, labels, reduction=reduction)
        assert torch.equal(task.loss(logits, labels, reduction), expected)
    assert torch.equal(task.measure(logits, labels), logits.argmax(1) != labels)


def test_classes_are_found_on_axis_one_and_at_the_end():
    scores = small.numbers(6, 4, 5)
    labels = scores.argmax(-1)
    measure = tasks.CLASSIFICATION.measure

    assert not measure(scores, labels).any()
    assert not measure(scores.movedim(-1, 1), labels).any()
    with pytest.raises(
        ValueError, match=r"\(6, 4, 4\) and classes \(6, 4\) fit in two"
    ):
        measure(scores[..., :4], labels)
    with pytest.raises(
        ValueError, match=r"\(6, 4, 5\) and classes \(6, 3\) do not fit"
    ):
        measure(scores, labels[:, :3])


def test_numbers_of_other_shapes_are_refused_and_never_spread():
    loss = tasks.of({"regression": {}}).loss
    column, row = small.numbers(6, 1), small.numbers(6, seed=1)

    assert loss(column, row, "mean") == ((column[:, 0] - row) ** 2).mean()
    with pytest.raises(ValueError, match=r"outputs are \(6, 2\), but targets \(6,\)"):
        loss(small.numbers(6, 2), row, "mean")


@pytest.mark.parametrize("name", ["total", "number"])
def test_a_function_without_a_number_for_each_example_is_refused(tmp_path, name):
    task = tasks.of(own(tmp_path, loss=name))

    with pytest.raises(ValueError, match=rf"task.py: {name} gives .* for 6 examples"):
        task.loss(small.numbers(6, 2), small.numbers(6, 2), "sum")


def test_an_unknown_function_is_named(tmp_path):
    with pytest.raises(ValueError, match="has no 'squared'; it has cubed, far_off"):
        tasks.of(own(tmp_path, loss="squared"))


def test_a_file_that_was_edited_since_the_data_were_stored_is_refused(tmp_path):
    choice = own(tmp_path)
    choice["own"]["code"] = "0" * 16

    with pytest.raises(ValueError, match=r"task.py is not what it was"):
        tasks.of(choice)


def test_votes_are_for_one_class_an_example():
    labels = torch.zeros(4, dtype=torch.int64)

    assert tasks.of_classes(tasks.CLASSIFICATION, labels)
    assert not tasks.of_classes(tasks.CLASSIFICATION, labels[:, None])
    assert not tasks.of_classes(tasks.of({"regression": {}}), labels)
