"""Weights from elsewhere: what a file may be, what its names may be, what fits."""

import argparse
import copy
import re

import pytest
import torch
from safetensors.torch import save_file, save_model
from torch import nn

import small
from losslandscape import given, losses, weights


class Net(nn.Module):
    """A net with a batch norm, and an embedding that is its last layer too."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(5, 4)
        self.inner = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4))
        self.last = nn.Linear(4, 5, bias=False)
        self.last.weight = self.words.weight
        self.register_buffer("table", torch.arange(3))
        self.register_buffer("ramp", torch.linspace(0, 1, 3), persistent=False)


def trained() -> Net:
    """Such a net with numbers of its own."""
    net = Net()
    numbers = small.numbers(len(weights.flatten(net)), seed=7).float()
    weights.assign(numbers, net)
    net.ramp.copy_(Net().ramp)
    net.inner[1].num_batches_tracked.fill_(9)
    return net


def prefixed(state: dict, prefix: str) -> dict:
    return {prefix + name: tensor for name, tensor in state.items()}


STATE = trained().state_dict()

FORMS = {
    "plain": STATE,
    "state_dict": {"epoch": 3, "state_dict": STATE},
    "model_state_dict": {"model_state_dict": STATE, "optimizer": {"lr": 0.1}},
    "model": {"model": STATE},
    "parallel": prefixed(STATE, "module."),
    "compiled": prefixed(STATE, "_orig_mod."),
    "lightning": {"state_dict": prefixed(STATE, "model."), "lr_schedulers": []},
    "several": {"state_dict": prefixed(STATE, "net._orig_mod.module.")},
    "inner": {
        name.replace("inner.", "inner._orig_mod."): STATE[name] for name in STATE
    },
    "averaged": prefixed(STATE, "module.") | {"n_averaged": torch.tensor(3)},
    "uncounted": {k: v for k, v in STATE.items() if "num_batches" not in k},
    "double": {k: v.double() if v.is_floating_point() else v for k, v in STATE.items()},
    "untied": {k: v for k, v in STATE.items() if k != "words.weight"},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ending", ["pt", "ckpt"])
def test_tensors_are_found_whatever_held_them(tmp_path, form, ending):
    torch.save(FORMS[form], path := tmp_path / f"net.{ending}")

    found = given.load(str(path), Net())

    assert torch.equal(found, weights.flatten(trained()))
    assert found.dtype == torch.float32


def test_a_file_of_safetensors_is_found_with_and_without_what_is_tied(tmp_path):
    save_model(trained(), str(tmp_path / "model.safetensors"))
    half = {k: v.clone().to(torch.bfloat16) for k, v in STATE.items() if v.dim() > 1}
    rest = {k: v.clone() for k, v in STATE.items() if v.dim() < 2}
    save_file(prefixed(half | rest, "model."), tmp_path / "half.safetensors")

    whole = given.load(str(tmp_path / "model.safetensors"), Net())
    rounded = given.load(str(tmp_path / "half.safetensors"), Net())

    assert torch.equal(whole, weights.flatten(trained()))
    torch.testing.assert_close(rounded, whole, rtol=2**-8, atol=0)
    assert not torch.equal(rounded, whole)


def test_our_own_weights_are_given_back(tmp_path):
    net, origin = small.net(), weights.flatten(small.net())
    weights.save(tmp_path / "weights.safetensors", origin, net)

    found = given.load(str(tmp_path / "weights.safetensors"), small.net(seed=5))

    assert torch.equal(found, origin)


def refused(tmp_path, state: object, net: nn.Module | None = None, **how) -> str:
    torch.save(state, path := tmp_path / "net.pt")
    with pytest.raises(ValueError, match=r".+") as error:
        given.load(str(path), net or Net(), **how)
    assert "\n" not in str(error.value)
    return str(error.value).replace(str(path), "FILE")


MISFITS = {
    "missing": (
        {k: v for k, v in STATE.items() if "inner.0" not in k},
        "missing inner.0.weight, inner.0.bias",
    ),
    "both of what is tied": (
        {k: v for k, v in STATE.items() if k not in ("words.weight", "last.weight")},
        "missing words.weight",
    ),
    "statistics": (
        {k: v for k, v in STATE.items() if "running" not in k},
        "missing inner.1.running_mean, inner.1.running_var",
    ),
    "strange": (
        STATE | {"head.bias": torch.ones(2), "old": torch.ones(1)},
        "not of the net head.bias, old",
    ),
    "shapes": (
        STATE | {"inner.0.weight": torch.ones(3, 4), "inner.0.bias": torch.ones(3)},
        "inner.0.weight is (3, 4), the net's is (4, 4); "
        "inner.0.bias is (3,), the net's is (4,)",
    ),
    "types": (
        STATE | {"inner.0.bias": torch.ones(4, dtype=torch.complex64)},
        "inner.0.bias is torch.complex64, the net's is torch.float32",
    ),
    "whole numbers": (
        STATE | {"table": torch.tensor([0, 1, 3])},
        "table has other whole numbers than the net's, which stay",
    ),
    "not tied": (
        STATE | {"last.weight": torch.ones(5, 4)},
        "words.weight, last.weight are one tensor of the net, but not there",
    ),
    "wrong and prefixed": (
        prefixed({k: v for k, v in STATE.items() if k != "inner.0.bias"}, "module."),
        "missing inner.0.bias",
    ),
    "part of more": (
        prefixed(STATE, "model.") | {"loss.weight": torch.ones(5)},
        "those under model. do fit: say which as `prefix`",
    ),
}


@pytest.mark.parametrize("case", MISFITS)
def test_what_does_not_fit_is_named_tensor_by_tensor(tmp_path, case):
    state, said = MISFITS[case]

    told = refused(tmp_path, state)

    assert told.startswith("FILE does not fit the net: ")
    assert told.endswith(said)


def test_a_prefix_chooses_among_several_nets_of_a_file(tmp_path):
    other = {k: v + 1 if v.is_floating_point() else v for k, v in STATE.items()}
    state = prefixed(STATE, "student.") | prefixed(other, "teacher.")
    torch.save(state, path := tmp_path / "net.pt")

    told = refused(tmp_path, state)
    found = given.load(str(path), Net(), prefix="student.")

    assert "those under student., teacher. do fit" in told
    assert torch.equal(found, weights.flatten(trained()))


def test_many_names_are_not_all_told(tmp_path):
    state = STATE | {f"strange{k}": torch.ones(1) for k in range(30)}

    assert "strange11 and 18 more" in refused(tmp_path, state)


def test_code_is_never_run(tmp_path):
    whole, more = trained(), {"state_dict": STATE, "hyper": argparse.Namespace(lr=1)}

    told = refused(tmp_path, whole), refused(tmp_path, more)

    for said in told:
        assert "for which code would have to run" in said
        assert "safetensors.torch.save_file" in said
    assert "FILE holds argparse.Namespace, " in told[1]


def test_what_is_damaged_or_no_such_file_is_said(tmp_path):
    torch.save(STATE, path := tmp_path / "net.pt")
    content = path.read_bytes()
    for part, said in {
        content[:500]: "is no whole file of torch.save (RuntimeError: ",
        b"<!DOCTYPE html>": "is no file of torch.save: it begins with b'<!DOCTYPE html",
        b"": "is no file of torch.save: it is empty",
    }.items():
        path.write_bytes(part)
        with pytest.raises(ValueError, match=re.escape(f"net.pt {said}")):
            given.load(str(path), Net())
    (tmp_path / "cut.safetensors").write_bytes(b"123456789")
    with pytest.raises(ValueError, match=r"cut.safetensors is not whole"):
        given.load(str(tmp_path / "cut.safetensors"), Net())
    assert "holds no tensors by name" in refused(tmp_path, [1, 2])
    assert "holds no tensors by name" in refused(tmp_path, {"epoch": 3})


def test_the_history_of_a_given_run_is_what_it_measures_now():
    net, seen = small.net(), small.seen()
    vector = weights.flatten(net)

    row = given.history(net, vector, seen, epochs=7)

    expected = losses.plain(copy.deepcopy(net), vector, seen)
    assert [row[name] for name in losses.MEASURES] == pytest.approx(expected)
    norm = sum((p**2).sum() for p in net.parameters()).sqrt().item()
    assert (row["epoch"], row["weight_norm"]) == (7, pytest.approx(norm))
    assert row["lr"] != row["lr"]
    assert row["distance"] != row["distance"]
