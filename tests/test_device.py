"""The device of a job; the GPU is one that only says that it is there."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from losslandscape import device, slots

SCRIPTS = Path(__file__).parents[1] / "workflow" / "scripts"


def said(program: str) -> str:
    """What a Python of its own prints."""
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, cwd=SCRIPTS, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def _as_found(monkeypatch):
    """Give the settings of the process back."""
    threads = torch.get_num_threads()
    mode = torch.get_deterministic_debug_mode()
    rounded = torch.backends.cuda.matmul.allow_tf32
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", "")
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", True)
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    torch.backends.cuda.matmul.allow_tf32 = True
    yield
    torch.set_num_threads(threads)
    torch.set_deterministic_debug_mode(mode)
    torch.backends.cuda.matmul.allow_tf32 = rounded


def test_what_does_not_import_torch_gets_no_torch():
    program = (
        "import sys; from losslandscape import device, job;"
        "print(device.prepare(1), 'torch' in sys.modules)"
    )

    assert said(program) == "{'name': 'cpu'} False"


@pytest.mark.parametrize("step", ["figure", "surface"])
def test_steps_that_draw_or_gather_never_import_torch(step):
    imports = [
        line
        for line in (SCRIPTS / f"{step}.py").read_text().splitlines()
        if line.startswith(("import ", "from "))
    ]

    program = "\n".join(["import sys", *imports, "print('torch' in sys.modules)"])

    assert said(program) == "False"


@pytest.mark.usefixtures("_as_found")
@pytest.mark.parametrize(("threads", "deterministic"), [(1, True), (2, False)])
def test_a_cpu_works_on_the_threads_of_the_job(monkeypatch, threads, deterministic):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    torch.set_num_threads(3)

    chosen = device.prepare(threads)

    assert chosen == {"name": "cpu", "deterministic": deterministic}
    assert torch.get_num_threads() == threads


@pytest.mark.usefixtures("_as_found")
def test_a_gpu_is_chosen_and_made_repeatable(monkeypatch):
    card = SimpleNamespace(name="H200", uuid=7)
    chosen = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda index: card)
    monkeypatch.setattr(torch, "set_default_device", chosen.append)
    monkeypatch.setattr(slots, "choose", lambda: "3")

    stated = device.prepare(1)

    assert chosen == ["cuda"]
    assert stated == {
        "name": "cuda",
        "deterministic": "warn",
        "tf32": False,
        "model": "H200",
        "uuid": "7",
        "card": "3",
    }
    assert torch.are_deterministic_algorithms_enabled()
    assert not torch.utils.deterministic.fill_uninitialized_memory
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
    assert not torch.backends.cudnn.benchmark
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
