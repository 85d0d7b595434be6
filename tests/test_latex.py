"""Tables for LaTeX: what stands where, and what LaTeX would take for its own."""

import re

import numpy as np
import pytest

from losslandscape import latex

ROWS = [
    {"label": "A & B", "runs": 3, "test_error": 12.3456, "tag": None, "cut": True},
    {"label": "C_1", "runs": 1, "test_error": np.nan, "tag": None, "cut": False},
]


def lines(told: str) -> list[str]:
    return told.splitlines()


def test_a_table_has_its_caption_its_head_and_a_line_for_each_row():
    told = lines(latex.table(ROWS, caption="Errors, 5% off", label="li2018_table2"))

    assert r"\caption{Errors, 5\% off}" in told
    assert r"\label{tab:li2018_table2}" in told
    assert r"\begin{tabular}{lrrl}" in told
    start, middle, end = map(told.index, (r"\toprule", r"\midrule", r"\bottomrule"))
    assert told[start + 1 : middle] == [r"label & runs & test error (\%) & cut \\"]
    assert told[middle + 1 : end] == [
        r"A \& B & $3$ & $12.35$ & yes \\",
        r"C\_1 & $1$ & nan & no \\",
    ]


def test_what_is_opened_is_closed():
    told = latex.table(ROWS, caption="{ and }", label="x")
    own = re.sub(r"\\[{}]", "", told)

    depth = 0
    for sign in own:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    opened = re.findall(r"\\begin{(\w+)}", told)
    assert re.findall(r"\\end{(\w+)}", told) == opened[::-1]


def test_a_number_that_some_rows_lack_is_an_empty_cell():
    rows = [{"label": "A", "error_2": 1.5}, {"label": "B", "error_2": None}]

    assert r"B &  \\" in lines(latex.table(rows, caption="", label="x"))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (3, "$3$"),
        (848656, "$848656$"),
        (np.int64(7), "$7$"),
        (0.00010014772, "$0.0001001$"),
        (-0.5, "$-0.5$"),
        (60.0, "$60$"),
        (123456.0, r"$1.235 \times 10^{5}$"),
        (-1.5e-07, r"$-1.5 \times 10^{-7}$"),
        (float("inf"), r"$\infty$"),
        (-float("inf"), r"$-\infty$"),
        (True, "yes"),
        (None, ""),
        ("ResNet-20", "ResNet-20"),
    ],
)
def test_a_cell_is_set_as_what_it_is(value, told):
    assert latex.cell(np.asarray(value).item()) == told


@pytest.mark.parametrize("sign", r"&%$#_{}~^\<>|")
def test_no_sign_of_latex_stands_for_itself(sign):
    told = latex.escaped(f"a{sign}b")

    # Each such sign is a command with or without {}, and of its letter there is one.
    assert re.fullmatch(r"a(\\[&%$#_{}]|\\text[a-z]+\{\})b", told)
    assert len({latex.escaped(each) for each in r"&%$#_{}~^\<>|"}) == 13
