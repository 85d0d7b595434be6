"""`make audit`, `make trace`, `make rebuild`, on a real study and on faults in it."""

import hashlib
import json
import shutil

import pytest

import audited
from audited import FIGURE, OTHER, RUN
from losslandscape import provenance, rebuild


@pytest.fixture(scope="module")
def study(fresh, tmp_path_factory):
    """A real study, built."""
    return audited.built(fresh.copy(tmp_path_factory.mktemp("audited") / "clone"))


def test_a_study_just_built_is_as_the_workflow_would_make_it(study):
    returned, verdicts = audited.verdicts(study)

    assert returned == 0
    assert len(verdicts) == 33
    assert {verdict for verdict, _ in verdicts.values()} == {"unchanged"}


def test_every_planted_fault_is_found_and_named(study, tmp_path):
    clone = study.copy(tmp_path / "clone")
    weights = clone.folder / RUN / "weights.safetensors"
    whole = bytearray(weights.read_bytes())
    whole[-5] ^= 1
    weights.write_bytes(whole)
    for name in ("surface.h5", "surface.receipt.json"):
        shutil.copy(clone.folder / OTHER / "plane" / name, clone.folder / RUN / "plane")
    table = clone.folder / "results/audited/tables/errors.csv"
    table.write_text(table.read_text().replace("9", "1", 1))
    (clone.folder / f"{OTHER}/plane/directions.csv").unlink()
    (clone.folder / f"{FIGURE}-final.png").touch()

    returned, verdicts = audited.verdicts(clone)

    off = {path: told for path, told in verdicts.items() if told[0] != "unchanged"}
    assert returned == 1
    assert {path: verdict for path, (verdict, _) in off.items()} == {
        f"{RUN}/weights.safetensors": "changed by hand",
        # Their receipt is that of another place.
        **{f"{RUN}/plane/surface.{form}": "foreign" for form in ("h5", "csv", "vts")},
        f"{FIGURE}.pdf": "stale",
        f"{FIGURE}.png": "stale",
        "results/audited/tables/errors.csv": "changed by hand",
        "results/audited/tables/errors.json": "stale",
        "results/audited/tables/errors.tex": "stale",
        "results/audited/index.html": "stale",
        f"{OTHER}/plane/directions.csv": "missing",
        f"{FIGURE}-final.png": "foreign",
    }
    assert f"that of {OTHER}/plane/surface.h5" in off[f"{RUN}/plane/surface.h5"][1]
    assert off[f"{FIGURE}.pdf"][1] == f"made from another {RUN}/plane/surface.h5"


def test_a_changed_config_and_changed_code_are_found_and_named(study, tmp_path):
    clone = study.copy(tmp_path / "clone")
    clone.edit("config/audited.yaml", "learning_rate: 0.1", "learning_rate: 0.2")
    style = clone.folder / "workflow/scripts/losslandscape/style.py"
    style.write_text(style.read_text() + "\nADDED = 1\n")

    returned, verdicts = audited.verdicts(clone)

    weights = f"{RUN}/weights.safetensors"
    assert returned == 1
    assert verdicts[weights] == (
        *("stale", "recipe.optimiser.sgd.learning_rate was 0.1, is 0.2"),
    )
    assert verdicts[f"{RUN}/plane/directions.csv"] == (
        *("made from stale", f"from {weights}"),
    )
    assert verdicts[f"{FIGURE}.png"] == ("stale", "the step's code has changed")
    assert verdicts["resources/digits.h5"] == ("unchanged", "")


def test_a_trace_leads_from_the_data_to_the_figure_and_marks_what_does_not_fit(
    study, tmp_path
):
    whole = audited.command(study, "traces", "shown")
    clone = study.copy(tmp_path / "clone")
    (clone.folder / RUN / "weights.safetensors").write_bytes(b"")

    broken = audited.command(clone, "traces", f"{FIGURE}.pdf")
    unknown = audited.command(study, "traces", "shwon")

    assert whole.returncode == 0
    steps = [x.split()[1] for x in whole.stdout.splitlines() if x[:3].strip().isdigit()]
    road = ["train", "directions", "shard", "surface"]
    assert steps == ["dataset", *road, "figure"]
    assert "✗" not in whole.stdout
    assert broken.returncode == 1
    assert f"   ✗ {RUN}/weights.safetensors: 0 bytes of sha256 e3b0c44298fc…" in (
        broken.stdout
    )
    assert unknown.returncode == 1
    assert "no receipt in results/audited tells of" in unknown.stderr


def test_a_rebuild_from_scratch_has_the_same_bytes_but_for_what_was_forged(
    study, tmp_path
):
    clone = study.copy(tmp_path / "clone")
    picture = clone.folder / f"{FIGURE}.png"
    picture.write_bytes(picture.read_bytes() + b"forged")
    receipt = clone.folder / f"{FIGURE}.receipt.json"
    facts = json.loads(receipt.read_text())
    facts["outputs"][f"{FIGURE}.png"] = {
        "sha256": hashlib.sha256(picture.read_bytes()).hexdigest(),
        "bytes": picture.stat().st_size,
    }
    receipt.write_text(json.dumps(facts))

    told = audited.command(clone, "rebuild", "--sample", "1")

    assert told.returncode == 1, told.stderr
    assert "\n6 jobs again, which took " in f"\n{told.stdout}"
    (said,) = [
        line for line in told.stdout.splitlines() if line.startswith("✗ results")
    ]
    assert said.startswith(f"✗ {FIGURE}.png is other bytes, see ")
    assert told.stdout.endswith("✗ 1 differ\n")
    shutil.rmtree(said.rpartition(" see ")[2])


def test_measures_of_the_same_weights_agree_between_instruction_sets(
    study, monkeypatch
):
    receipts = provenance.receipts(study.folder / "results")
    seed = next(
        seed
        for seed in range(100)
        if rebuild.sample(receipts, 2, seed)[1]["rule"] == "shard"
    )
    # Another machine, as far as torch and its convolutions are concerned.
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "SSE41")

    told = audited.command(study, "rebuild", "--sample", "2", "--seed", str(seed))

    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("1 jobs again") == 2
    assert "shards/1-of-1.h5 alone: instructions " in told.stdout
    assert "% of its limits apart" in told.stdout
    assert told.stdout.endswith("✓ nothing differs\n")
