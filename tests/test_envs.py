"""The environments of conda against the lock file, and against what steps import."""

import re
import sys
from modulefinder import ModuleFinder
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "workflow" / "scripts"
ENVS = sorted((ROOT / "envs").glob("*.yaml"))

# What a package is called where it is imported.
IMPORTED = {"pillow": "PIL", "pyyaml": "yaml", "scikit-learn": "sklearn"}


def pins(env: Path) -> dict[str, str]:
    """The versions that an environment asks pip for."""
    *_, last = yaml.safe_load(env.read_text())["dependencies"]
    return dict(pin.split("==") for pin in last["pip"])


def python(env: Path) -> str:
    """The version of Python of an environment."""
    first, *_ = yaml.safe_load(env.read_text())["dependencies"]
    return first.removeprefix("python=")


def locked(version: str) -> dict[str, str]:
    """The versions in the lock file, for a version of Python on Linux."""
    machine = {"python_full_version": f"{version}.0", "sys_platform": "linux"}
    lines = re.findall(r"^\w[^\\\n]*", (ROOT / "requirements.txt").read_text(), re.M)
    found = [Requirement(line) for line in lines]
    return {
        one.name: str(one.specifier).removeprefix("==")
        for one in found
        if one.marker is None or one.marker.evaluate(machine)
    }


def used() -> set[tuple[str, str]]:
    """Each step with its environment, as the rules say."""
    files = (ROOT / "workflow" / "rules").glob("*.smk")
    rules = "".join(path.read_text() for path in files)
    pattern = r'envs/(\w+)\.yaml"(?:(?!^rule).)*?scripts/(\w+)\.py"'
    return set(re.findall(pattern, rules, re.DOTALL | re.MULTILINE))


def imports(step: str) -> set[str]:
    """The packages that a step imports, at any depth; what is not ours is not found."""
    finder = ModuleFinder([str(SCRIPTS)])
    finder.run_script(str(SCRIPTS / f"{step}.py"))
    named = {
        name.partition(".")[0]
        for name, by in finder.badmodules.items()
        # It wants torch only where torch was imported by others.
        if set(by) != {"losslandscape.device"}
    }
    return named - sys.stdlib_module_names


@pytest.mark.parametrize("env", ENVS, ids=lambda env: env.stem)
def test_every_pin_is_that_of_the_lock_file(env):
    lock = locked(python(env))

    assert pins(env)
    assert pins(env) == {name: lock.get(name) for name in pins(env)}


def test_every_step_finds_what_it_imports_in_its_environment():
    missing = {
        (step, package)
        for env, step in used()
        for package in imports(step)
        - {IMPORTED.get(name, name) for name in pins(ROOT / "envs" / f"{env}.yaml")}
    }

    assert len(used()) == len(list(SCRIPTS.glob("*.py")))
    assert missing == set()
