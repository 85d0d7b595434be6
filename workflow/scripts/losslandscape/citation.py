"""What a citation file (CITATION.cff, CFF 1.2) says, as entities of an RO-Crate."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from rocrate.model import Entity
from rocrate.rocrate import ROCrate

from losslandscape import entities


def read(path: str | Path) -> dict:
    """A citation file; raises ValueError that names one without what a crate needs."""
    cited = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    missing = {"title", "abstract", "license", "authors"} - cited.keys()
    if missing:
        raise ValueError(f"{path} does not say: {', '.join(sorted(missing))}")
    return cited


def facts(crate: ROCrate, cited: Mapping) -> dict:
    """Author, licence, papers and keywords, as properties of what is cited."""
    return {
        "author": entities.single(authors(crate, cited)),
        "license": licence(crate, cited["license"]),
        "citation": entities.single(
            [paper(crate, each) for each in cited.get("references", [])]
        ),
        "keywords": ", ".join(cited.get("keywords", [])),
    }


def authors(crate: ROCrate, cited: Mapping) -> list[Entity]:
    """The persons, and the groups of persons, who wrote something."""
    return [_author(crate, each) for each in cited["authors"]]


def licence(crate: ROCrate, name: str) -> Entity:
    """A licence by its name in the list of SPDX."""
    told = f"{name}, by its name in the list of licences of SPDX"
    address = f"https://spdx.org/licenses/{name}"
    return entities.add(crate, address, "CreativeWork", name=name, description=told)


def paper(crate: ROCrate, cited: Mapping) -> Entity:
    """A paper that something refers to."""
    known = [each["value"] for each in cited.get("identifiers", [])]
    return entities.add(
        crate,
        cited["url"],
        "ScholarlyArticle",
        name=cited["title"],
        author=authors(crate, cited),
        datePublished=str(cited["year"]),
        identifier=known,
    )


def _author(crate: ROCrate, told: Mapping) -> Entity:
    if "name" in told:
        return _called(crate, told["name"], "Organization", {})
    given, family = told["given-names"], told["family-names"]
    parts = {"givenName": given, "familyName": family}
    return _called(crate, f"{given} {family}", "Person", parts)


def _called(crate: ROCrate, name: str, kind: str, parts: Mapping) -> Entity:
    identifier = f"#{name.replace(' ', '-')}"
    return entities.add(crate, identifier, kind, name=name, **parts)
