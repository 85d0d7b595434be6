"""A job: what it leaves when it ends well, and what when it does not."""

import hashlib
import json
import logging
import os
import signal
import warnings
from contextlib import contextmanager
from pathlib import Path

import pytest
from snakemake import iocontainers

from losslandscape import device, job, receipt

STEP = logging.getLogger("losslandscape.train")
PROGRESS = logging.getLogger("losslandscape.progress")


@pytest.fixture(autouse=True)
def _own_process(monkeypatch):
    """A job owns the logging and the device of its process; here it gives them back."""
    root = logging.getLogger()
    level = root.level
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(device, "prepare", lambda threads: {"name": "cpu"})
    yield
    logging.captureWarnings(False)
    root.setLevel(level)
    for handler in root.handlers:
        handler.close()


LOCK = ".lock-weights"
NAMES = {
    "weights": "weights.safetensors",
    "history": "history.csv",
    "receipt": "weights.receipt.json",
}


def told(folder: Path, seed: str = "0", **params) -> iocontainers.Snakemake:
    """What Snakemake tells the script of a rule with one input and two outputs."""
    (folder / "digits.h5").write_text("abc")
    outputs = {name: str(folder / file) for name, file in NAMES.items()}
    wildcards = {"model": "resnet8", "seed": seed}
    return iocontainers.Snakemake(
        input_=iocontainers.InputFiles(fromdict={"data": str(folder / "digits.h5")}),
        output=iocontainers.OutputFiles(fromdict=outputs),
        params=iocontainers.Params(fromdict={"code": "1234", **params}),
        wildcards=iocontainers.Wildcards(fromdict=wildcards),
        threads=1,
        resources=iocontainers.ResourceList(fromdict={"attempt": 2}),
        log=iocontainers.Log(toclone=[str(folder / "train.log")]),
        config={},
        rulename="train",
        bench_iteration=None,
    )


@pytest.fixture
def waiting(monkeypatch):
    """Makes the next jobs ones that had to wait for another."""

    @contextmanager
    def taken(path):
        yield True

    return lambda: monkeypatch.setattr(job.turns, "taken", taken)


def write(output, memory) -> None:
    """A body that ends well."""
    Path(output.weights).write_text("weights")
    Path(output.history).write_text("history")


def run(snakemake: iocontainers.Snakemake, body=write) -> Path:
    """Run a body as a job; gives the file that survives interruption."""
    with job.running(snakemake) as memory:
        body(snakemake.output, memory)
    return memory


def files(folder: Path) -> set[str]:
    """What stands in the folder beside the input and the log."""
    return {path.name for path in folder.iterdir()} - {"digits.h5", "train.log"}


def failing(error: Exception):
    """A body that fails when its first output is written."""

    def body(output, memory):
        Path(output.weights).write_text("half of the wei")
        raise error

    return body


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


def interrupted(output, memory) -> None:
    """A body that keeps its state and a series, and is then stopped."""
    memory.write_text("epoch 3")
    memory.with_suffix("").mkdir()
    (memory.with_suffix("") / "2").write_text("epoch 2")
    raise KeyboardInterrupt


def test_an_interrupted_job_finds_its_state_and_removes_it_in_the_end(tmp_path):
    found = []
    with pytest.raises(SystemExit):
        run(told(tmp_path, epochs=5), interrupted)

    def body(output, memory):
        found.append(memory.read_text())
        found.append((memory.with_suffix("") / "2").read_text())
        write(output, memory)

    run(told(tmp_path, epochs=5), body)

    assert found == ["epoch 3", "epoch 2"]
    assert files(tmp_path) == set(NAMES.values())


def test_a_job_that_is_told_to_stop_says_so_and_keeps_its_state(tmp_path, capsys):
    def body(output, memory):
        memory.write_text("epoch 3")
        Path(output.weights).write_text("half of the wei")
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("went on")

    with pytest.raises(SystemExit) as end:
        run(told(tmp_path), body)

    assert end.value.code == 143
    sentence = "told to stop: the same command goes on from what was kept"
    (line,) = (tmp_path / "train.log").read_text().splitlines()
    assert line.endswith(f" ERROR {sentence}")
    assert capsys.readouterr().err == f"{tmp_path}/train: {sentence}\n"
    (name,) = files(tmp_path)
    assert name.startswith(".resume-")


