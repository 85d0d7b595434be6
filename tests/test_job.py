"""A job: what it leaves when it ends well, and what when it does not."""

import hashlib
import json
import logging
import warnings
from pathlib import Path

import h5py
import numpy as np
import pytest
from snakemake import iocontainers

from jobs import LOCK, NAMES, failing, files, run, told, write
from losslandscape import job, receipt, store

pytestmark = pytest.mark.usefixtures("own_process")

STEP = logging.getLogger("losslandscape.train")
PROGRESS = logging.getLogger("losslandscape.progress")


def test_a_job_leaves_its_outputs_and_its_receipt(tmp_path):
    run(told(tmp_path))

    assert (tmp_path / "weights.safetensors").read_text() == "weights"
    assert (tmp_path / "history.csv").read_text() == "history"
    assert files(tmp_path) == set(NAMES.values())


def test_no_output_has_its_name_before_all_are_whole(tmp_path, monkeypatch):
    def full(path, facts):
        parts = {".part-weights.safetensors", ".part-history.csv"}
        assert files(tmp_path) == parts | {LOCK}
        raise OSError("the disk is full")

    monkeypatch.setattr(receipt, "save", full)
    with pytest.raises(SystemExit):
        run(told(tmp_path))

    assert files(tmp_path) == set()


def test_the_receipt_gets_its_name_last(tmp_path, monkeypatch):
    renamed = []

    def replace(source, target):
        renamed.append(Path(target).name)
        Path(source).rename(target)

    monkeypatch.setattr("os.replace", replace)
    run(told(tmp_path))

    assert renamed == list(NAMES.values())


REFUSED = [
    (ValueError("images are 8×9 pixels"), "ValueError: images are 8×9 pixels"),
    (OSError(5, "Input/output error"), "OSError: [Errno 5] Input/output error"),
    (ZeroDivisionError("no images"), "ZeroDivisionError: no images"),
    (
        MemoryError("not even one image fits"),
        "MemoryError: not even one image fits: run fewer jobs at once (`--resources "
        "gpu=1`, `--cores 1`), or where there is more memory; nothing is lost",
    ),
]


@pytest.mark.parametrize(("error", "sentence"), REFUSED)
def test_what_the_outside_gets_wrong_is_one_sentence(tmp_path, capsys, error, sentence):
    with pytest.raises(SystemExit) as end:
        run(told(tmp_path), failing(error))

    assert end.value.code == 1
    (line,) = (tmp_path / "train.log").read_text().splitlines()
    assert line.endswith(f" ERROR {sentence}")
    assert capsys.readouterr().err == f"{tmp_path}/train: {sentence}\n"


@pytest.mark.parametrize("error", [TypeError("no such option"), RuntimeError("CUDA")])
def test_a_fault_of_our_own_keeps_its_traceback(tmp_path, capsys, error):
    with pytest.raises(SystemExit) as end:
        run(told(tmp_path), failing(error))

    assert end.value.code == 1
    for text in ((tmp_path / "train.log").read_text(), capsys.readouterr().err):
        assert text.count("Traceback (most recent call last)") == 1
        assert "in body\n    raise error\n" in text
        assert text.endswith(f"{type(error).__name__}: {error}\n")


@pytest.mark.parametrize("error", [ValueError(), TypeError(), KeyboardInterrupt()])
def test_a_body_that_fails_leaves_nothing(tmp_path, error):
    with pytest.raises(SystemExit):
        run(told(tmp_path), failing(error))

    assert files(tmp_path) == set()


def test_an_output_that_was_not_written_fails_the_job(tmp_path):
    def body(output, memory):
        Path(output.weights).write_text("weights")

    with pytest.raises(SystemExit):
        run(told(tmp_path), body)

    assert files(tmp_path) == set()
    assert "history.csv" in (tmp_path / "train.log").read_text()


def test_an_input_that_cannot_be_read_is_one_sentence(tmp_path):
    snakemake = told(tmp_path)
    (tmp_path / "digits.h5").unlink()

    with pytest.raises(SystemExit) as end:
        run(snakemake)

    assert end.value.code == 1
    assert "ERROR FileNotFoundError: " in (tmp_path / "train.log").read_text()


