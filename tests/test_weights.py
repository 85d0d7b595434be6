"""The flat vector of a net against its tensors one by one, and files against both."""

import copy

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

import small
from losslandscape import resnet, weights

SHAPES = {
    "0.weight": (3, 2, 3, 3),
    "0.bias": (3,),
    "1.weight": (3,),
    "1.bias": (3,),
    "4.weight": (4, 12),
    "4.bias": (4,),
    "5.weight": (4,),
    "5.bias": (4,),
    "7.weight": (3, 4),
    "7.bias": (3,),
    "1.running_mean": (3,),
    "1.running_var": (3,),
    "5.running_mean": (4,),
    "5.running_var": (4,),
}


def test_the_vector_is_all_parameters_and_then_the_statistics():
    net = small.net()
    state = net.state_dict()

    vector = weights.flatten(net)

    expected = np.concatenate([state[name].cpu().numpy().ravel() for name in SHAPES])
    assert np.array_equal(vector.cpu(), expected)
    assert list(weights.tensors(net)) == list(SHAPES)
    assert weights.count(net) == sum(p.numel() for p in net.parameters()) == 138


def test_counters_of_batches_are_not_part_of_the_vector():
    net = small.net()
    before = weights.flatten(net)

    net[1].num_batches_tracked += 5

    assert torch.equal(weights.flatten(net), before)


def test_the_vector_is_a_copy():
    net = small.net()
    before = copy.deepcopy(net.state_dict())

    weights.flatten(net).zero_()

    assert all(torch.equal(before[name], net.state_dict()[name]) for name in before)


@pytest.mark.parametrize("lead", [(), (2,), (2, 3)])
def test_every_number_of_a_vector_has_its_place_in_a_tensor(lead):
    vector = small.numbers(*lead, 152)

    parts = weights.unflatten(vector, small.net())

    start = 0
    flat = vector.cpu().numpy()
    for name, shape in SHAPES.items():
        stop = start + int(np.prod(shape))
        expected = flat[..., start:stop].reshape(*lead, *shape)
        assert np.array_equal(parts[name].cpu(), expected)
        start = stop
    assert start == 152


def test_tensors_of_a_vector_are_views():
    vector = small.numbers(152)

    weights.unflatten(vector, small.net())["1.running_mean"].zero_()

    assert (vector == 0).nonzero().flatten().tolist() == [138, 139, 140]


def test_a_vector_makes_another_net_the_same():
    net, other = small.net(seed=1), small.net(seed=2)
    images = small.split(5).images

    weights.assign(weights.flatten(net), other)

    assert torch.equal(other(images), net(images))
    assert torch.equal(weights.flatten(other), weights.flatten(net))
    assert all(parameter.requires_grad for parameter in other.parameters())


def test_the_layout_in_memory_does_not_matter():
    net = resnet.ResNet(depth=8, channels=1, size=8, classes=10)
    before = weights.flatten(net)

    weights.assign(before, net.to(memory_format=torch.channels_last))

    assert torch.equal(weights.flatten(net), before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("lead", [(), (1,), (2,), (2, 3)])
def test_what_is_saved_is_loaded_to_the_bit(tmp_path, lead, dtype):
    vector = small.numbers(*lead, 152).to(dtype)

    weights.save(tmp_path / "weights.safetensors", vector, small.net())
    loaded = weights.load(tmp_path / "weights.safetensors", small.net())

    assert loaded.dtype == dtype
    assert torch.equal(loaded, vector)


def test_infinite_and_undefined_weights_are_kept(tmp_path):
    vector = small.numbers(152)
    vector[:3] = torch.tensor([np.inf, -np.inf, np.nan])

    weights.save(tmp_path / "weights.safetensors", vector, small.net())
    loaded = weights.load(tmp_path / "weights.safetensors", small.net())

    assert torch.equal(loaded[:2], vector[:2])
    assert loaded[2].isnan()


def test_the_same_vector_gives_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        weights.save(tmp_path / name, small.numbers(2, 152), small.net())

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_torch_itself_can_load_a_saved_file(tmp_path):
    net, other = small.net(seed=1), small.net(seed=2)

    weights.save(tmp_path / "weights.safetensors", weights.flatten(net), net)
    other.load_state_dict(load_file(tmp_path / "weights.safetensors"), strict=True)

    images = small.split(5).images
    assert torch.equal(other(images), net(images))


def altered(path, change):
    """The file of a net after a change of its tensors."""
    weights.save(path, weights.flatten(small.net()), small.net())
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)
    return path


