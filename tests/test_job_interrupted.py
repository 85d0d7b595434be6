"""A job that is killed, stopped or begun twice: what it keeps, and who takes it up."""

import json
import os
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest

from jobs import LOCK, NAMES, failing, files, run, told, write
from losslandscape import job

pytestmark = pytest.mark.usefixtures("own_process")


@pytest.fixture
def waiting(monkeypatch):
    """Makes the next jobs ones that had to wait for another."""

    @contextmanager
    def taken(path):
        yield True

    return lambda: monkeypatch.setattr(job.turns, "taken", taken)


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
