"""What is told of a user's file before any of it is run."""

import sys

import pytest

from losslandscape import own, own_text
from theirs import placed, written


@pytest.fixture
def folder(tmp_path):
    return placed(tmp_path / "theirs")


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

    fault = own_text.fault(file, name)

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

    fault = own_text.fault(file, "Net")

    assert (fault and fault.replace(file, "FILE")) == said


def test_what_a_file_imports_is_read_too(tmp_path):
    place = written(
        tmp_path, {"nets": "import layers\nNet = dict\n", "layers": "a = (\n"}
    )

    fault = own_text.fault(str(place / "nets.py"), "Net")

    assert fault == f"{place}/layers.py is not Python: '(' was never closed (line 1)"


CALLED = """
import functools
from layers import Net as Imported

raise SystemExit("this must not be run")


class Net:
    def __init__(self, width: Unknown = missing(), *, depth):
        pass


class Heir(Net):
    pass


@functools.cache
class Decorated:
    def __init__(self):
        pass


def loss(outputs, targets, /, delta=None):
    pass


def anything(*args, **options):
    pass


if True:
    Twice = dict


def Twice():
    pass


def shadowed(outputs):
    pass


try:
    from fast import shadowed
except ImportError:
    pass


def branched(outputs):
    pass


if missing():

    def branched(outputs, targets):
        pass


class Wrapped:
    def __init__(self):
        pass

    __init__ = wrapped(__init__)


class Late:
    def __new__(cls, width):
        return width

    def __init__(self):
        pass


class Made(metaclass=Unknown):
    def __init__(self):
        pass
"""


@pytest.mark.parametrize(
    ("name", "arguments", "options", "said"),
    [
        ("Net", (), {"width": 2, "depth": 1}, None),
        ("Net", (), {"depth": 1}, None),
        (
            "Net",
            (),
            {"widht": 2, "depth": 1},
            "'Net' of FILE does not take these options (got an unexpected keyword "
            "argument 'widht'); it takes: width, depth",
        ),
        (
            "Net",
            (),
            {},
            "'Net' of FILE does not take these options (missing a required argument: "
            "'depth'); it takes: width, depth",
        ),
        ("loss", (1, 2), {}, None),
        ("loss", (1, 2, 3), {}, None),
        (
            "loss",
            (1,),
            {},
            "'loss' of FILE does not take these arguments (missing a required argument:"
            " 'targets'); it takes: outputs, targets, delta",
        ),
        ("anything", (1,), {"width": 2}, None),
        ("Heir", (), {"widht": 2}, None),
        ("Decorated", (), {"widht": 2}, None),
        ("Imported", (), {"widht": 2}, None),
        ("Twice", (), {"widht": 2}, None),
        ("shadowed", (1, 2), {}, None),
        ("branched", (1, 2), {}, None),
        ("Wrapped", (), {"widht": 2}, None),
        ("Late", (), {"width": 2}, None),
        ("Made", (), {"widht": 2}, None),
        ("absent", (), {"widht": 2}, None),
    ],
)
def test_a_call_that_cannot_be_is_told_before_anything_runs(
    tmp_path, name, arguments, options, said
):
    file = str(written(tmp_path, {"nets": CALLED, "layers": ""}) / "nets.py")

    told = own_text.misfit(file, name, *arguments, **options)

    assert (told and told.replace(file, "FILE")) == said


@pytest.mark.parametrize(
    "more",
    [
        "class Net:\n    def __init__(self, widht): ...\n",
        "Net.__init__ = lambda self, widht: None\n",
        "globals()['Net'] = dict\n",
        "from layers import *\n",
    ],
)
def test_what_a_file_may_still_do_with_a_name_leaves_it_open(tmp_path, more):
    text = "class Net:\n    def __init__(self): ...\n"
    file = str(written(tmp_path, {"nets": text + more, "layers": ""}) / "nets.py")

    assert own_text.misfit(file, "Net", widht=2) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def Net(a, a): ...\n", "duplicate argument 'a' in function definition"),
        ("Net = 1\nreturn Net\n", "'return' outside function (line 2)"),
        ("Net = 1\0\n", "null bytes"),
    ],
)
def test_what_python_would_not_compile_is_told(tmp_path, text, said):
    file = str(written(tmp_path, {"nets": text}) / "nets.py")

    fault = own_text.fault(file, "Net")

    assert fault.startswith(f"{file} is not Python: ")
    assert said in fault


@pytest.mark.parametrize(
    "options", [{}, {"width": 3}, {"widht": 3}, {"width": 3, "depth": 1}, {"a": 1}]
)
@pytest.mark.parametrize("name", ["Net", "strict", "broken"])
def test_the_text_tells_of_a_call_what_the_call_does(folder, name, options):
    file = str(folder / "nets.py")

    told = own_text.misfit(file, name, **options)

    assert told == _refusal_of_the_call(file, name, options)


def _refusal_of_the_call(file, name, options):
    try:
        own.made(file, name, options)
    except ValueError as refused:
        return str(refused) if "does not take" in str(refused) else None
    return None
