"""One page with all that a study shows; it opens from disk and loads nothing."""

import base64
import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2
from PIL import Image

from losslandscape import beside, phrases, scenes, steps, store, tags, wording

HOME = Path(__file__).resolve().parents[2] / "report" / "gallery"
SCRIPTS = "data.js", "relief.js", "landscape.js", "roads.js", "page.js"
WIDEST = 1000  # pixels of an inline picture
CLAIMS = "claims.csv"  # as seen from the page
COUNTED = 1e15  # whole numbers are written as such below it


def content(
    album: Mapping,
    loaded: Mapping[str, Mapping],
    pictures: Sequence[dict],
    tables: Sequence[dict],
) -> dict:
    """What the page shows, from an album and what its files hold, by their names.

    `pictures` are those of the figures, `tables` {rows, summary}, in the album's order.
    """
    papers = album["papers"]
    return {
        "study": album["study"],
        "titles": album["titles"],
        "figures": [
            _figure(figure, picture, papers.get(figure["name"], {}), loaded)
            for figure, picture in zip(album["figures"], pictures, strict=True)
        ],
        "tables": [
            _table(table, held, papers.get(table["name"], {}))
            for table, held in zip(album["tables"], tables, strict=True)
        ],
        "data": _data(album, loaded),
        "words": phrases.shown(album),
        "datasets": sorted({path.split("/")[0] for path in loaded}),
    }


def page(content: Mapping, told: Mapping, runs: Sequence, claims: Sequence) -> str:
    """The page as HTML, with its looks, scripts and data in it.

    `told` is what `steps.told` gives; `runs` are rows of its trained runs, `claims` of
    the study's claims, whose evidence must be among what is told.
    """
    jobs = [steps.step(job) for job in told["jobs"]]
    claims = [row | {"files": _rests_on(row)} for row in claims]
    behind = {
        f"{CLAIMS}#{row['claim']}": steps.behind(told["traces"], CLAIMS, row["files"])
        for row in claims
    }
    data = content["data"] | {"jobs": jobs, "traces": told["traces"] | behind}
    loader = jinja2.FileSystemLoader(HOME)
    looks = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    looks.filters |= {"number": number, "hours": hours, "by": by}
    return looks.get_template("page.html").render(
        content | {"data": embedded(data), "data_has": data},
        meanings=beside.meanings(content["words"]),
        unit=wording.unit(content["words"]),
        tags=tags.TAGS,
        claims=claims,
        runs=runs,
        costs=steps.costs(told["jobs"]),
        commits=sorted({job["commit"] or "unknown" for job in jobs}),
        style=_inline("page.css"),
        script="".join(map(_inline, SCRIPTS)),
    )


def embedded(data: Mapping) -> str:
    """Data as JSON that may stand in a script of a page, whatever is in its texts."""
    return json.dumps(data, allow_nan=False).replace("<", "\\u003c")


def picture(path: str | Path) -> dict:
    """A picture for the page, small enough and inline: {source, width, height}."""
    with Image.open(path) as image:
        image = image.convert("RGB")
        image.thumbnail((WIDEST, 10 * WIDEST), Image.Resampling.LANCZOS)
        held = io.BytesIO()
        image.save(held, "WEBP", quality=88, method=4)
    told = base64.b64encode(held.getvalue()).decode()
    width, height = image.size
    return {
        "source": f"data:image/webp;base64,{told}",
        "width": width,
        "height": height,
    }


def rows(path: str | Path) -> list[dict[str, str]]:
    """The rows of a CSV file, every cell as it is written there."""
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def table(path: str | Path, summary: str | Path) -> dict:
    """A table for the page: its {rows, summary}, from CSV and JSON."""
    return {"rows": rows(path), "summary": store.load_summary(summary)}


def evidence(path: str | Path) -> list[str]:
    """The file of a study's claims and, beside it, those that they rest on."""
    found = dict.fromkeys(file for row in rows(path) for file in _rests_on(row))
    return [str(path), *(str(Path(path).parent / file) for file in found)]


def by(items: Sequence[Mapping], key: str) -> list[tuple[str, list]]:
    """Items of the same key together, keys in the order in which they come."""
    groups: dict[str, list] = {}
    for item in items:
        groups.setdefault(item[key], []).append(item)
    return list(groups.items())


def number(told: object) -> str:
    """A number in four digits, a whole one in all of its digits; words as they are."""
    try:
        value = float(str(told))
    except ValueError:
        return "" if told is None else str(told)
    if not math.isfinite(value):
        return "not finite"
    if value == int(value) and abs(value) < COUNTED:
        return f"{int(value)}"
    return f"{value:.4g}".replace("-", "−").replace("e−0", "e−")


def hours(seconds: float | None) -> str:
    """A time in the unit that it has most of."""
    if seconds is None:
        return ""
    for unit, name in ((3600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.1f} s"


def _rests_on(claim: Mapping[str, str]) -> list[str]:
    return list(filter(None, claim["evidence"].split(" ; ")))


def _figure(figure: Mapping, picture: Mapping, paper: Mapping, loaded: Mapping) -> dict:
    ours = beside.of_figure(figure["panels"], loaded)
    return {
        **{key: figure[key] for key in ("name", "paper", "caption")},
        "picture": picture,
        "told": paper,
        "numbers": beside.joined(ours, paper.get("numbers", [])),
    }


def _table(table: Mapping, held: Mapping, paper: Mapping) -> dict:
    theirs = paper.get("numbers", [])
    ours = beside.of_table(held["rows"], [entry["what"] for entry in theirs])
    return {
        **table,
        **held,
        "told": paper,
        "numbers": beside.joined(ours, theirs) if theirs else [],
    }


def _data(album: Mapping, loaded: Mapping) -> dict:
    """What the page's scripts draw."""
    surfaces, names = [], {}
    for told in album["surfaces"]:
        names[told["file"]] = len(surfaces)
        directions = loaded.get(told["directions"])
        surfaces.append(scenes.surface(told, loaded[told["file"]], directions))
    return {
        "surfaces": surfaces,
        "pairs": [
            {"name": pair["name"], "surfaces": [names[path] for path in pair["files"]]}
            for pair in album["pairs"]
        ],
        "roads": [
            scenes.road(told, [loaded[one["file"]] for one in told["of"]])
            for told in album["roads"]
        ],
        "colours": scenes.colours(),
        "names": scenes.names(phrases.shown(album)),
    }


def _inline(name: str) -> str:
    return (HOME / name).read_text()
