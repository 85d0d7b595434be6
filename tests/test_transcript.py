"""What Snakemake prints of jobs, against what is left when nothing is in the way."""

import textwrap

from losslandscape import transcript

STAMP = "[Sat Nov 21 23:00:00 2026]\n"
FIRST = STAMP + "rule line:\n    output: a.h5\n    jobid: 4\n"
SECOND = STAMP + "rule line:\n    output: b.h5\n    jobid: 5\n"
ERROR = STAMP + "Error in rule line:\n    jobid: 4\n"
INNER = STAMP + "localrule line:\n    jobid: 0\n" + STAMP + "Finished jobid: 0 (Rule)\n"


def indented(text):
    """Text as Snakemake has it of a member of a group."""
    return textwrap.indent(text, "    ")


def shown(text, width=20):
    """A log as Snakemake shows it of a job that failed."""
    return f"Logfile logs/a.log:\n{'=' * width}\n{text}{'=' * width}\n"


def test_members_of_a_group_are_told_of_like_other_jobs():
    group = "[Sat Nov 21 23:00:00 2026] Group job measured (jobs in lexicogr. order):\n"
    word = "Unable to guess SLURM account.\n"

    told = group + "\n" + indented(FIRST) + indented(SECOND) + word + "\n"

    assert transcript.plain(told + SECOND) == (
        group + "\n" + FIRST + SECOND + word + "\n" + SECOND
    )


def test_lines_of_a_job_stay_indented():
    assert transcript.plain(FIRST + ERROR) == FIRST + ERROR


def test_a_log_that_is_shown_is_no_event():
    assert transcript.plain(ERROR + shown(INNER) + SECOND) == ERROR + SECOND
    # Of a group's member, with an empty line, which has no indent.
    member = indented(ERROR + shown("one\n")) + "\n" + indented(SECOND)
    assert transcript.plain(member) == ERROR + "\n" + SECOND


def test_logs_shown_in_a_log_are_no_events_at_all_widths():
    for width in (20, 80):
        log = INNER + shown(INNER, width) + INNER + shown("two\n", width) + INNER
        assert transcript.plain(ERROR + shown(log, 80) + SECOND) == ERROR + SECOND


def test_a_log_that_was_cut_off_hides_nothing_that_follows():
    cut = f"{INNER}Logfile logs/b.log:\n{'=' * 80}\n{INNER}"
    told = ERROR + shown(cut, 80) + FIRST + shown("x\n", 80) + SECOND

    assert transcript.plain(told) == ERROR + FIRST + SECOND


def test_a_log_that_is_half_written_is_no_event():
    whole = ERROR + shown(INNER)

    assert transcript.plain(whole[:-30]) == ERROR
