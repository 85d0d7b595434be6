"""What jobs do with freed memory: the environment that the workflow gives them."""

import json
import os
import platform
import subprocess
import sys

SETTINGS = {
    "MALLOC_MMAP_THRESHOLD_": "1073741824",
    "MALLOC_TRIM_THRESHOLD_": "4294967296",
    "MALLOC_TOP_PAD_": "268435456",
}

# Takes and frees 64 MB ten times: how often did the kernel have to give a page?
JOB = """
import json, os, resource, sys
for _ in range(10):
    b"1" * 2**26
faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
with open(sys.argv[1], "w") as file:
    json.dump({"faults": faults, "environment": dict(os.environ)}, file)
"""

STRANGER = """
configfile: "{clone}/config/smoke.yaml"

module landscapes:
    snakefile: "{clone}/workflow/Snakefile"
    config: config

use rule * from landscapes as landscapes_*

rule mine:
    output: "inside"
    shell: "{python} job.py {{output}}"
"""


def test_jobs_keep_the_memory_that_they_free_as_far_as_a_user_lets_them(
    fresh, tmp_path
):
    (tmp_path / "job.py").write_text(JOB)
    rules = STRANGER.format(clone=fresh.folder, python=sys.executable)
    (tmp_path / "Snakefile").write_text(rules)
    plain = {k: v for k, v in os.environ.items() if k not in SETTINGS}
    own = {"MALLOC_TOP_PAD_": "65536"}

    snakemake = [sys.executable, "-m", "snakemake", "--cores", "1", "mine"]
    subprocess.run(snakemake, cwd=tmp_path, env=plain | own, check=True)
    outside = [sys.executable, "job.py", "outside"]
    subprocess.run(outside, cwd=tmp_path, env=plain, check=True)

    told, alone = (
        json.loads((tmp_path / name).read_text()) for name in ("inside", "outside")
    )
    expected = SETTINGS | own
    assert {name: told["environment"].get(name) for name in SETTINGS} == expected
    if platform.libc_ver()[0] == "glibc":
        assert told["faults"] < alone["faults"] / 3
