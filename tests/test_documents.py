"""What the documents print is true of the schema and of the folder they stand in."""

import re
from pathlib import Path

import pytest
import yaml
from snakemake.utils import update_config

from losslandscape import faults

ROOT = Path(__file__).parents[1]
SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
PAGES = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/*.md"))
SHOWN = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("examples/**/*.md"))
PLAIN = ("README.md", "config/README.md", "CONTRIBUTING.md", "CHANGELOG.md")
DOCUMENTS = (*PLAIN, *PAGES, *SHOWN)
STUDIES = ("README.md", "config/README.md", *PAGES)


def printed(document: str, language: str = "yaml") -> list[str]:
    text = (ROOT / document).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """What links may lead to in a document: its headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in words}


@pytest.mark.parametrize(
    ("document", "piece"), [(name, p) for name in STUDIES for p in printed(name)]
)
def test_a_printed_piece_of_a_study_fits_on_the_demo(
    document, piece, tmp_path, monkeypatch
):
    for block in printed(document, "python"):
        if named := re.match(r"# (\S+\.py)\n", block):
            (tmp_path / named[1]).write_text(block)
    monkeypatch.chdir(tmp_path)

    config = yaml.safe_load((ROOT / "config/demo.yaml").read_text())
    update_config(config, yaml.safe_load(piece))
    # Of somebody else's config a section is a whole study.
    config = config.get("losslandscape", config)
    faults.check(config, SCHEMA)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_link_leads_to_a_file(document):
    text = (ROOT / document).read_text()
    links = re.findall(r"\]\((?!http)([^)#]+)", text)

    missing = [
        link for link in links if not (ROOT / document).parent.joinpath(link).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_link_into_a_document_leads_to_a_heading(document):
    place = ROOT / document
    links = re.findall(r"\]\((?!http)([^)#]*)#([^)]+)\)", place.read_text())

    found = {(name, anchor): place.parent / name for name, anchor in links}
    missing = [
        (name, anchor)
        for (name, anchor), path in found.items()
        if anchor not in anchors(path if name else place)
    ]

    assert missing == []
