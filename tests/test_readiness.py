"""What is missing before a long run, each thing by itself."""

import shutil

import pytest

from losslandscape import pitfalls, readiness

DEFAULTS = {"mem_mb": "4000", "runtime": "60", "attempt": "attempt"}
SLURM = {
    "executor": "slurm",
    "slurm-status-command": "squeue",
    "default-resources": DEFAULTS,
}
ANSWERS = {
    "scontrol": "MaxArraySize = 1001\nMinJobAge               = 300 sec\n",
    "squeue": "",
    "sinfo": "cpu|(null)\ngpu|gpu:h200:4\n",
}


def answering(**answers):
    """A cluster that gives these answers, None for a command that is not there."""
    return lambda *command: (ANSWERS | answers).get(command[0])


def test_a_good_cluster_has_nothing_missing(tmp_path):
    asked = DEFAULTS | {"slurm_partition": "gpu", "gpu_model": "h200"}
    profile = SLURM | {"default-resources": asked}

    assert list(readiness.slurm(tmp_path, profile, answering())) == []
    assert list(pitfalls.met(profile)) == []
    assert list(readiness.lock(tmp_path)) == []
    assert list(readiness.writable(tmp_path)) == []
    assert list(readiness.python()) == []
    assert list(readiness.driver(answering())) == []


CLUSTERS = {
    "no answer": ({"scontrol": None}, {}, "does not answer"),
    "forgetful": ({"scontrol": "MinJobAge = 30 sec"}, {}, "after 30 s"),
    "partition": ({}, {"slurm_partition": "big"}, "no partition 'big', but cpu, gpu"),
    "no GPU": ({}, {"slurm_partition": "cpu"}, "'cpu' has no GPU"),
    "other GPU": (
        {},
        {"slurm_partition": "gpu", "gpu_model": "a100"},
        "no GPU of type 'a100', but h200",
    ),
    "GPU without a type": (
        {"sinfo": "gpu|gpu:4\n"},
        {"slurm_partition": "gpu", "gpu_model": "a100"},
        "but none of a named type",
    ),
}


@pytest.mark.parametrize("case", CLUSTERS)
def test_what_is_wrong_with_a_cluster_is_said(tmp_path, case):
    answers, resources, sentence = CLUSTERS[case]
    profile = SLURM | {"default-resources": DEFAULTS | resources}

    (said,) = readiness.slurm(tmp_path, profile, answering(**answers))

    assert sentence in said


def test_looking_sooner_needs_less_memory_of_slurm(tmp_path):
    sooner = SLURM | {"slurm-init-seconds-before-status-checks": 10}
    cluster = answering(scontrol="MinJobAge = 30 sec")

    (said,) = readiness.slurm(tmp_path, SLURM, cluster)

    assert "`slurm-init-seconds-before-status-checks: 10`" in said
    assert list(readiness.slurm(tmp_path, sooner, cluster)) == []


def test_jobs_of_this_folder_that_are_left_are_named(tmp_path):
    queue = f"7|{tmp_path}|rule_train\n8|/elsewhere|rule_train\n9|{tmp_path}|a|b\n"

    (said,) = readiness.slurm(tmp_path, SLURM, answering(squeue=queue))

    assert "2 jobs of this folder" in said
    assert "scancel 7 9" in said


def test_another_executor_asks_no_cluster(tmp_path):
    def nobody(*command):
        raise AssertionError(command)

    assert list(readiness.slurm(tmp_path, {"cores": "all"}, nobody)) == []
    assert list(pitfalls.met({"slurm-array-jobs": "all"})) == []


def test_a_lock_a_full_disk_and_an_old_python_are_said(tmp_path, monkeypatch):
    locks = tmp_path / ".snakemake" / "locks"
    locks.mkdir(parents=True)
    (locks / "0.input.lock").touch()
    usage = shutil._ntuple_diskusage(100e9, 90e9, 10e9)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    assert "--unlock" in next(readiness.lock(tmp_path))
    nobody = answering()
    assert "10.0 GB left" in next(readiness.disk(tmp_path, 9e9, 0, nobody))
    assert list(readiness.disk(tmp_path, 8e9, 0, nobody)) == []
    assert "3.10 is too old" in next(readiness.python((3, 10)))


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "results").mkdir()

    def refuse(path):
        if path.parent.name == "results":
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(readiness.Path, "touch", refuse)
    monkeypatch.setattr(readiness.Path, "unlink", lambda path: None)

    (said,) = readiness.writable(tmp_path)

    assert said == f"{tmp_path / 'results'} cannot be written: Permission denied"


def test_data_that_jobs_could_not_fetch_is_named(tmp_path):
    sources = {
        "digits": {"digits": {}},
        "cifar10": {"cifar10": {}},
        "own": {"npz": {"path": "own.npz"}},
    }
    config = {"datasets": {name: {"source": sources[name]} for name in sources}}

    fetch, own = readiness.data(tmp_path, config)

    assert "snakemake resources/cifar10.h5" in fetch
    assert own == "datasets.own: own.npz is not there"
    (tmp_path / "resources").mkdir()
    for name in sources:
        (tmp_path / "resources" / f"{name}.h5").touch()
    assert list(readiness.data(tmp_path, config)) == []


def test_an_old_driver_is_told_from_a_new_one():
    assert "580 series" in next(readiness.driver(lambda *c: "535.104.05\n"))
    assert list(readiness.driver(lambda *c: "580.65.06\n")) == []
    assert list(readiness.driver(lambda *c: None)) == []


def test_programs_are_asked():
    assert readiness.ask("echo", "there") == "there\n"
    assert readiness.ask("false") is None
    assert readiness.ask("no-such-program") is None
