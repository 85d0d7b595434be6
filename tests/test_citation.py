"""A citation file as entities, and our own."""

from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

import deposited
from losslandscape import citation

OURS = Path(__file__).parents[1] / "CITATION.cff"


def test_what_is_cited_has_its_authors_licence_and_papers():
    facts = citation.facts(ROCrate(version="1.1"), deposited.CITED)

    assert facts["keywords"] == "loss, landscape"
    assert (facts["author"].type, facts["author"]["name"]) == (
        "Organization",
        "The authors",
    )
    assert facts["license"].id == "https://spdx.org/licenses/MIT"
    paper = facts["citation"]
    assert paper.id == "https://example.org/nets"
    assert (paper["name"], paper["datePublished"]) == ("On nets", "1843")
    assert paper["identifier"] == "arXiv:1843.0001"
    assert (paper["author"].type, paper["author"]["name"]) == ("Person", "Ada Lovelace")


def test_our_own_names_both_papers_with_all_their_authors():
    facts = citation.facts(ROCrate(version="1.1"), citation.read(OURS))

    assert [(e["identifier"], len(e["author"])) for e in facts["citation"]] == [
        ("arXiv:1712.09913", 5),
        ("arXiv:1802.10026", 5),
    ]


def test_a_file_without_what_is_needed_is_refused_by_name(tmp_path):
    (tmp_path / "CITATION.cff").write_text("title: One\nabstract: Two\n")

    with pytest.raises(ValueError, match=r"CITATION\.cff does not say: authors, lic"):
        citation.read(tmp_path / "CITATION.cff")