def test_a_stop_amid_the_renaming_comes_after_it(tmp_path, monkeypatch):
    replace = os.replace

    def slow(source, target):
        os.kill(os.getpid(), signal.SIGTERM)
        replace(source, target)

    monkeypatch.setattr("os.replace", slow)
    with pytest.raises(SystemExit):
        run(told(tmp_path))

    assert set(NAMES.values()) <= files(tmp_path)


def test_parts_of_a_killed_process_are_removed_first(tmp_path):
    (tmp_path / ".part-history.csv").write_text("half")

    def body(output, memory):
        assert files(tmp_path) == {LOCK}
        raise OSError("no")

    with pytest.raises(SystemExit):
        run(told(tmp_path), body)

    assert files(tmp_path) == set()


def test_what_another_process_made_meanwhile_is_taken(tmp_path, monkeypatch, waiting):
    run(told(tmp_path))
    waiting()

    with pytest.raises(SystemExit) as end:
        run(told(tmp_path), failing(AssertionError("done again")))

    assert end.value.code == 0
    assert files(tmp_path) == set(NAMES.values())
    assert "made it meanwhile" in (tmp_path / "train.log").read_text()


@pytest.mark.parametrize("case", ["lost", "changed", "other"])
def test_what_another_process_left_is_taken_only_if_it_is_the_same(
    tmp_path, waiting, case
):
    run(told(tmp_path, epochs=5))
    history = tmp_path / "history.csv"
    if case == "lost":
        history.unlink()
    elif case == "changed":
        history.write_text("histori")
    waiting()

    run(told(tmp_path, epochs=6 if case == "other" else 5))

    facts = json.loads((tmp_path / "weights.receipt.json").read_text())
    assert history.read_text() == "history"
    assert facts["params"]["epochs"] == (6 if case == "other" else 5)


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


def test_a_failed_job_keeps_its_state(tmp_path):
    def body(output, memory):
        memory.write_text("epoch 3")
        raise OSError("the disk is full")

    with pytest.raises(SystemExit):
        run(told(tmp_path), body)

    (name,) = files(tmp_path)
    assert name.startswith(".resume-")


@pytest.mark.parametrize(
    ("seed", "epochs", "images"), [("1", 5, "abc"), ("0", 6, "abc"), ("0", 5, "abd")]
)
def test_a_state_of_something_else_is_removed(tmp_path, seed, epochs, images):
    with pytest.raises(SystemExit):
        run(told(tmp_path, epochs=5), interrupted)
    stale = files(tmp_path)
    assert len(stale) == 2
    snakemake = told(tmp_path, seed, epochs=epochs)
    (tmp_path / "digits.h5").write_text(images)

    def body(output, memory):
        assert not memory.exists()
        assert not stale & files(tmp_path)
        write(output, memory)

    run(snakemake, body)


@pytest.mark.parametrize(
    ("there", "goes_on"),
    [
        ({"name": "cuda", "model": "H200", "uuid": "1"}, True),
        ({"name": "cuda", "model": "H200", "uuid": "2"}, True),
        ({"name": "cuda", "model": "A100", "uuid": "3"}, False),
        ({"name": "cpu"}, False),
    ],
)
def test_a_state_goes_on_where_the_bytes_are_the_same(
    tmp_path, monkeypatch, there, goes_on
):
    here = {"name": "cuda", "model": "H200", "uuid": "1"}
    monkeypatch.setattr(job.device, "prepare", lambda threads: here)
    with pytest.raises(SystemExit):
        run(told(tmp_path), interrupted)
    monkeypatch.setattr(job.device, "prepare", lambda threads: there)

    def body(output, memory):
        assert memory.exists() == goes_on
        write(output, memory)

    run(told(tmp_path), body)


def test_a_state_of_other_software_is_removed(tmp_path, monkeypatch):
    with pytest.raises(SystemExit):
        run(told(tmp_path), interrupted)
    monkeypatch.setattr(job.receipt, "software", lambda: {"torch": "2.16.0"})

    def body(output, memory):
        assert not memory.exists()
        write(output, memory)

    run(told(tmp_path), body)


def test_a_state_of_a_neighbour_stays(tmp_path):
    neighbour = tmp_path / ".resume-weights2-123456789abc.safetensors"
    neighbour.write_text("another job's")
    neighbour.with_suffix("").mkdir()

    run(told(tmp_path))

    assert neighbour.exists()
    assert neighbour.with_suffix("").exists()
