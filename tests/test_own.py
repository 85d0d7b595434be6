"""A user's own functions and classes: what is found, what they see, what is refused."""

import dataclasses
import sys

import pytest

from losslandscape import own, resnet
from theirs import THERE, placed, written


@pytest.fixture
def folder(tmp_path):
    return placed(tmp_path / "theirs")


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
