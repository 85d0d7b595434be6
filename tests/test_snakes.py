"""Snakemake in a child of a process that imported it is Snakemake."""

import subprocess
import sys

import snakes

SNAKEFILE = """
import os, sys
from pathlib import Path

Path("seen.txt").write_text(f"{os.environ['SAID']} {Path.cwd()}")
print("a remark", file=sys.stderr)

rule all:
    output: "made.txt"
    shell: "exit {config[code]}; touch {output}"
"""


def test_it_prints_and_ends_as_python_m_snakemake_does(tmp_path):
    for options in (["--version"], ["--no-such-option"]):
        told = snakes.run(options, tmp_path)

        usual = subprocess.run(
            [sys.executable, "-m", "snakemake", *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert (told.returncode, told.stdout) == (usual.returncode, usual.stdout)
        # But for its own name.
        ends = [each.stderr.rpartition("error: ")[2] for each in (told, usual)]
        assert ends[0] == ends[1]


def test_each_has_its_folder_and_the_environment_of_now(tmp_path, monkeypatch):
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "Snakefile").write_text(SNAKEFILE)
        monkeypatch.setenv("SAID", name)

        told = snakes.run(["--dry-run", "--config", "code=0"], folder)

        assert told.returncode == 0, told.stderr
        assert "a remark" in told.stderr
        assert (folder / "seen.txt").read_text() == f"{name} {folder}"


def test_a_job_that_fails_is_told_by_the_exit_code(tmp_path, monkeypatch):
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    monkeypatch.setenv("SAID", "it")

    told = snakes.run(["--cores", "1", "--config", "code=3"], tmp_path)

    assert told.returncode == 1
    assert "exit 3" in told.stdout + told.stderr
