"""What of a user's own files is refused, and in which words."""

from pathlib import Path

import pytest

from losslandscape import own
from theirs import placed, written


@pytest.fixture
def folder(tmp_path):
    return placed(tmp_path / "theirs")


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
            "argument 'widht'); it takes: width, depth",
        ),
        (
            "strict",
            {},
            "'strict' of FILE does not take these options (missing a required argument:"
            " 'width'); it takes: width",
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
