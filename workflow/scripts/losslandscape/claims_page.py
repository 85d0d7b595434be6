"""The page of claims: one file, for a screen of any width, that needs nothing else."""

from collections.abc import Mapping, Sequence
from html import escape

from losslandscape import claims_frame, claims_picture, samples, tags, verdicts

PAPERS = {
    "li2018": "Li et al. (2018), Visualizing the Loss Landscape of Neural Nets",
    "garipov2018": (
        "Garipov et al. (2018), Loss Surfaces, Mode Connectivity, and Fast Ensembling "
        "of DNNs"
    ),
}
# A class of the style sheet and a sign for each verdict, which is written out as well.
SIGNS = {
    verdicts.HOLDS: ("holds", "✓"),
    verdicts.FAILS: ("fails", "✗"),
    verdicts.OPEN: ("open", "–"),
}


def page(
    study: str,
    datasets: Sequence[str],
    asked: Sequence[Mapping],
    rows: Sequence[Mapping],
) -> str:
    """The page in HTML; `asked` are those of `evidence.gathered`, with their `rows`."""
    pairs = list(zip(asked, rows, strict=True))
    papers = dict.fromkeys(row["paper"] for row in rows)
    return claims_frame.PAGE.substitute(
        study=escape(study),
        datasets=escape(", ".join(datasets)),
        trained=f"{samples.TRAINED:g}",
        counts=_counts(rows),
        sections="".join(
            _section(paper, [pair for pair in pairs if pair[1]["paper"] == paper])
            for paper in papers
        ),
        tags="".join(
            f"<dt>{tag}</dt><dd>{said}</dd>" for tag, said in tags.TAGS.items()
        ),
    )


def _counts(rows: Sequence[Mapping]) -> str:
    told = [row["verdict"] for row in rows]
    return "".join(
        f'<li class="{name}"><b>{told.count(verdict)}</b> '
        f'<span aria-hidden="true">{sign}</span> {verdict}</li>'
        for verdict, (name, sign) in SIGNS.items()
    )


def _section(paper: str, pairs: Sequence[tuple[Mapping, Mapping]]) -> str:
    links = "".join(map(_link, (row for _, row in pairs)))
    articles = "".join(_article(claim, row) for claim, row in pairs)
    title = escape(PAPERS.get(paper, paper))
    return (
        f'<section><h2>{title}</h2><nav aria-label="Claims of {title}">{links}</nav>'
        f"{articles}</section>"
    )


def _link(row: Mapping) -> str:
    name, sign = SIGNS[row["verdict"]]
    return (
        f'<a class="{name}" href="#{row["claim"]}" title="{row["verdict"]}">'
        f'{row["claim"]} <span aria-hidden="true">{sign}</span>'
        f'<span class="aside">{row["verdict"]}</span></a> '
    )


def _article(claim: Mapping, row: Mapping) -> str:
    name, sign = SIGNS[row["verdict"]]
    slide = f'<p class="slide">Slides: {escape(claim["slide"] or "")}</p>'
    facts = [
        ("Measured", _measured(row)),
        ("Quantity", f"{escape(row['quantity'])} ({escape(row['unit'])})"),
        ("Paper", _told(row)),
        ("Rule", escape(row["rule"])),
        ("Why", escape(row["reason"])),
    ]
    listed = "".join(f"<dt>{key}</dt><dd>{said}</dd>" for key, said in facts if said)
    told = f'<span aria-hidden="true">{sign}</span> {row["verdict"]}'
    link = f'<a href="#{row["claim"]}">{row["claim"]}</a>'
    head = f'<h3>{link} {escape(row["sentence"])}</h3><p class="verdict">{told}</p>'
    body = slide if claim["slide"] else ""
    body += claims_picture.picture(claim["rule"], claim["mark"], row)
    body += f"<dl>{listed}</dl>{_evidence(row)}"
    start = f'<article id="{row["claim"]}" class="{name}">'
    return f"{start}<header>{head}</header>{body}</article>"


def _measured(row: Mapping) -> str:
    if row["value"] is None:
        return ""
    value = f"<b>{claims_picture.number(row['value'])}</b>{claims_picture.around(row)}"
    return f"{value} · {escape(row['interval'])}"


def _told(row: Mapping) -> str:
    return f'{escape(str(row["paper_value"]))} <span class="tag">{row["tag"]}</span>'


def _evidence(row: Mapping) -> str:
    paths = list(filter(None, row["evidence"].split(" ; ")))
    links = "".join(f'<li><a href="{escape(p)}">{escape(p)}</a></li>' for p in paths)
    files = f"{len(paths)} file{'s' * (len(paths) != 1)}"
    return f"<details><summary>{files}</summary><ul>{links}</ul></details>" * bool(
        paths
    )
