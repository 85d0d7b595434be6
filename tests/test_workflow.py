"""The workflow as its users run it: the real DAG at toy size."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONFIGS = sorted(path.name for path in (ROOT / "config").glob("*.yaml"))
ROAD = {"dataset", "train", "directions", "line", "shard", "surface"}
RUN = "results/smoke/digits/resnet8/sgd-seed0"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", CONFIGS)
def test_every_shipped_config_is_planned(fresh, name):
    told = fresh.snakemake("--configfile", f"config/{name}", "--dry-run", "--quiet")

    assert told.returncode == 0, told.stdout + told.stderr


def test_the_smoke_study_reaches_its_figures(smoke):
    figures = smoke.folder / "results/smoke/figures"

    assert (figures / "everything.pdf").read_bytes().startswith(b"%PDF")
    assert (figures / "everything.png").read_bytes().startswith(b"\x89PNG")


def test_every_artifact_has_a_receipt_with_its_hash(smoke):
    receipts = list(smoke.folder.glob("res*/**/*.receipt.json"))
    stated = {}
    for receipt in receipts:
        stated |= json.loads(receipt.read_text())["outputs"]

    artifacts = [
        path
        for path in smoke.folder.glob("res*/**/*")
        if path.is_file() and path not in receipts
    ]

    assert {str(path.relative_to(smoke.folder)) for path in artifacts} == set(stated)
    for path in artifacts:
        fact = stated[str(path.relative_to(smoke.folder))]
        assert fact == {"sha256": sha256(path), "bytes": path.stat().st_size}


def test_a_receipt_leads_from_a_figure_to_the_data(smoke):
    def receipts_behind(path: str) -> set[str]:
        found = set()
        for receipt in smoke.folder.glob("res*/**/*.receipt.json"):
            facts = json.loads(receipt.read_text())
            if path in facts["outputs"]:
                found.add(facts["rule"])
                for source in facts["inputs"]:
                    found |= receipts_behind(source)
        return found

    rules = receipts_behind("results/smoke/figures/everything.pdf")

    assert rules == {*ROAD, "figure"}


def test_the_smoke_study_goes_through_every_rule(smoke):
    written = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*"))
    rules = set(re.findall(r"^rule (\w+):", written, re.MULTILINE))
    rules |= set(re.findall(r"^use rule \w+ as (\w+)", written, re.MULTILINE))

    receipts = smoke.folder.glob("res*/**/*.receipt.json")
    ran = {json.loads(receipt.read_text())["rule"] for receipt in receipts}

    # A target of its own, made when it is asked for.
    assert ran == rules - {"crate_zip"}


@pytest.mark.parametrize(
    ("target", "figures", "tables"),
    [("way", 1, 0), ("flatness", 1, 1), ("li2018", 3, 1), ("garipov2018", 2, 2)],
)
def test_a_figure_and_a_papers_set_are_built_by_name(fresh, target, figures, tables):
    counted = fresh.counted(target)

    assert (counted["figure"], counted.get("table", 0)) == (figures, tables)


def test_the_page_shows_every_figure_and_table_with_its_trace(smoke):
    results = smoke.folder / "results/smoke"
    shown = (results / "index.html").read_text()

    names = [f"figures/{path.name}" for path in results.glob("figures/*.png")]
    names += [f"tables/{path.name}" for path in results.glob("tables/*.csv")]
    _, _, data = shown.partition('id="data">')
    traces = json.loads(data.partition("</script>")[0])["traces"]

    assert len(names) == 14
    assert all(f'href="{name}"' in shown and traces[name] for name in names)


def test_snakemakes_own_report_has_every_figure_and_table(smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")

    told = clone.snakemake("--report", "report.zip")

    assert told.returncode == 0, told.stdout + told.stderr
    with zipfile.ZipFile(clone.folder / "report.zip") as file:
        names = {Path(name).name for name in file.namelist()}
        page = file.read("report/report.html").decode()
    assert {"everything.png", "flatness.png", "flatness.csv"} <= names
    assert len(names - {"report.html"}) == 14
    for words in ("Every kind of row of losses.", "Li et al.", "Of this study alone"):
        assert words in page


@pytest.mark.parametrize(
    ("plane", "name"), [("coarse", "surface"), ("volume", "volume")]
)
def test_shards_do_not_change_the_surface(smoke, tmp_path, plane, name):
    clone = smoke.copy(tmp_path / "clone")
    surface = f"{RUN}/{plane}/{name}.h5"

    told = clone.snakemake("--set-scatter", "surface=3", "--", surface)

    assert told.returncode == 0, told.stderr
    assert (clone.folder / f"{RUN}/{plane}/shards/3-of-3.h5").exists()
    assert sha256(clone.folder / surface) == sha256(smoke.folder / surface)


def test_shards_do_not_change_the_curvature(smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")
    curvature = f"{RUN}/coarse/curvature.h5"

    told = clone.snakemake("--set-scatter", "curvature=2", "--", curvature)

    assert told.returncode == 0, told.stderr
    assert (clone.folder / f"{RUN}/coarse/curvature/2-of-2.h5").exists()
    assert sha256(clone.folder / curvature) == sha256(smoke.folder / curvature)


@pytest.mark.parametrize(
    "drawn", ["coarse/line.h5", "line/surface.h5", "volume/surface.h5"]
)
def test_a_line_is_no_surface_and_a_plane_no_line(fresh, drawn):
    told = fresh.snakemake("--dry-run", "--", f"{RUN}/{drawn}")

    assert told.returncode == 1
    assert "No rule to produce" in told.stdout + told.stderr


def test_weights_that_were_damaged_before_their_receipt_are_found_at_the_centre(
    smoke, tmp_path
):
    clone = smoke.copy(tmp_path / "clone")
    weights = clone.folder / RUN / "weights.safetensors"
    receipt, before = weights.with_name("weights.receipt.json"), sha256(weights)
    whole = bytearray(weights.read_bytes())
    whole[-5] ^= 0x40  # high in the exponent of a weight
    weights.write_bytes(whole)
    receipt.write_text(receipt.read_text().replace(before, sha256(weights)))

    told = clone.snakemake("--", f"{RUN}/line/line.h5")

    assert told.returncode == 1
    assert "ArithmeticError: the" in told.stdout + told.stderr
    assert not (clone.folder / RUN / "line/line.h5").exists()


def test_a_killed_training_goes_on_and_ends_with_the_same_bytes(smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")
    clone.edit("config/smoke.yaml", "epochs: 2", "epochs: 40")
    weights = f"{RUN}/weights.safetensors"
    whole = clone.copy(tmp_path / "whole")
    assert whole.snakemake("--", weights).returncode == 0

    command = [sys.executable, "-m", "snakemake", "--cores", "2"]
    command += ["--configfile", "config/smoke.yaml", "--", weights]
    running = subprocess.Popen(
        command,
        cwd=clone.folder,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not list((clone.folder / RUN).glob(".resume-*.safetensors")):
        assert running.poll() is None
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    clone.snakemake("--unlock")
    told = clone.snakemake("--", weights)

    log = (clone.folder / "logs/smoke/digits/resnet8/sgd-seed0/train.log").read_text()
    assert told.returncode == 0, told.stderr
    assert "going on after epoch" in log
    assert not list((clone.folder / RUN).glob(".*"))
    for name in ("weights.safetensors", "history.csv"):
        assert sha256(clone.folder / RUN / name) == sha256(whole.folder / RUN / name)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("epochs: 2", "epoks: 2", "recipes.sgd: Other keys are not allowed ('epoks'"),
        ("epochs: 2", "epochs: two", "recipes.sgd.epochs: 'two' is not of type"),
        ("epochs: 2", "epochs: 0", "recipes.sgd.epochs: 0 is less than the minimum"),
        ("plane: fine", "plane: finer", "planes has no 'finer'"),
        ("resnet8/sgd", "resnet9/sgd", "models has no 'resnet9'"),
        ("refines: coarse", "refines: line", "planes has no plane 'line'"),
        ("contours: {plane: fine", "contours: {plane: line", "draws a plane (x and y)"),
        ("frozen", "interpolated", "interpolated needs directions of states"),
    ],
)
def test_a_fault_of_the_config_is_refused_in_words(fresh, tmp_path, old, new, sentence):
    clone = fresh.copy(tmp_path / "clone")
    clone.edit("config/smoke.yaml", old, new)

    told = clone.snakemake("--dry-run")

    said = told.stdout + told.stderr
    assert told.returncode == 1
    assert sentence in said
    assert "Traceback" not in said


def test_a_stranger_uses_the_workflow_as_a_module(fresh, tmp_path):
    (tmp_path / "Snakefile").write_text(
        f"""
configfile: "{fresh.folder}/config/smoke.yaml"

module landscapes:
    snakefile: "{fresh.folder}/workflow/Snakefile"
    config: config

use rule * from landscapes as landscapes_*

rule mine:
    default_target: True
    input: rules.landscapes_all.input, "resources/digits.h5"
"""
    )

    stranger = [sys.executable, "-m", "snakemake", "--cores", "1", "--directory"]
    plan = subprocess.run(
        [*stranger, tmp_path, "--snakefile", tmp_path / "Snakefile", "--dry-run"],
        cwd=tmp_path,  # Else the profile of this folder brings its own study along.
        capture_output=True,
        text=True,
        check=False,
    )

    assert plan.returncode == 0, plan.stdout + plan.stderr
    assert "landscapes_figure" in plan.stdout
    # A list of `localrules` would be of names that have no prefix.
    assert "not present in the Snakefile" not in plan.stdout + plan.stderr
