"""`make forecast`: the plan that it reads, and what it makes of jobs that have run."""

import importlib
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from losslandscape import forecasts

ROOT = Path(__file__).parents[1]
SMOKE = ["config/smoke.yaml"]


@pytest.fixture
def forecast(monkeypatch):
    """The command as a module."""
    monkeypatch.syspath_prepend(ROOT / "workflow")
    return importlib.import_module("forecast")


def test_a_plan_by_a_profile_has_all_its_jobs_members_of_groups_too(
    forecast, fresh, monkeypatch
):
    monkeypatch.chdir(fresh.folder)

    told = forecast.plan(SMOKE, "profiles/slurm")

    table = told.partition("Job stats:")[2].partition("total")[0]
    counted = dict(re.findall(r"^(\w+) +(\d+)$", table, flags=re.MULTILINE))
    counted.pop("all")  # makes no file
    jobs = forecasts.planned(told)
    assert Counter(job.rule for job in jobs) == {k: int(n) for k, n in counted.items()}
    lines = [job for job in jobs if job.rule == "line"]
    assert lines
    assert all(job.inputs and job.benchmark and job.net for job in lines)


def test_jobs_that_ran_are_forecast_without_what_they_took(
    forecast, fresh, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(fresh.copy(tmp_path / "clone").folder)
    monkeypatch.setattr(forecast, "calibrated", lambda: 5.0)
    # One net took a day.
    times = Path("logs/smoke/digits/resnet8/sgd-seed0/train.jsonl")
    times.parent.mkdir(parents=True)
    times.write_text(json.dumps({"s": 86_400.0}))
    monkeypatch.setattr(sys, "argv", ["forecast", "--configfile", *SMOKE])

    forecast.main()

    said = capsys.readouterr().out
    assert "GFLOP/s (as in the jobs that have run)" in said
    assert "of them at 5 GFLOP/s (a ResNet-20 timed on this machine)." in said
    (train,) = re.findall(r"^train .*$", said, flags=re.MULTILINE)
    _, _, _, _, longest, _, done, foreseen, took, _ = train.split()
    assert (done, took) == ("1", "24.000")
    # Those that are left are forecast by it; it was forecast as if it had not run.
    assert float(longest) > 12
    assert 0 < float(foreseen) < 0.1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read as a config: No such file or directory"),
        (b"study: [a\n", "is no YAML: "),
        (b"\xff", "is no YAML: "),
        (b"- study\n", "is no config: "),
        (b"", "is no config: "),
    ],
)
def test_a_config_that_cannot_be_read_is_refused_in_one_sentence(
    forecast, tmp_path, text, told
):
    path = tmp_path / "broken.yaml"
    if text is not None:
        path.write_bytes(text)

    with pytest.raises(SystemExit) as ended:
        forecast.study([str(path)])

    assert str(ended.value).startswith(f"{path} {told}")
    assert "\n" not in str(ended.value)


@pytest.mark.parametrize("name", ["profiles/slrum", "profiles"])
def test_what_is_no_profile_is_refused_in_one_sentence(forecast, monkeypatch, name):
    monkeypatch.chdir(ROOT)

    with pytest.raises(SystemExit, match=f"^{name} is no profile: [^\n]*$"):
        forecast.plan(SMOKE, name)
