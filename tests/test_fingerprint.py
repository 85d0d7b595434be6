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
    forget()
    return fingerprint.of(folder / f"{step}.py", folder / "losslandscape")


def forget() -> None:
    """Make the module read files again."""
    for kept in (fingerprint._read, fingerprint.of, fingerprint.of_file):
        kept.cache_clear()


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
    count = loaded - fingerprint.JOB
    modules = sorted((copy / "losslandscape").glob("[a-z]*.py"))
    unedited = digest(copy, step)

    def add(module: Path) -> str:
        module.write_text(module.read_text() + "\nADDED = 1\n")
        return digest(copy, step)

    # Those that do not count all together, the others one by one.
    rest = [module for module in modules if module.stem not in count]
    for module in rest[:-1]:
        module.write_text(module.read_text() + "\nADDED = 1\n")
    digests = [add(rest[-1])] + [add(m) for m in modules if m.stem in count]
    assert digests[0] == unedited
    assert len(set(digests)) == 1 + len(count)
    assert len(count) > 4


THEIRS = {
    "nets": "import torch\nimport layers\nfrom parts import gate\n",
    "layers": "# Wide.\nfrom losslandscape import near\nWIDTH = 8\n",
    "parts/gate": "from . import lock\n",
    "parts/lock": "KEY = 1\n",
    "parts/loose": "KEY = 1\n",
    "other": "KEY = 1\n",
}


def placed(folder: Path) -> Path:
    """A user's files in a folder."""
    for name, text in THEIRS.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def digest_of_file(folder: Path, library: Path) -> str:
    forget()
    return fingerprint.of_file(str(folder / "nets.py"), library)


@pytest.mark.parametrize(
    ("name", "old", "new", "counts"),
    [
        ("nets", "import torch", "import torch.nn", True),
        ("layers", "8", "9", True),
        ("parts/lock", "1", "2", True),
        ("../losslandscape/far", "2 * x", "3 * x", True),
        ("layers", "# Wide.", "# Wider.", False),
        ("layers", "WIDTH = 8", "WIDTH = (\n    8\n)", False),
        ("parts/loose", "1", "2", False),
        ("other", "1", "2", False),
        ("../losslandscape/other", "1", "2", False),
    ],
)
def test_the_digest_of_a_users_file_follows_what_it_imports(
    tree, name, old, new, counts
):
    theirs, library = placed(tree / "theirs"), tree / "losslandscape"
    before = digest_of_file(theirs, library)

    edit(theirs, name, old, new)

    assert (digest_of_file(theirs, library) != before) == counts


def test_where_a_users_files_lie_does_not_count(tree):
    here, there = placed(tree / "z" / "here"), placed(tree / "a" / "there")

    found = {digest_of_file(place, tree / "losslandscape") for place in (here, there)}

    assert len(found) == 1


@pytest.mark.parametrize(
    "around",
    [
        "if 0:\n    pass\nelse:\n    {}\n",
        "try:\n    {}\nexcept OSError:\n    pass\n",
        "try:\n    pass\nexcept OSError:\n    {}\n",
        "try:\n    pass\nfinally:\n    {}\n",
        "for one in ():\n    pass\nelse:\n    {}\n",
        "with open('a'):\n    {}\n",
        "match 1:\n    case 1:\n        {}\n",
        "class A:\n    async def f(self):\n        {}\n",
    ],
)
def test_an_import_counts_in_whichever_block_it_stands(tree, around):
    (tree / "step.py").write_text(around.format("from losslandscape import other"))
    before = digest(tree)

    edit(tree, "losslandscape/other", "OTHER = 1", "OTHER = 2")

    assert digest(tree) != before
