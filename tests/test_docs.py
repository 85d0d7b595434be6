"""The pages of docs/: in step with the schema, their commands as they are printed."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
PAGES = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
# What a command may be besides `snakemake` and `make`, which are planned below.
OTHERS = r"git clone|source \.venv|pip install|python |ls |sha256sum "


def blocks(page: str, language: str = "") -> list[str]:
    """The fenced blocks of a page in a language; commands have none."""
    text = (ROOT / "docs" / page).read_text()
    found = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [block for each, block in found if each == language]


def files(page: str) -> dict[str, str]:
    """The files that a page prints, which name themselves in a first comment."""
    found: dict[str, str] = {}
    for block in [*blocks(page, "yaml"), *blocks(page, "python")]:
        if named := re.match(r"# (\S+\.(?:yaml|py))\n", block):
            found[named[1]] = block
    return found


def commands(page: str) -> list[str]:
    """The commands that a page prints, without remarks."""
    lines = "".join(blocks(page)).splitlines()
    return [line.partition("  #")[0].strip() for line in lines if line.strip()]


def planned() -> list[tuple[str, str]]:
    """Pages with the commands of snakemake that they print, each command once.

    Of those with a file that the page prints, the last: the others only look at it.
    """
    found = {}
    for page in ["../README.md", *PAGES]:
        for command in commands(page):
            words = command.removeprefix("snakemake ").removeprefix("-n").strip()
            own = [text for name, text in files(page).items() if name in words]
            key = (words.partition("--configfile")[2] if own else words, *own)
            if command.startswith("snakemake ") and "--report" not in words:
                found[key] = (page, words)
    return list(found.values())


MADE = sorted({c for page in PAGES for c in commands(page) if c.startswith("make")})


def test_the_page_of_the_config_is_the_schemas():
    made = subprocess.run(
        [sys.executable, "-c", "import generate; print(generate.told(), end='')"],
        cwd=ROOT / "docs",
        capture_output=True,
        text=True,
    )

    assert made.returncode == 0, made.stderr
    assert made.stdout == (ROOT / "docs/config.md").read_text(), "run `make docs`"


def keys(node: object) -> list[tuple[str, str]]:
    """Every key of a schema with what it says of itself there, wherever it stands."""
    found = []
    if isinstance(node, dict):
        # Conditions repeat keys, to say when they are asked for.
        asked = {
            name: part for name, part in node.items() if name not in ("if", "then")
        }
        for name, part in node.get("properties", {}).items():
            found.append((name, part.get("description", "")))
        for part in asked.values():
            found += keys(part)
    elif isinstance(node, list):
        for part in node:
            found += keys(part)
    return found


def test_every_key_of_the_schema_is_on_its_page_with_a_meaning():
    text = (ROOT / "docs/config.md").read_text()
    rows = dict.fromkeys(re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", text, re.MULTILINE))
    top = SCHEMA["properties"].keys()

    for name, description in keys(SCHEMA):
        told = " ".join(description.split()).replace("|", "\\|")
        if name not in top:
            assert any(key == name and told in meaning for key, meaning in rows), name
    assert [name for name, meaning in rows if not meaning.strip()] == []
    assert all(f"\n## {name}\n" in text for name in top)


@pytest.mark.parametrize("page", PAGES)
def test_a_command_is_one_that_is_tried_here_or_of_another_program(page):
    strange = [
        line
        for line in commands(page)
        if not re.match(rf"snakemake |make\b|{OTHERS}|[A-Z_]+=", line)
    ]

    assert strange == []


@pytest.mark.parametrize(("page", "command"), planned())
def test_a_printed_snakemake_command_can_be_planned(fresh, tmp_path, page, command):
    clone = fresh.copy(tmp_path / "clone")
    for name, text in files(page).items():
        (clone.folder / name).write_text(text)
    small = command
    if command.startswith(("--configfile", "--workflow-profile")):
        # To plan the whole of a large study takes minutes.
        small = re.sub(r"config/(paper|cifar10)\.yaml", "config/smoke.yaml", command)
    if "--configfile" not in small:
        small += " --configfile config/demo.yaml"

    told = clone.snakemake("--dry-run", *shlex.split(small))

    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("command", MADE)
def test_a_printed_make_command_has_its_rule(command):
    words = shlex.split(command.partition(" > ")[0])

    told = subprocess.run(
        [*words, "--dry-run"], cwd=ROOT, capture_output=True, text=True
    )

    assert told.returncode == 0, told.stderr
