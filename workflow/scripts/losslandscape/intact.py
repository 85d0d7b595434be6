"""Are the inputs of a job what other jobs left? By the receipts that lie beside them.

A reader sees that a file was cut short, but not that a bit of a number has changed.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

log = logging.getLogger(__name__)


def require(inputs: Mapping[str, Mapping]) -> None:
    """Raise ValueError that names an input, by its path with its digest, that is not.

    Files of which no receipt tells are the user's own.
    """
    told = defaultdict(list)
    for folder in {Path(path).parent for path in inputs}:
        for path, left in _told(folder):
            told[path].append(left)
    for path, found in inputs.items():
        if path in told and found not in told[path]:
            raise ValueError(
                f"{path} is not what its job left, by the receipt beside it: delete it "
                "and run the same command; if the change is meant, delete the receipt"
            )


def _told(folder: Path) -> Iterator[tuple[str, Mapping]]:
    """What the receipts in a folder tell of files, each by its path."""
    for receipt in sorted(folder.glob("[!.]*.receipt.json")):
        try:
            yield from json.loads(receipt.read_text())["outputs"].items()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("%s is not a whole receipt: %r", receipt, error)
