r"""A table for LaTeX, with the packages booktabs and graphicx.

Text is UTF-8; letters beyond the Latin ones need LuaLaTeX or XeLaTeX.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from losslandscape import columns, wording

SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    }
)
# As wide as it is, but no wider than the page.
TABLE = r"""% \usepackage{{booktabs, graphicx}}
\begin{{table}}
\centering
\caption{{{caption}}}
\label{{tab:{label}}}
\resizebox{{\ifdim\width>\textwidth\textwidth\else\width\fi}}{{!}}{{%
\begin{{tabular}}{{{sides}}}
\toprule
{head} \\
\midrule
{body}
\bottomrule
\end{{tabular}}}}
\end{{table}}
"""


def table(
    rows: Sequence[Mapping],
    caption: str,
    label: str,
    words: wording.Words = wording.CLASSIFICATION,
) -> str:
    """Rows of the same keys as a table; a column that is empty throughout is left out.

    Numbers have four digits; the CSV beside has all of them.
    """
    plain = [{key: np.asarray(row[key]).item() for key in row} for row in rows]
    names = [key for key in rows[0] if any(row[key] is not None for row in plain)]
    lines = [" & ".join(cell(row[name]) for name in names) + r" \\" for row in plain]
    return TABLE.format(
        caption=escaped(caption),
        label=label,
        sides="".join(side([row[name] for row in plain]) for name in names),
        head=" & ".join(head(name, words) for name in names),
        body="\n".join(lines),
    )


def head(column: str, words: wording.Words = wording.CLASSIFICATION) -> str:
    """What stands above a column: its name, and its unit if it has one."""
    unit = columns.unit(column, words)
    return escaped(column.replace("_", " ") + (f" ({unit})" if unit else ""))


def side(cells: Sequence) -> str:
    """Where the cells of a column stand: words to the left, numbers to the right."""
    return "l" if any(isinstance(each, str | bool) for each in cells) else "r"


def cell(value: object) -> str:
    """A cell: words, a number, a truth, or nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number(value)
    return escaped(str(value))


def number(value: float) -> str:
    """A number of four digits; an integer has all of its own."""
    if np.isnan(value):
        return "nan"
    told = str(value) if isinstance(value, int) else f"{value:.4g}"
    digits, _, power = told.replace("inf", r"\infty").partition("e")
    if power:
        return rf"${digits} \times 10^{{{int(power)}}}$"
    return f"${digits}$"


def escaped(text: str) -> str:
    """Text with the signs that LaTeX takes for its own made plain."""
    return text.translate(SPECIAL)
