"""What the validator of RO-Crates says of one, without a network."""

import io
import json
from pathlib import Path

import requests_cache
import rocrate
from requests import Response
from requests.adapters import HTTPAdapter
from rocrate_validator import models, services
from urllib3 import HTTPResponse

PROFILES = (
    "ro-crate-1.1",
    "workflow-ro-crate-1.0",
    "process-run-crate-0.5",
    "workflow-run-crate-0.5",
    "provenance-run-crate-0.5",
)
TERMS = (
    *("ParameterConnection", "connection", "sourceParameter", "targetParameter"),
    *("ContainerImage", "DockerImage", "SIFImage", "containerImage", "registry", "tag"),
    *("md5", "sha1", "sha256", "sha512", "environment", "resourceUsage"),
)
RUN = "https://w3id.org/ro/terms/workflow-run"
CONTEXTS = {
    "https://w3id.org/ro/crate/1.1/context": Path(
        rocrate.__file__, "../data/ro-crate.jsonld"
    )
    .resolve()
    .read_bytes(),
    f"{RUN}/context": json.dumps(
        {"@context": {term: f"{RUN}#{term}" for term in TERMS}}
    ).encode(),
}


class Shelf(HTTPAdapter):
    """Answers for the net with the contexts that are on the shelf."""

    def send(self, request, **_) -> Response:
        body = io.BytesIO(CONTEXTS[request.url])
        told = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(body, told, 200, preload_content=False)
        return self.build_response(request, raw)


def cached(folder: Path) -> Path:
    """A cache of both contexts, as the validator keeps one."""
    session = requests_cache.CachedSession(
        folder / "contexts", backend="sqlite", expire_after=-1
    )
    session.mount("https://", Shelf())
    for address in CONTEXTS:
        session.get(address, headers={"Accept": "application/ld+json"})
    return folder / "contexts"


def faults(crate: Path, profile: str, cache: Path) -> list[str]:
    """What the crate lacks of all that a profile requires."""
    settings = models.ValidationSettings(
        rocrate_uri=models.URI(str(crate)),
        profile_identifier=profile,
        requirement_severity=models.Severity.REQUIRED,
        offline=True,
        cache_path=cache,
    )
    found = services.validate(settings).get_issues()
    return [f"{issue.check.identifier}: {issue.message}" for issue in found]
