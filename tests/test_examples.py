"""The worked examples, whichever there are: each built to its figures, but small."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/config.yaml"))
FEW = {"train": 40, "test": 20}


def config(name: str) -> dict:
    """The study of an example."""
    return yaml.safe_load((EXAMPLES / name / "config.yaml").read_text())


def fewer(panels: dict) -> dict:
    """A kind of panels with the first run, the first guest and the first two curves."""
    least = {"runs": 1, "guests": 1, "curves": 2}
    return {
        key: value[: least.get(key, len(value))] if isinstance(value, list) else value
        for key, value in panels.items()
    }


def first_kinds(rows: list) -> list:
    """The first panels of each kind, of fewer runs: each job of torch costs seconds."""
    found = {}
    for row in rows:
        for part in row if isinstance(row, list) else [row]:
            for kind, panels in part.items():
                found.setdefault(kind, fewer(panels))
    return [found]


def small(study: dict) -> dict:
    """What is laid on a study so that it takes seconds; every kind is still there."""
    trained = [name for name, how in study["recipes"].items() if "epochs" in how]
    return {
        "recipes": {name: {"images": FEW} for name in study["recipes"]}
        # Two, for a plane of two components.
        | {name: {"images": FEW, "epochs": 2} for name in trained},
        "planes": {
            name: {"images": FEW}
            | {axis: {"points": 3} for axis in plane.keys() & {"x", "y", "z"}}
            for name, plane in study["planes"].items()
        },
        "curves": {
            name: {"images": FEW, "points": 3, "ensemble": 2}
            for name in study.get("curves", {})
        },
        "figures": {
            name: {"rows": first_kinds(figure["rows"])}
            for name, figure in study["figures"].items()
        },
    }


@pytest.fixture(scope="module")
def clone(fresh, tmp_path_factory):
    """A copy of the workflow with the examples, which share what they can."""
    made = fresh.copy(tmp_path_factory.mktemp("examples") / "clone")
    ours = shutil.ignore_patterns("elsewhere", "__pycache__")
    shutil.copytree(EXAMPLES, made.folder / "examples", ignore=ours)
    return made


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_built_to_its_figures(clone, name):
    folder, study = clone.folder / "examples" / name, config(name)
    for script in folder.glob("make_*.py"):
        one_thread = os.environ | {"OMP_NUM_THREADS": "1"}
        subprocess.run([sys.executable, script], check=True, env=one_thread)
    (folder / "small.json").write_text(json.dumps(small(study)))
    files = [f"examples/{name}/{file}" for file in ("config.yaml", "small.json")]

    told = clone.snakemake(*study["figures"], "--configfile", *files)

    assert told.returncode == 0, told.stdout + told.stderr
    figures = clone.folder / "results" / study["study"] / "figures"
    assert {path.stem for path in figures.glob("*.png")} == study["figures"].keys()


@pytest.mark.parametrize("name", NAMES)
def test_an_example_says_how_it_is_run_and_is_in_the_index(name):
    command = f"snakemake --configfile examples/{name}/config.yaml"

    assert command in (EXAMPLES / name / "README.md").read_text()
    assert f"({name}/README.md)" in (EXAMPLES / "README.md").read_text()
    assert config(name)["study"] == f"example_{name}"


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_of_an_example_is_small_enough_for_a_repository(name):
    picture = EXAMPLES / name / "figure.png"

    assert 1_000 < picture.stat().st_size < 150_000
