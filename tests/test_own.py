"""A user's own functions and classes: what is found, what they see, what is refused."""

import dataclasses
import sys
from pathlib import Path

import pytest

from losslandscape import own, resnet

THERE = """
import layers
import inner.deep
import inner.deep as other
from layers import WIDTH
from inner import deep as third


class Net:
    def __init__(self, width=WIDTH, depth=2):
        self.width, self.depth = width, depth

    def late(self):
        import lately
        return lately.HERE


def strict(*, width):
    return width


def broken():
    return 1 / 0


ODD = 3
SEEN = inner.deep.HERE, other.HERE, third.HERE, layers.WIDTH
"""


def written(folder: Path, files: dict[str, str]) -> Path:
    """A folder of Python files by their names."""
    for name, text in files.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def folder(tmp_path):
    return written(
        tmp_path / "theirs",
        {
            "nets": THERE,
            "layers": "WIDTH = 8\n",
            "inner/deep": "HERE = 'deep'\n",
            "lately": "HERE = 'late'\n",
        },
    )


def test_what_has_a_name_is_found_with_all_that_lies_beside(folder):
    file = str(folder / "nets.py")

    assert own.named(file, "SEEN") == ("deep", "deep", "deep", 8)
    assert own.made(file, "Net", {"depth": 5}).__dict__ == {"width": 8, "depth": 5}
    assert own.made(file, "strict", {"width": 3}) == 3


def test_a_file_is_run_once(folder):
    file = str(folder / "nets.py")

    assert own.named(file, "Net") is own.named(file, "Net")


def test_a_relative_path_starts_where_the_process_is(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)

    assert own.named("theirs/nets.py", "ODD") == 3


def test_an_import_when_a_function_is_called_finds_the_file_too(folder):
    net = own.made(str(folder / "nets.py"), "Net", {})

    assert net.late() == "late"


def test_files_of_the_same_name_in_two_folders_do_not_clash(folder, tmp_path):
    other = written(
        tmp_path / "others",
        {
            "nets": THERE,
            "layers": "WIDTH = 9\n",
            "inner/deep": "HERE = 0\n",
            "lately": "HERE = 'other'\n",
        },
    )
    both = [
        own.made(str(place / "nets.py"), "Net", {}) for place in (folder, other, folder)
    ]

    assert [net.width for net in both] == [8, 9, 8]
    assert [net.late() for net in both] == ["late", "other", "late"]


def test_nothing_of_ours_or_of_the_machine_is_shadowed(tmp_path):
    before = dict(sys.modules), list(sys.path)
    place = written(
        tmp_path,
        {
            "nets": "import random\nfrom losslandscape import resnet\nimport torch\n",
            "random": "HERE = 1\n",
            "losslandscape/resnet": "",
            "losslandscape/__init__": "",
            "torch/something": "",
        },
    )

    assert own.named(str(place / "nets.py"), "random").HERE == 1
    assert own.named(str(place / "nets.py"), "resnet") is resnet
    assert own.named(str(place / "nets.py"), "torch") is sys.modules["torch"]
    assert sys.path == before[1]
    assert {name: sys.modules[name] for name in before[0]} == before[0]


def test_a_file_of_the_name_of_what_it_imports_is_not_that(tmp_path):
    file = written(tmp_path, {"fractions": "from fractions import Fraction\n"})

    found = own.named(str(file / "fractions.py"), "Fraction")

    assert found(1, 2) == 0.5


def test_a_file_in_a_package_imports_as_the_package_does(tmp_path):
    nets = (
        "from .layers import WIDTH\nfrom mine.layers import WIDTH as again\n"
        "import mine.layers\nimport layers\nSAME = mine.layers is layers"
    )
    written(
        tmp_path,
        {
            "mine/__init__": "",
            "mine/nets": nets,
            "mine/layers": "from mine import other\nWIDTH = other.ONE\n",
            "mine/other": "ONE = 1\n",
        },
    )
    file = str(tmp_path / "mine" / "nets.py")

    assert own.named(file, "WIDTH") == own.named(file, "again") == 1
    assert own.named(file, "SAME")


def test_data_classes_and_their_words_for_types_are_at_home(tmp_path):
    text = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Options:\n    width: int = 3\n"
    )
    file = str(written(tmp_path, {"options": text}) / "options.py")

    assert dataclasses.asdict(own.made(file, "Options", {})) == {"width": 3}


def test_nothing_is_written_beside_the_file(folder):
    before = sorted(folder.rglob("*"))

    own.named(str(folder / "nets.py"), "Net")

    assert sorted(folder.rglob("*")) == before


