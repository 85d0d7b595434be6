"""Nets by name: what is built, from which seed, and what is refused."""

import pytest
import torch
from torch import fx, nn
from torch.func import functional_call, grad, jvp
from torch.nn.functional import cross_entropy
from torch.nn.utils import parameters_to_vector

import plain
from losslandscape import (
    checkpoint,
    data,
    losses,
    models,
    resnet,
    train,
    vgg,
    weights,
)

SMALL = {
    "convnet": {"width": 0.05},
    "densenet": {"growth": 4, "blocks": [2, 2]},
    "preresnet": {"depth": 11},
    "resnet": {"depth": 8},
    "vgg": {"plan": "vgg9"},
    "wideresnet": {"depth": 10, "width": 1},
}


def small(family: str, seed: int = 0) -> nn.Module:
    return models.build({family: SMALL[family]}, 1, 8, 10, seed)


def test_every_family_has_its_small_net_here():
    assert SMALL.keys() == models.FAMILIES.keys()


@pytest.mark.parametrize("family", SMALL)
def test_a_seed_decides_every_weight(family):
    nets = [small(family, seed) for seed in (3, 3, 4)]

    first, again, other = (weights.flatten(net) for net in nets)

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("family", SMALL)
def test_the_global_generator_stays_as_it_is(family):
    before = torch.get_rng_state()

    small(family)

    assert torch.equal(torch.get_rng_state(), before)


def test_the_global_generator_decides_nothing():
    torch.manual_seed(1)
    first = weights.flatten(small("resnet"))
    torch.manual_seed(2)

    assert torch.equal(weights.flatten(small("resnet")), first)


def test_a_failed_build_leaves_the_global_generator_too():
    before = torch.get_rng_state()

    with pytest.raises(ValueError, match="not 9"):
        models.build({"resnet": {"depth": 9}}, 1, 8, 10)

    assert torch.equal(torch.get_rng_state(), before)


def test_the_net_stands_on_the_default_device():
    with torch.device("meta"):
        net = small("densenet")

    assert {tensor.device.type for tensor in weights.tensors(net).values()} == {"meta"}


def test_options_and_images_reach_the_net():
    wide = models.build({"resnet": {"depth": 8, "width": 2}}, 3, 32, 100)
    nine = models.build({"vgg": {"plan": "vgg9"}}, 3, 32, 10)

    assert isinstance(wide, resnet.ResNet)
    assert (wide.conv1.in_channels, wide.conv1.out_channels) == (3, 32)
    assert wide.linear.out_features == 100
    assert isinstance(nine, vgg.VGG)
    assert nine.fc[0].in_features == 256 * 4 * 4


def test_an_unknown_family_is_refused_with_those_there_are():
    families = "convnet, densenet, preresnet, resnet, vgg, wideresnet"

    with pytest.raises(ValueError, match=f"'alexnet'.*{families}"):
        models.build({"alexnet": {}}, 3, 32, 10)


def test_an_unknown_option_is_refused_by_its_name():
    with pytest.raises(TypeError, match="dept"):
        models.build({"resnet": {"dept": 20}}, 3, 32, 10)


@pytest.mark.parametrize("family", SMALL)
def test_every_net_can_be_traced(family):
    net = small(family).eval()
    images = torch.randn(3, 1, 8, 8)

    assert torch.equal(fx.symbolic_trace(net)(images), net(images))


def problem(family: str):
    """The parameters of a net and its loss as a function of them, in float64."""
    net = plain.lively(small(family))
    images, labels = plain.images(1, 8), torch.tensor([3, 7])
    at = parameters_to_vector(net.parameters()).detach()
    statistics = dict(net.named_buffers())

    def loss(w):
        state = weights.unflatten(torch.cat([w, w.new_zeros(total - len(w))]), net)
        return cross_entropy(functional_call(net, state | statistics, images), labels)

    total = len(weights.flatten(net))
    return at, loss