def test_the_receipt_says_what_went_in_and_came_out(tmp_path):
    recipe = {"epochs": 2, "optimiser": {"sgd": {}}}

    run(told(tmp_path, recipe=recipe))

    facts = json.loads((tmp_path / "weights.receipt.json").read_text())
    # The digest of "abc" is printed in the standard, FIPS 180-2.
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    data = str(tmp_path / "digits.h5")
    assert facts["inputs"] == {data: {"sha256": known, "bytes": 3}}
    for name in ("weights", "history"):
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        stated = facts["outputs"].pop(str(tmp_path / NAMES[name]))
        assert stated == {"sha256": sha256, "bytes": 7}
    assert not facts["outputs"]
    assert facts["params"] == {"code": "1234", "recipe": recipe}
    assert facts["seeds"] == {"seed": 0}


def test_the_receipt_says_how_the_job_ran(tmp_path):
    run(told(tmp_path))

    facts = json.loads((tmp_path / "weights.receipt.json").read_text())
    said = {key: facts[key] for key in ("rule", "wildcards", "threads", "attempt")}
    assert said == {
        "rule": "train",
        "wildcards": {"model": "resnet8", "seed": "0"},
        "threads": 1,
        "attempt": 2,
    }
    assert facts["device"] == {"name": "cpu"}
    assert facts["start"] <= facts["end"]
    assert facts.keys() > {"code", "software", "host"}


def test_a_measured_file_has_the_note_of_its_recipe_before_it_is_hashed(tmp_path):
    snakemake = told(tmp_path)
    surface = tmp_path / "surface.h5"
    outputs = {"surface": str(surface), "receipt": str(tmp_path / "x.receipt.json")}
    snakemake.output = iocontainers.OutputFiles(fromdict=outputs)

    with job.running(snakemake):
        store.save(snakemake.output.surface, {"x": np.ones(2)}, batchnorm="frozen")

    with h5py.File(surface) as file:
        note = json.loads(file.attrs["recipe"])
    assert note == {
        "rule": "train",
        "model": "resnet8",
        "seed": "0",
        "batchnorm": "frozen",
        "code": "1234",
    }
    facts = json.loads((tmp_path / "x.receipt.json").read_text())
    sha256 = hashlib.sha256(surface.read_bytes()).hexdigest()
    assert facts["outputs"][str(surface)]["sha256"] == sha256


def test_the_log_has_it_all_and_the_terminal_how_far_it_is(tmp_path, capsys):
    def body(output, memory):
        write(output, memory)
        STEP.info("epoch 1, train loss 2.3")
        PROGRESS.info("epoch 1 of 2, 7 s left")
        STEP.warning("the run diverged")
        logging.getLogger("matplotlib").info("a font")
        warnings.warn("a library's own", stacklevel=1)

    run(told(tmp_path), body)

    lines = (tmp_path / "train.log").read_text().splitlines()
    assert [line.split(" ", 2)[2] for line in lines[:4]] == [
        "INFO epoch 1, train loss 2.3",
        "INFO epoch 1 of 2, 7 s left",
        "WARNING the run diverged",
        "INFO a font",
    ]
    assert "UserWarning: a library's own" in "\n".join(lines)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(
        f"{tmp_path}/train: epoch 1 of 2, 7 s left\n"
        f"{tmp_path}/train: the run diverged\n"
    )
    assert "UserWarning: a library's own" in shown.err
    assert not any(word in shown.err for word in ("train loss", "font"))


def test_a_damaged_input_is_refused_before_any_work(tmp_path, capsys):
    snakemake = told(tmp_path)
    made = {str(tmp_path / "digits.h5"): {"sha256": "0" * 64, "bytes": 3}}
    (tmp_path / "digits.receipt.json").write_text(json.dumps({"outputs": made}))

    with pytest.raises(SystemExit):
        run(snakemake, failing(AssertionError("worked")))

    (line,) = capsys.readouterr().err.splitlines()
    assert f"{tmp_path}/digits.h5 is not what its job left" in line


def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path, caplog):
    snakemake = told(tmp_path)
    (tmp_path / "train.log").mkdir()

    with pytest.raises(SystemExit) as end:
        run(snakemake)

    assert end.value.code == 1
    assert "Is a directory" in caplog.text
    assert "weights.safetensors" not in files(tmp_path)
