"""What goes with results in words."""

from pathlib import Path

import yaml

import deposited
from losslandscape import citation, leaflet

ROOT = Path(__file__).parents[1]


def test_a_page_names_the_study_its_authors_and_its_papers():
    page = leaflet.readme(deposited.CITED, "tiny")

    assert page.startswith("# small: tiny\n\nA workflow of a few rules.\n")
    assert page.endswith(
        "Licence: MIT. By The authors.\n\nPapers:\n\n"
        "- On nets, https://example.org/nets\n"
    )


def test_a_page_of_what_has_no_papers_ends_before_them():
    page = leaflet.readme({**deposited.CITED, "references": []}, "tiny")

    assert page.endswith("By The authors.\n")


def test_our_own_page_fits_our_own_citation_file():
    page = leaflet.readme(citation.read(ROOT / "CITATION.cff"), "demo")

    assert "https://arxiv.org/abs/1802.10026" in page


def test_a_config_comes_back_as_it_was():
    config = yaml.safe_load((ROOT / "config/demo.yaml").read_text())
    config["labels"]["small"] = "½ × 1e-7"
    config["numbers"] = [1e-7, 1e300, 0.1, 10**12, True, None]

    told = yaml.safe_load(leaflet.config(config))

    assert told == config
    assert list(told) == list(config)