def refusal(file: Path, name: str, options: dict | None = None) -> str:
    with pytest.raises(ValueError, match=r".+") as refused:
        own.made(str(file), name, options or {})
    said = str(refused.value)
    assert "\n" not in said
    return said.replace(str(file), "FILE")


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("Nat", {}, "FILE has no 'Nat'; it has Net, strict, broken"),
        ("ODD", {}, "'ODD' of FILE is neither a class nor a function"),
        (
            "Net",
            {"widht": 3},
            "'Net' of FILE does not take these options (got an unexpected keyword "
            "argument 'widht'); its options are: width, depth",
        ),
        (
            "strict",
            {},
            "'strict' of FILE does not take these options (missing a required argument:"
            " 'width'); its options are: width",
        ),
        (
            "broken",
            {},
            "'broken' of FILE fails: ZeroDivisionError: division by zero (in line 23)",
        ),
    ],
)
def test_what_does_not_fit_is_one_sentence(folder, name, options, said):
    assert refusal(folder / "nets.py", name, options) == said


def test_a_lack_of_memory_is_not_told_as_a_fault_of_theirs(tmp_path):
    text = "def Net():\n    raise MemoryError('no room')\n"
    file = written(tmp_path, {"nets": text}) / "nets.py"

    with pytest.raises(MemoryError, match=r"^no room$"):
        own.made(str(file), "Net", {})


@pytest.mark.parametrize(
    ("name", "option", "is_lacking"),
    [
        ("Net", "depth", False),
        ("Net", "train", True),
        ("anything", "train", False),
        ("ODD", "train", False),
        ("dict", "train", False),
    ],
)
def test_an_option_that_is_not_taken_is_known_before_the_call(
    tmp_path, name, option, is_lacking
):
    text = "Net = lambda depth: 0\nanything = lambda **all: 0\nODD = 3\ndict = dict\n"
    file = written(tmp_path, {"nets": text}) / "nets.py"

    assert own.lacks(str(file), name, option) == is_lacking


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nosuchthing\n", "No module named 'nosuchthing' (in line 1)"),
        ("a = (\n", "'(' was never closed"),
        ("import sys\n\nsys.exit(2)\n", "SystemExit: 2 (in line 3)"),
        ("raise OSError('one\\ntwo')\n", "OSError: one two (in line 1)"),
    ],
)
def test_an_error_in_the_file_is_one_sentence(tmp_path, text, said):
    file = written(tmp_path, {"nets": text}) / "nets.py"

    for _ in range(2):  # and the second time as well
        told = refusal(file, "Net")
        assert told.startswith("FILE cannot be run: ")
        assert said in told


def test_a_file_that_is_not_there_or_no_module_is_refused(tmp_path):
    (tmp_path / "nets.v2.py").write_text("Net = dict\n")
    (tmp_path / "nets.txt").write_text("Net = dict\n")

    assert refusal(tmp_path / "nets.py", "Net").startswith("there is no file FILE; a")
    assert "is not named like" in refusal(tmp_path / "nets.v2.py", "Net")
    assert "is not named like" in refusal(tmp_path / "nets.txt", "Net")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Net", None),
        ("ODD", None),
        ("layers", None),
        ("Nat", "FILE has no 'Nat'; it has Net, strict, broken"),
    ],
)
def test_a_name_that_is_not_there_is_told_before_anything_runs(folder, name, said):
    file = str(folder / "nets.py")
    before = set(sys.modules)

    fault = own.fault(file, name)

    assert (fault and fault.replace(file, "FILE")) == said
    assert set(sys.modules) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from layers import *\n", None),
        ("globals()['Net'] = dict\n", None),
        ("Net: type = dict\n", None),
        ("for Net in (dict,):\n    pass\n", None),
        ("import layers as Net\n", None),
        ("", "FILE has no 'Net'; it has none"),
        ("class Net(:\n", "FILE is not Python: invalid syntax (line 1)"),
    ],
)
def test_a_name_that_may_be_there_is_not_refused(tmp_path, text, said):
    file = str(written(tmp_path, {"nets": text}) / "nets.py")

    fault = own.fault(file, "Net")

    assert (fault and fault.replace(file, "FILE")) == said


def test_what_a_file_imports_is_read_too(tmp_path):
    place = written(
        tmp_path, {"nets": "import layers\nNet = dict\n", "layers": "a = (\n"}
    )

    fault = own.fault(str(place / "nets.py"), "Net")

    assert fault == f"{place}/layers.py is not Python: '(' was never closed (line 1)"
