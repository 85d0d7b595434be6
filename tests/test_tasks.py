"""Tasks other than one class an example: against loops over examples in numpy."""

import numpy as np
import pytest
import torch
from torch import nn

import chores
import small
from losslandscape import data, losses, memory, tasks, weights


@pytest.fixture(params=chores.CASES)
def case(request, tmp_path):
    """The name of a case, its net, and its data."""
    return request.param, *chores.seen(request.param, tmp_path)


def test_measures_are_those_of_the_net_example_by_example(case):
    name, net, seen = case
    vector = weights.flatten(net)

    measured = losses.measures(net, seen.train, seen.test)(vector)

    splits = seen.train, seen.test
    expected = [chores.looped(name, net, part.images, part.labels) for part in splits]
    assert measured.tolist() == pytest.approx(np.concatenate(expected), rel=1e-12)
    assert (measured[:3] > 0).all()
    plainly = losses.plain(net, vector, seen)
    assert plainly == pytest.approx(measured.tolist(), rel=1e-12)
    found = losses.outputs(net, seen.train)(vector)
    scored = losses.scored(found, seen.train)
    assert scored.tolist() == pytest.approx(expected[0], rel=1e-12)


def test_plain_passes_give_the_same_of_more_than_a_hundred_examples():
    net, inputs, _ = chores.words()
    split = data.Split(inputs.repeat(18, 1)[:230], inputs.repeat(18, 1)[1:231])
    seen = data.Data(split, split, torch.zeros(1), 5)

    values = losses.plain(chores.drawn(net), weights.flatten(net), seen)

    expected = chores.looped("words", net, split.images, split.labels)
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


def test_batches_of_texts_are_as_small_as_their_outputs_are_many(monkeypatch):
    net, inputs, targets = chores.words()
    split = data.Split(inputs, targets)
    monkeypatch.setattr(losses, "GRAPH", dict.fromkeys(losses.GRAPH, 35))

    few = len(losses.parts(chores.drawn(net), split, set()))
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
    task = tasks.of(chores.own(tmp_path, loss=name))

    with pytest.raises(
        ValueError, match=rf"task.py: {name} gives .* \(6, 2\): it must"
    ):
        task.loss(small.numbers(6, 2), small.numbers(6, 2), "sum")


@pytest.mark.parametrize(
    "shapes", [((6, 1), (6,)), ((6,), (6, 1)), ((6, 1, 4), (6, 4))]
)
def test_functions_get_targets_in_the_shape_of_outputs(tmp_path, shapes):
    outputs, targets = (small.numbers(*s, seed=i) for i, s in enumerate(shapes))
    task = tasks.of(chores.own(tmp_path))

    found = task.loss(outputs, targets, "mean").item()

    apart = zip(outputs.flatten().tolist(), targets.flatten().tolist(), strict=True)
    expected = [abs(output - target) ** 3 for output, target in apart]
    assert found == pytest.approx(np.mean(expected), rel=1e-12)
    assert task.loss(outputs, outputs.reshape(targets.shape), "mean") == 0


@pytest.mark.parametrize(
    ("name", "shapes"),
    [("squeezed", ((6, 1), (6,))), ("at_most", ((6, 9), (6,)))],
)
def test_values_that_were_broadcast_are_refused(tmp_path, name, shapes):
    outputs, targets = (small.numbers(*shape) for shape in shapes)
    task = tasks.of(chores.own(tmp_path, measure=name))

    with pytest.raises(ValueError, match=rf"{name} gives \(6, 6\) .* broadcast\?$"):
        task.measure(outputs, targets)


def test_values_may_lack_axes_of_the_outputs(tmp_path):
    outputs, masks = small.numbers(6, 3, 4, 5), small.numbers(6, 1, 4, 5)
    loss = tasks.of(chores.own(tmp_path, loss="of_rows")).loss

    assert torch.allclose(loss(outputs, masks, "none"), outputs.mean((1, 2, 3)))
    assert torch.allclose(
        loss(outputs[..., 0], masks, "sum"), outputs[..., 0].mean((1, 2)).sum()
    )


def test_an_error_in_a_function_is_one_sentence_with_its_line(tmp_path):
    task = tasks.of(chores.own(tmp_path, loss="apart"))
    line = 1 + chores.OWN.splitlines().index("    return outputs @ targets")

    with pytest.raises(ValueError, match=r"task.py: apart fails: Runtime") as refused:
        task.loss(small.numbers(6, 2), small.numbers(6, 2), "sum")

    assert str(refused.value).endswith(f" (in line {line})")


def test_what_others_act_on_is_passed_on_as_it_is(tmp_path, monkeypatch):
    full, apart = (
        tasks.of(chores.own(tmp_path, loss=name)).loss for name in ("full", "apart")
    )
    both = small.numbers(6, 2), small.numbers(6, 2)

    with pytest.raises(torch.OutOfMemoryError, match=r"^CUDA out of memory$"):
        full(*both, "sum")
    monkeypatch.setattr(memory, "is_capturing", lambda: True)
    with pytest.raises(RuntimeError, match=r"\(6x2 and 6x2\)$"):
        apart(*both, "sum")


def test_an_unknown_function_is_named(tmp_path):
    with pytest.raises(ValueError, match="has no 'squared'; it has cubed, far_off"):
        tasks.of(chores.own(tmp_path, loss="squared"))


def test_a_file_that_was_edited_since_the_data_were_stored_is_refused(tmp_path):
    choice = chores.own(tmp_path)
    choice["own"]["code"] = "0" * 16

    with pytest.raises(ValueError, match=r"task.py is not what it was"):
        tasks.of(choice)


def test_votes_are_for_one_class_an_example():
    labels = torch.zeros(4, dtype=torch.int64)

    assert tasks.of_classes(tasks.CLASSIFICATION, labels)
    assert not tasks.of_classes(tasks.CLASSIFICATION, labels[:, None])
    assert not tasks.of_classes(tasks.of({"regression": {}}), labels)
