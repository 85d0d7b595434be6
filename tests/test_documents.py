"""What the documents print is true of the schema and of the folder they stand in."""

import re
from pathlib import Path

import pytest
import yaml
from snakemake.utils import update_config

from losslandscape import faults

ROOT = Path(__file__).parents[1]
SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
DOCUMENTS = ("README.md", "config/README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def printed(document: str) -> list[str]:
    text = (ROOT / document).read_text()
    return re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("piece", printed("README.md") + printed("config/README.md"))
def test_a_printed_piece_of_a_study_fits_on_the_demo(piece):
    config = yaml.safe_load((ROOT / "config/demo.yaml").read_text())
    update_config(config, yaml.safe_load(piece))
    faults.check(config, SCHEMA)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_link_leads_to_a_file(document):
    text = (ROOT / document).read_text()
    links = re.findall(r"\]\((?!http)([^)#]+)", text)

    missing = [
        link for link in links if not (ROOT / document).parent.joinpath(link).exists()
    ]

    assert missing == []