@pytest.mark.parametrize(
    ("lost", "strange"),
    [([], ["8.bias"]), (["7.weight"], []), (["1.bias", "7.weight"], ["8.bias"])],
)
def test_a_file_of_another_net_is_refused_with_all_names(tmp_path, lost, strange):
    def change(tensors):
        for name in lost:
            del tensors[name]
        tensors.update(dict.fromkeys(strange, torch.zeros(3)))

    path = altered(tmp_path / "weights.safetensors", change)

    with pytest.raises(ValueError, match="does not fit the net") as told:
        weights.load(path, small.net())

    assert str(path) in str(told.value)
    assert f"missing {lost}, not of the net {strange}" in str(told.value)


@pytest.mark.parametrize("name", ["0.weight", "4.weight", "5.running_var"])
@pytest.mark.parametrize("shape", [(9,), (2, 9), (7, 2, 3, 3), (1, 1, 1, 1, 9)])
def test_a_tensor_that_does_not_fit_is_refused_with_both_shapes(tmp_path, name, shape):
    path = altered(
        tmp_path / "weights.safetensors",
        lambda tensors: tensors.update({name: torch.zeros(shape)}),
    )

    with pytest.raises(ValueError, match="does not fit the net") as told:
        weights.load(path, small.net())

    assert str(path) in str(told.value)
    assert f"{name} has shape {shape}" in str(told.value)
    assert f"the net's has {SHAPES[name]}" in str(told.value)


@pytest.mark.parametrize("lead", [(3,), (1, 2), ()])
def test_a_tensor_of_another_number_of_vectors_is_refused(tmp_path, lead):
    path = tmp_path / "directions.safetensors"
    weights.save(path, small.numbers(2, 152), small.net())
    save_file(load_file(path) | {"7.bias": torch.zeros(*lead, 3)}, path)

    with pytest.raises(
        ValueError, match=r"directions.safetensors does not fit the net"
    ):
        weights.load(path, small.net())


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.7, 0.999])
def test_a_file_cut_short_is_refused_by_name(tmp_path, share):
    path = tmp_path / "weights.safetensors"
    weights.save(path, weights.flatten(small.net()), small.net())
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])

    with pytest.raises(
        ValueError, match=r"weights.safetensors is not a whole safetensors file"
    ):
        weights.load(path, small.net())


def test_a_net_may_have_a_weight_that_is_one_number(tmp_path):
    net = nn.Linear(3, 2).double()
    net.gain = nn.Parameter(torch.ones((), dtype=torch.float64))
    both = small.numbers(2, 9)

    weights.assign(both[1], net)
    weights.save(tmp_path / "both.safetensors", both, net)

    assert net.gain.item() == both[1, -1]
    assert torch.equal(weights.flatten(net), both[1])
    assert torch.equal(weights.load(tmp_path / "both.safetensors", net), both)


def test_parameters_are_the_learnable_part_of_a_vector_by_name():
    net, vector = small.net(), small.numbers(138, seed=4)

    found = weights.parameters(vector, net)

    assert list(found) == [name for name, _ in net.named_parameters()]
    start = 0
    for name, parameter in net.named_parameters():
        stop = start + parameter.numel()
        assert torch.equal(found[name].flatten(), vector[start:stop]), name
        assert found[name].shape == parameter.shape
        start = stop
    assert start == 138


def test_files_that_belong_together_are_stacked_in_their_order(tmp_path):
    vectors = small.numbers(3, 152)
    paths = [tmp_path / f"{k}.safetensors" for k in range(3)]
    for path, vector in zip(paths, vectors, strict=True):
        weights.save(path, vector, small.net())

    assert torch.equal(weights.together(paths, small.net()), vectors)
    assert torch.equal(weights.together(paths[::-1], small.net()), vectors.flip(0))
