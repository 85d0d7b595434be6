"""Quotas that are too small for a study, as programs print them."""

import pytest

from losslandscape import readiness
from test_cluster import answering

# As `quota -w -p` and `lfs quota -q` print them: used, soft and hard limit in
# kilobytes, grace, the same of files. A star marks what is over its limit.
HEADER = "Disk quotas for user me (uid 1000):\n  Filesystem blocks quota limit grace\n"
QUOTAS = {
    "bytes": ("server:/home 6000000 0 10000000 0 5 0 0 0", 4e9, "4.1 GB of your quota"),
    "files": ("server:/home 5 0 0 0 900 1000 2000 0", 0, "room for 100 files of your"),
    "over": ("server:/home 11* 10 20 99 5 0 0 0", 0, "has 0.0 GB of your quota left"),
    "lustre": ("{folder} 6000000 0 10000000 - 5 0 0 -", 4e9, "4.1 GB of your quota"),
}


@pytest.mark.parametrize("case", QUOTAS)
def test_a_quota_that_is_too_small_is_said(tmp_path, case):
    line, needed, sentence = QUOTAS[case]
    told = HEADER + line.format(folder=tmp_path)
    cluster = answering(sh=told, df="Source\nserver:/home\n")

    (said,) = readiness.disk(tmp_path, needed, 90, cluster)

    assert sentence in said


def test_the_quota_of_another_disk_and_none_at_all_are_enough(tmp_path):
    lines = "server:/other 9 0 9 0 9 0 9 0\nserver:/home 9 0 0 0 9 0 0 0\n"
    cluster = answering(sh=HEADER + lines, df="Source\nserver:/home\n")

    assert list(readiness.disk(tmp_path, 1e6, 100, cluster)) == []