@pytest.mark.parametrize("family", SMALL)
def test_every_net_has_the_slope_of_its_loss_as_its_gradient(family):
    at, loss = problem(family)
    generator = torch.Generator().manual_seed(5)
    vector = torch.randn(at.shape, generator=generator, dtype=torch.float64)
    step = 1e-7 * vector

    slope = (loss(at + step) - loss(at - step)) / 2e-7

    torch.testing.assert_close(grad(loss)(at) @ vector, slope, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("family", SMALL)
def test_every_net_has_one_hessian_forwards_and_backwards(family):
    at, loss = problem(family)
    vector = torch.ones_like(at)

    forwards = jvp(grad(loss), (at,), (vector,))[1]

    at.requires_grad_()
    (gradient,) = torch.autograd.grad(loss(at), at, create_graph=True)
    (backwards,) = torch.autograd.grad(gradient @ vector, at)
    torch.testing.assert_close(forwards, backwards)


@pytest.mark.parametrize("family", SMALL)
def test_training_reaches_every_weight(family):
    net = small(family)

    net(torch.randn(4, 1, 8, 8)).square().sum().backward()

    assert [n for n, p in net.named_parameters() if p.grad is None] == []


NETS = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width=2):
        super().__init__()
        self.layer = nn.Linear(3, width)

    def forward(self, x):
        return self.layer(x)


def number():
    return 3
"""


@pytest.fixture
def theirs(tmp_path):
    """The path of a user's file."""
    path = tmp_path / "nets.py"
    path.write_text(NETS)
    return str(path)


def test_a_net_of_a_users_own_has_its_options_and_nothing_of_the_images(theirs):
    model = {"own": {"file": theirs, "name": "Net", "options": {"width": 5}}}

    assert models.build(model, 3, 32, 10).layer.weight.shape == (5, 3)


def test_a_seed_decides_every_weight_of_a_users_own_net(theirs):
    model = {"own": {"file": theirs, "name": "Net"}}
    before = torch.get_rng_state()

    first, again, other = (
        weights.flatten(models.build(model, 1, 8, 10, seed)) for seed in (3, 3, 4)
    )

    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), before)


def test_what_is_no_net_is_refused(theirs):
    with pytest.raises(ValueError, match=r"'number' of .* gives a int, not a torch"):
        models.build({"own": {"file": theirs, "name": "number"}}, 1, 8, 10)


def test_our_families_are_refused_where_there_are_no_square_images():
    with pytest.raises(ValueError, match="family 'resnet' take square images"):
        models.build({"resnet": {"depth": 8}}, channels=0, size=0, classes=2)


@pytest.mark.parametrize(
    ("net", "said"),
    [
        ("nn.ReLU()", "gives a net without parameters"),
        ("nn.LazyLinear(3)", "weight is lazy; give it its shape"),
        ("nn.Linear(2, 2).half()", "weight is torch.float16; it must be of float32, "),
        ("nn.Linear(2, 2).to(torch.complex128)", "weight is torch.complex128; "),
    ],
)
def test_tensors_that_no_vector_can_hold_are_refused(tmp_path, net, said):
    text = f"import torch\nfrom torch import nn\n\ndef net():\n    return {net}\n"
    (tmp_path / "nets.py").write_text(text)
    file = str(tmp_path / "nets.py")

    with pytest.raises(ValueError, match=said):
        models.build({"own": {"file": file, "name": "net"}}, 1, 8, 10)


VIEWS = """
from torch import nn


class Net(nn.Module):
    def __init__(self, word):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)
        self.last, self.word = nn.Linear(4 * 6 * 6, 10), word

    def forward(self, x):
        x = self.norm(self.conv(x))
        return self.last(getattr(x, self.word)(len(x), -1))
"""


def test_a_net_that_asks_for_an_order_of_memory_has_it_everywhere(tmp_path):
    (tmp_path / "nets.py").write_text(VIEWS)
    own = {"file": str(tmp_path / "nets.py"), "name": "Net"}
    strict, free = (
        models.build({"own": own | {"options": {"word": word}}}, 3, 8, 10)
        for word in ("view", "reshape")
    )
    lot = torch.Generator("cpu").manual_seed(0)
    images = torch.randn(12, 3, 8, 8, generator=lot, device="cpu")
    images = images.to(weights.flatten(free), memory_format=torch.channels_last)
    split = data.Split(images, torch.arange(12) % 10)
    seen = data.Data(split, split, torch.zeros(3), 10)
    recipe = {"epochs": 1, "batch_size": 4, "weight_decay": 0.0, "precision": "float32"}
    sgd = {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}
    recipe |= {"optimiser": {"sgd": sgd}, "evaluate_every": 1}
    recipe |= {"augmentation": {"pad": 1, "flip": True}, "schedule": {"constant": {}}}

    found = [
        train.run(net, seen, recipe, 0, checkpoint.Checkpoint(None))[0]
        for net in (strict, free)
    ]

    torch.testing.assert_close(*found, rtol=1e-3, atol=1e-5)
    losses.parts(strict, split, set())[0](found[0])
    assert (strict.any_order, hasattr(free, "any_order")) == (False, False)
