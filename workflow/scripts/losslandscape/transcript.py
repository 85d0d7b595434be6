"""What Snakemake prints of jobs, with each job told of like any other.

It indents the members of a group. Of a job that failed it shows the logs, and on a
cluster they hold what another Snakemake printed, of jobs by other numbers.
"""

import re

STAMP = r"\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\]"
MEMBERS = re.compile(rf"^    {STAMP}\n(?:    .*\n|\n)*", flags=re.MULTILINE)
SHOWN = re.compile(r"^Logfile .*:\n(=+)\n", flags=re.MULTILINE)


def plain(text: str) -> str:
    """A transcript without indented jobs and without the logs that it shows."""
    return _without_logs(MEMBERS.sub(_levelled, text))


def _levelled(members: re.Match) -> str:
    return re.sub(r"^    ", "", members[0], flags=re.MULTILINE)


def _without_logs(text: str) -> str:
    kept, at = [], 0
    while opened := SHOWN.search(text, at):
        kept.append(text[at : opened.start()])
        at = _end(text, opened)
    return "".join([*kept, text[at:]])


def _end(text: str, opened: re.Match) -> int:
    """Where a shown log ends: at a line like its first, behind the logs shown in it.

    One of those that was cut off takes the line of the log around it, which ends there.
    """
    line = re.compile(rf"^{opened[1]}\n", flags=re.MULTILINE)
    ends = [opened.end()]
    while closed := line.search(text, ends[-1]):
        inner = SHOWN.search(text, ends[-1], closed.end())
        if inner is None:
            return closed.end()
        ends.append(_end(text, inner))
    return ends[1] if ends[1:] else len(text)
