"""The digest of a step's code, on a small tree of scripts and on our own."""

import shutil
from modulefinder import ModuleFinder
from pathlib import Path

import pytest

from losslandscape import fingerprint

SCRIPTS = Path(__file__).parents[1] / "workflow" / "scripts"

STEP = '''"""A step."""

from losslandscape import job, near

with job.running(snakemake):
    near.measure(1)
'''
NEAR = '''"""Near the step."""

from losslandscape import far


# How far it is.
def measure(x: int) -> int:
    """The measure of x."""
    return far.far(x) + 1  # one more


class Empty:
    """Nothing."""
'''
TREE = {
    "step": STEP,
    "losslandscape/near": NEAR,
    "losslandscape/far": "def far(x):\n    return 2 * x\n",
    "losslandscape/job": "from losslandscape import device, receipt\n",
    "losslandscape/device": "TF32 = False\n",
    "losslandscape/receipt": "HOME = 1\n",
    "losslandscape/other": "OTHER = 1\n",
}


@pytest.fixture
def tree(tmp_path) -> Path:
    """A script with its library."""
    (tmp_path / "losslandscape").mkdir()
    for name, text in TREE.items():
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def digest(folder: Path, step: str = "step") -> str:
    """The digest of a step's code as it is now."""
    for kept in (fingerprint.of, fingerprint._imports, fingerprint._meaning):
        kept.cache_clear()
    return fingerprint.of(folder / f"{step}.py", folder / "losslandscape")


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a piece of a file."""
    path = folder / f"{name}.py"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# How far it is.", "# How far that is."),
        ("  # one more", ""),
        ('"""Near the step."""', '"""Closer."""'),
        ('"""Near the step."""\n', ""),
        ('    """The measure of x."""\n', ""),
        ('    """Nothing."""\n', '    """Less."""\n'),
        ('    """Nothing."""\n', "    pass\n"),
        ("\n\n\n", "\n"),
        ("far.far(x) + 1", "(\n        far.far(  x  )\n        + 1)"),
        ("(x: int)", "(\n    x: int,\n)"),
    ],
)
def test_layout_and_words_do_not_count(tree, old, new):
    before = digest(tree)

    edit(tree, "losslandscape/near", old, new)

    assert digest(tree) == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("step", "measure(1)", "measure(2)"),
        ("losslandscape/near", "+ 1", "- 1"),
        ("losslandscape/near", "(x: int)", "(x: float)"),
        ("losslandscape/near", "return far.far(x)", "x\n    return far.far(x)"),
        ("losslandscape/far", "2 * x", "3 * x"),
        ("losslandscape/device", "False", "True"),
    ],
)
def test_an_edit_counts_at_any_depth(tree, name, old, new):
    before = digest(tree)

    edit(tree, name, old, new)

    assert digest(tree) != before


@pytest.mark.parametrize("name", ["other", "receipt", "job"])
def test_what_decides_no_number_does_not_count(tree, name):
    before = digest(tree)

    with (tree / "losslandscape" / f"{name}.py").open("a") as file:
        file.write("ADDED = 1\n")

    assert digest(tree) == before


@pytest.mark.parametrize(
    "line",
    [
        "from losslandscape import other",
        "from losslandscape import near, other as another",
        "import losslandscape.other",
        "import sys, losslandscape.other as another",
        "from losslandscape.other import OTHER",
        "from . import other",
        "from .other import OTHER",
        "def late():\n    from losslandscape import other",
    ],
)
def test_every_form_of_import_is_followed(tree, line):
    edit(tree, "losslandscape/far", "def far", f"{line}\n\ndef far")
    before = digest(tree)

    edit(tree, "losslandscape/other", "1", "2")

    assert digest(tree) != before


def test_modules_that_import_each_other_are_no_trap(tree):
    edit(tree, "losslandscape/far", "def far", "import losslandscape.near\n\ndef far")
    before = digest(tree)

    edit(tree, "losslandscape/near", "+ 1", "+ 2")

    assert digest(tree) != before


def test_what_moves_from_one_file_to_another_counts(tree):
    edit(tree, "losslandscape/far", "def far", "A = 1\n\ndef far")
    before = digest(tree)

    edit(tree, "losslandscape/far", "A = 1\n", "")
    edit(tree, "losslandscape/device", "TF32", "A = 1\nTF32")

    assert digest(tree) != before


def test_another_folder_has_the_same_digest(tmp_path):
    steps = [path.stem for path in SCRIPTS.glob("*.py")]

    copy = shutil.copytree(SCRIPTS, tmp_path / "a" / "copy")

    digests = [digest(SCRIPTS, step) for step in steps]
    assert [digest(copy, step) for step in steps] == digests
    assert len(set(digests)) == len(steps)


@pytest.mark.parametrize("step", ["train", "figure"])
def test_the_files_of_a_step_are_those_that_python_would_load(tmp_path, step):
    copy = shutil.copytree(SCRIPTS, tmp_path / "copy")
    finder = ModuleFinder([str(copy)])
    finder.run_script(str(copy / f"{step}.py"))
    loaded = {name.partition("losslandscape.")[2] for name in finder.modules} - {""}
    counted, last = set(), digest(copy, step)

    for module in sorted((copy / "losslandscape").glob("[a-z]*.py")):
        module.write_text(module.read_text() + "\nADDED = 1\n")
        before, last = last, digest(copy, step)
        if last != before:
            counted.add(module.stem)

    assert counted == loaded - fingerprint.JOB
    assert len(counted) > 4
