"""What goes with the results of a study in words: what they are, and its config."""

import json
from collections.abc import Mapping

import yaml

README = """\
# {title}: {study}

{abstract}

- `ro-crate-metadata.json`: every file with its sha256 and size; every job with what
  went in and came out, its parameters, versions, machine and times. It is an
  [RO-Crate](https://w3id.org/ro/crate) of the profiles of
  [Workflow Run RO-Crate](https://w3id.org/ro/wfrun).
- `….receipt.json`: the same of one job, beside what it made.
- `workflow/config.yaml`: the study, with every default filled in.
- `workflow/workflow.zip`: the workflow as it was when the last of these files was made.
  What an older file was made by stands in its receipt.

A file whose name in the metadata begins with `#` is told of, and is not in the zipped
crate. Jobs that failed are not told of: only one that has ended well leaves a receipt.

To make the study again, unpack `workflow/workflow.zip`. In its folder, with the
packages of `requirements.txt`:

```
snakemake --configfile path/to/config.yaml
```

Licence: {license}. By {authors}.
{papers}"""


def readme(cited: Mapping, study: str) -> str:
    """A page about a study's results; `cited` is a citation file (CFF 1.2)."""
    papers = [
        f"- {paper['title']}, {paper['url']}\n" for paper in cited.get("references", [])
    ]
    return README.format(
        title=cited["title"],
        study=study,
        abstract=cited["abstract"].strip(),
        license=cited["license"],
        authors=", ".join(map(_author, cited["authors"])),
        papers="".join(["\nPapers:\n\n", *papers]) if papers else "",
    )


def config(told: Mapping) -> str:
    """A config as YAML, in its own order."""
    plain = json.loads(json.dumps(told))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)


def _author(told: Mapping) -> str:
    return told.get("name") or f"{told['given-names']} {told['family-names']}"
