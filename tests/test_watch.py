"""`make watch`: in a made folder by a clock the test winds, and after a real run."""

import importlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from losslandscape import forecasts
from test_costs import study
from test_events import FAILED, FINISHED, FIRST, HEAD, OVER, SECOND, moment

ROOT = Path(__file__).parents[1]
RUN = "digits/resnet8/sgd-seed0"
NETS = {"digits/deep": {"forward": 1e9, "parameters": 1e6}}
PLANNED = """
rule line:
    input: r1/weights.safetensors
    output: r1/line.h5
    wildcards: dataset=digits, model=deep, recipe=long, seed=1, plane=line
"""


@pytest.fixture
def watch(monkeypatch, tmp_path):
    """The command as a module, in a folder of its own."""
    monkeypatch.syspath_prepend(ROOT / "workflow")
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".snakemake" / "log").mkdir(parents=True)
    (tmp_path / "logs").mkdir()
    return importlib.import_module("watch")


def at(watch, monkeypatch, clock, *happened):
    """The toy run, watched at a time of day."""
    now = SimpleNamespace(**vars(watch.time) | {"time": lambda: moment(clock)})
    monkeypatch.setattr(watch, "time", now)
    path = Path(".snakemake/log/2026-11-21T225900.snakemake.log")
    path.write_text(HEAD + "".join(happened))
    os.utime(path, (moment(clock), moment(clock)))
    config = study(study="toy")
    return watch.Watched(path, forecasts.planned(PLANNED), config, NETS)


def said(watch, last):
    """What is shown of a run, as text."""
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(watch.shown(last, 2))
    return console.export_text()


def test_the_end_follows_from_what_jobs_before_took(watch, monkeypatch):
    # 165 GFLOP in 33 of 37 seconds: 5 GFLOP/s. A line is 105 GFLOP.
    Path("logs/0.jsonl").write_text(json.dumps({"s": 37.0}))
    last = at(watch, monkeypatch, "23:00:40", FIRST, FINISHED, SECOND)

    # The second training began with the first and takes as long, which two at once did.
    # It is through at once; then come the line, and the target of all at its end.
    line = forecasts.START + 105 / 5
    assert last.left(moment("23:00:30")) == pytest.approx((37 - 30) + line, abs=0.01)


def test_a_job_that_tells_of_itself_is_believed(watch, monkeypatch):
    Path("logs/0.jsonl").write_text(json.dumps({"s": 37.0}))
    log = Path("logs/1.log")
    log.write_text("2026-11-21 23:00:20,000 INFO epoch 1 of 4, 600 s left\n")
    os.utime(log, (moment("23:00:20"), moment("23:00:20")))
    last = at(watch, monkeypatch, "23:00:40", FIRST, FINISHED, SECOND)

    shown = said(watch, last)

    # 600 seconds from 23:00:20, and the line after it: 25 seconds.
    assert "expected end 23:10:45, in 10 min 5 s" in " ".join(shown.split())
    assert "since 23:00:20 (20 s)  train logs/1.log" in shown
    assert "epoch 1 of 4, 600 s left" in shown
    assert "toy: 1 of 4 jobs done (25 %), 0 failed" in shown


def test_without_a_measured_job_no_end_is_made_up(watch, monkeypatch):
    last = at(watch, monkeypatch, "23:00:40", FIRST, SECOND)

    assert last.left(moment("23:00:40")) is None
    assert "not known before a job has measured something" in said(watch, last)


def test_a_command_that_cannot_be_planned_tells_no_end(watch, monkeypatch):
    Path("logs/0.jsonl").write_text(json.dumps({"s": 37.0}))
    last = at(watch, monkeypatch, "23:00:40", FIRST, FINISHED, SECOND)
    Path("Snakefile").write_text("rule train:\n    output: 'a'\n    shell: 'touch a'\n")
    # Snakemake keeps the command without the quotes.
    quoted = "--set-resources train:runtime=attempt * attempt"
    last.run.command = f"snakemake --cores 1 {quoted}"

    unknown = watch.Watched(last.path, watch.plan(last.run), last.config, NETS)

    last.run.command = last.run.command.removesuffix(quoted)
    assert [job.outputs for job in watch.plan(last.run)] == [["a"]]
    assert unknown.left(moment("23:00:40")) is None
    told = " ".join(said(watch, unknown).split())
    assert "expected end not known: the command could not be planned; last" in told
    assert "toy: 1 of 4 jobs done" in told


def test_rules_are_counted_and_failures_told_with_their_logs_end(watch, monkeypatch):
    log = Path("logs/1.log")
    log.write_text("one\ntwo\n2026-11-21 23:00:59,000 ERROR ValueError: three\n")
    os.utime(log, (moment("23:00:59"), moment("23:00:59")))
    last = at(watch, monkeypatch, "23:02:00", FIRST, SECOND, FINISHED, FAILED, OVER)

    shown = said(watch, last)

    rows = [line.split() for line in shown.splitlines()]
    assert ["train", "1", "2", "0", "1"] in rows
    assert ["line", "0", "1", "0", "0"] in rows
    assert "1 failed, 1 wait for what failed" in shown
    assert "23:01:00  train logs/1.log" in shown
    assert "    two\n" in shown
    assert "ValueError: three" in shown
    assert "    one" not in shown
    assert "over since 23:02:00" in shown


def test_a_real_run_that_fails_is_told_as_it_was(smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")
    weights = clone.folder / "results/smoke" / RUN / "weights.safetensors"
    whole = bytearray(weights.read_bytes())
    whole[-5] ^= 0x40  # high in the exponent of a weight
    weights.write_bytes(whole)
    clone.snakemake("--", f"results/smoke/{RUN}/line/directions.safetensors")

    ended = subprocess.run(
        [sys.executable, "workflow/watch.py"],
        cwd=clone.folder,
        env=os.environ | {"PYTHONPATH": str(clone.folder / "workflow/scripts")},
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 1, ended.stderr
    assert "smoke: 0 of 1 jobs done (0 %), 1 failed" in ended.stdout
    assert f"directions logs/smoke/{RUN}/line/directions.log" in ended.stdout
    assert "ValueError: " in ended.stdout
