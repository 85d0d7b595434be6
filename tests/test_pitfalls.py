"""Options that are known to go wrong, each by itself."""

import pytest

from losslandscape import pitfalls
from test_cluster import DEFAULTS, SLURM


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        (
            {"executor": "slurm", "default-resources": DEFAULTS},
            "slurm-status-command: squeue",
        ),
        (SLURM | {"slurm-status-command": "sacct"}, "waited for without end"),
        (SLURM | {"slurm-array-jobs": "all"}, "loses results"),
        (SLURM | {"slurm-no-requeue": True}, "preempted"),
        (SLURM | {"groups": {"line": "measured"}}, "a GPU for each member"),
        (
            SLURM | {"default-resources": DEFAULTS | {"mem_mb_per_cpu": "1"}},
            "mem_mb_per_cpu",
        ),
        (
            SLURM | {"default-resources": {"mem_mb": "1", "runtime": "9"}},
            "has not all of mem_mb, runtime, attempt",
        ),
    ],
)
def test_options_that_go_wrong_are_refused(profile, sentence):
    (said,) = pitfalls.met(profile)

    assert sentence in said


def test_good_options_and_another_executor_meet_none():
    assert list(pitfalls.met(SLURM | {"slurm-requeue": True})) == []
    assert list(pitfalls.met({"slurm-array-jobs": "all"})) == []
