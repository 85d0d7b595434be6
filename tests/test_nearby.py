"""Which files a user's file imports, on a small tree of files."""

from pathlib import Path

import pytest

from losslandscape import nearby

TREE = {
    "nets": "import layers, json\nfrom parts import gate as g, KEY\nimport far.off\n",
    "layers": "import nets\nfrom losslandscape import weights\n",
    "unused": "",
    "losslandscape/weights": "",
    "parts/__init__": "KEY = 1\nfrom . import lock\n",
    "parts/gate": "def late():\n    import layers\n",
    "parts/lock": "from ..layers import x\n",
    "parts/unused": "",
    "far/off": "",
    "far/unused": "",
    "json/scripts": "",
}


@pytest.fixture
def tree(tmp_path) -> Path:
    for name, text in TREE.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_all_that_is_imported_is_reached_and_nothing_else(tree):
    found = {
        path.relative_to(tree).as_posix() for path in nearby.reached(tree / "nets.py")
    }

    assert found == {
        *("nets.py", "layers.py", "far/off.py"),
        *("parts/__init__.py", "parts/gate.py", "parts/lock.py"),
    }


def test_a_file_in_a_package_is_run_after_its_package(tree):
    found = nearby.reached(tree / "parts" / "gate.py")

    assert tree / "parts" / "__init__.py" in found
    assert nearby.root(tree / "parts" / "gate.py") == tree
    assert nearby.root(tree / "far" / "off.py") == tree / "far"


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("layers", True),
        ("layers.anything", True),
        ("parts.gate", True),
        ("far", True),
        ("nets", False),  # the file itself
        ("json", False),  # a mere folder, of a name that is installed
        ("losslandscape", False),
        ("nowhere", False),
    ],
)
def test_a_module_is_at_home_beside_the_file(tree, name, has):
    assert nearby.home(name, tree / "nets.py", tree) == (tree if has else None)
