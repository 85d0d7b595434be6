"""A stranger's workflow that uses ours: by path and by tag, beside rules of its own.

GitHub is stood in for by a repository in a folder: git itself is told to look there for
what has GitHub's address. All else, `github(…)` included, is Snakemake's own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
THEIRS = ROOT / "tests/module"
OURS = '"../../workflow/Snakefile"'
PATH = f'"{ROOT}/workflow/Snakefile"'
TAGGED = 'github("someone/losslandscape", path="workflow/Snakefile", tag="v1.0")'
FIGURE = "results/landscapes/figures/lines"


def git(folder: Path, *words: str) -> str:
    """What git says in a folder."""
    who = ("-c", "user.name=someone", "-c", "user.email=someone@example.org")
    told = subprocess.run(
        ["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


@pytest.fixture(scope="module")
def hosted(fresh, tmp_path_factory) -> dict[str, str]:
    """An environment in which GitHub has this workflow, with a tag, and the commit."""
    host = tmp_path_factory.mktemp("host")
    repository = fresh.copy(host / "someone/losslandscape").folder
    shutil.copy(ROOT / ".gitignore", repository)
    git(repository, "init", "--quiet")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "A release")
    git(repository, "tag", "v1.0")
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{host}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
        "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")),
        "COMMIT": git(repository, "rev-parse", "HEAD"),
    }


RUN = ("-m", "snakemake", "--cores", "1", "--max-jobs-per-timespan", "100/1s")


def stranger(
    folder: Path,
    snakefile: str,
    *options: str,
    program: tuple[str, ...] = RUN,
    **environment: str,
) -> subprocess.CompletedProcess:
    """Run the stranger's workflow in a folder, with ours from some place."""
    shutil.copytree(THEIRS, folder, dirs_exist_ok=True)
    text = (folder / "Snakefile").read_text()
    assert OURS in text
    (folder / "Snakefile").write_text(text.replace(OURS, snakefile))
    return subprocess.run(
        [sys.executable, *program, *options],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def theirs(folder: Path) -> set[str]:
    """What lies in the stranger's folder, but what Snakemake keeps there."""
    return {path.name for path in folder.iterdir()} - {".snakemake"}


def said(folder: Path) -> str:
    """What the stranger's own rules have made."""
    return (folder / "theirs/figures/summary.txt").read_text()


SAID = "hello, iris, as planned, is learned\nhello, wine, as planned, is learned\n"
OWN = {"Snakefile", "config.yaml", "scripts", "theirs"}


def test_a_stranger_runs_our_rules_by_path_in_a_folder_of_their_own(tmp_path):
    told = stranger(tmp_path, f'{PATH}\n    prefix:\n        "ours"')

    assert told.returncode == 0, told.stdout + told.stderr
    assert (tmp_path / f"ours/{FIGURE}.png").read_bytes().startswith(b"\x89PNG")
    assert said(tmp_path) == SAID
    assert theirs(tmp_path) == OWN | {"ours"}


def test_a_stranger_runs_our_rules_by_tag(hosted, tmp_path):
    told = stranger(tmp_path, TAGGED, **hosted)

    assert told.returncode == 0, told.stdout + told.stderr
    assert (tmp_path / f"{FIGURE}.png").read_bytes().startswith(b"\x89PNG")
    assert said(tmp_path) == SAID
    assert theirs(tmp_path) == OWN | {"results", "resources", "logs"}
    code = json.loads((tmp_path / f"{FIGURE}.receipt.json").read_text())["code"]
    assert (code["commit"], code["clean"]) == (hosted["COMMIT"], True)


DATA = {
    "npz": {"npz": {"path": "mine/x.npz"}},
    "folder": {"folder": {"path": "mine/images", "size": 8}},
    "own": {"own": {"file": "mine/data.py", "name": "Points"}},
}
FILES = {
    "data.py": "class Points: ...\n",
    "task.py": "def apart(outputs, targets): ...\n",
    "images/train/a/1.png": "",
    "images/test/a/1.png": "",
    "x.npz": "",
    "weights.pt": "",
}


def test_a_users_own_files_stay_where_the_study_says_under_a_prefix(tmp_path):
    """Data, tasks and weights: what is made alone is under the prefix."""
    task = {"own": {"file": "mine/task.py", "loss": "apart", "measure": "apart"}}
    chosen = {"task": task, "mean": [0.5] * 3, "std": [0.5] * 3}
    sources = {name: {"source": DATA[name], **chosen} for name in DATA}
    runs = [f"{name}/resnet8/theirs-seed0" for name in DATA]
    rows = [{"lines": {"plane": "line", "runs": runs}}]
    study = {
        "datasets": sources,
        "recipes": {"theirs": {"weights": {"path": "mine/weights.pt"}}},
        "figures": {"lines": {"rows": rows}},
    }
    for name, text in FILES.items():
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_text(text)
    config = tmp_path / "mine/study.yaml"
    config.write_text(yaml.safe_dump({"losslandscape": study}))

    told = stranger(
        tmp_path,
        f'{PATH}\n    prefix:\n        "ours"',
        *("--dry-run", "--configfile", str(config)),
    )

    assert told.returncode == 0, told.stdout + told.stderr
    inputs = re.findall(r"^ +input: (.+)$", told.stdout, re.MULTILINE)
    named = {path for line in inputs for path in line.split(", ")}
    own = {path for path in named if "mine/" in path}
    assert own == {f"mine/{name}" for name in FILES}
    assert "ours/resources/npz.h5" in named


LOCAL = """
from unittest import mock
from snakemake import api, cli

def tell(dag):
    print(*sorted(dag.workflow_api._workflow._localrules))

with mock.patch.object(api.DAGApi, "printdag", tell):
    parser, parsed = cli.parse_args(["--dag", "dot", "--quiet", "all"])
    cli.args_to_api(parsed, parser)
"""


def test_what_is_local_of_ours_is_local_under_a_prefix_and_nothing_else(tmp_path):
    """The directive `localrules` knows no prefix (Snakemake 9.27.1)."""
    told = stranger(tmp_path, PATH, program=("-c", LOCAL))

    local = told.stdout.split()
    # One that says so itself, and one made of another rule.
    assert {"landscape_figure", "landscape_volume"} <= set(local)
    assert {"landscape_dataset", "landscape_claims"} <= set(local)
    assert all(name.startswith("landscape_") for name in local)
    assert not {"landscape_train", "landscape_line"} & set(local)


def test_another_package_of_our_name_is_not_run_by_mistake(tmp_path):
    other = tmp_path / "installed/losslandscape"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()

    told = stranger(
        tmp_path / "theirs", PATH, "--dry-run", PYTHONPATH=str(other.parent)
    )

    assert told.returncode == 1
    assert f"Python finds losslandscape in {other}" in told.stdout + told.stderr


def test_a_place_without_scripts_is_refused_in_words(hosted, tmp_path):
    repository = hosted["GIT_CONFIG_KEY_0"].split("//")[1].removesuffix(".insteadOf")
    place = f"git+file://{repository}someone/losslandscape/workflow/Snakefile@v1.0"

    told = stranger(tmp_path, f'"{place}"', "--dry-run")

    assert told.returncode == 1
    assert "name this workflow by a path, or by github(…)" in told.stdout + told.stderr


def test_the_repository_is_what_the_workflow_catalog_asks_for():
    """Its criteria for «standardized usage», as its pages had them in 2025."""
    catalog = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())
    readme = (ROOT / "README.md").read_text().lower()

    assert {"snakemake", "workflow"} <= set(readme.split())
    assert (ROOT / "workflow/Snakefile").is_file()
    assert list((ROOT / "workflow/rules").glob("*.smk"))
    assert (ROOT / "config/README.md").stat().st_size > 1000
    assert (ROOT / "workflow/schemas/config.schema.yaml").is_file()
    assert catalog.keys() == {"usage"}
    assert catalog["usage"].keys() == {"mandatory-flags", "software-stack-deployment"}
    assert catalog["usage"]["mandatory-flags"].keys() == {"desc", "flags"}
    deployment = catalog["usage"]["software-stack-deployment"]
    assert deployment == {
        "conda": True,
        "apptainer": False,
        "apptainer+conda": False,
        "report": True,
    }


def test_the_workflow_catalog_can_draw_our_rules(fresh):
    told = fresh.snakemake(
        *("--snakefile", "workflow/Snakefile", "--directory", ".test"),
        *("--configfile", "config/smoke.yaml", "--forceall", "--rulegraph"),
    )

    assert told.returncode == 0, told.stderr
    assert 'label = "train"' in told.stdout
