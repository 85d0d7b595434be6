"""The library by itself: installed, imported, and its examples as they are printed."""

import doctest
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "workflow/scripts/losslandscape"
WITH_EXAMPLES = [
    p.stem for p in sorted(LIBRARY.glob("*.py")) if ">>> " in p.read_text()
]


@pytest.fixture(autouse=True)
def on_the_cpu():
    """What is printed has no device in it."""
    with torch.device("cpu"):
        yield


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_of_a_module_give_what_they_print(module):
    ended = doctest.testmod(import_module(f"losslandscape.{module}"))

    assert ended.attempted
    assert not ended.failed


def test_the_core_of_the_library_has_examples():
    landscapes = {"weights", "directions", "grid", "surface", "losses", "batchnorm"}
    others = {"around", "curves", "schedules", "norms", "lanczos", "hessian", "draw"}
    assert landscapes | others <= set(WITH_EXAMPLES)


@pytest.mark.parametrize("page", ["library.md", "concepts.md"])
def test_examples_of_a_page_give_what_they_print(page):
    path = str(ROOT / "docs" / page)

    ended = doctest.testfile(path, module_relative=False)

    assert ended.attempted
    assert not ended.failed


def test_pip_installs_a_package_that_imports_alone(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    ours = shutil.ignore_patterns("__pycache__")
    shutil.copytree(LIBRARY, source / LIBRARY.relative_to(ROOT), ignore=ours)
    offline = ("--no-build-isolation", "--no-deps", "--no-index", "--quiet")
    install = [sys.executable, "-m", "pip", "install", *offline, "--target", target]

    made = subprocess.run([*install, source], capture_output=True, text=True)
    asked = "import losslandscape.around as found; print(found.__file__)"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
    )

    assert made.returncode == 0, made.stderr
    assert told.stdout.strip() == str(target / "losslandscape/around.py"), told.stderr
    there = {path.name for path in (target / "losslandscape").glob("*.py")}
    assert there == {path.name for path in LIBRARY.glob("*.py")}
    assert not (target / "train.py").exists()
