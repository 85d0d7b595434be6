"""Are the inputs of a job what other jobs left? By the receipts that lie beside them.

A reader sees that a file was cut short, but not that a bit of a number has changed.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

log = logging.getLogger(__name__)


def require(inputs: Mapping[str, Mapping]) -> None:
    """Raise ValueError that names an input, by its path with its digest, that is not.

    Files of which no receipt tells are the user's own.
    """
    for path, found in inputs.items():
        told = list(_told(path))
        if told and found not in told:
            raise ValueError(
                f"{path} is not what its job left, by the receipt beside it: delete it "
                "and run the same command; if the change is meant, delete the receipt"
            )


def _told(path: str) -> Iterator[Mapping]:
    """What the receipts in a file's folder tell of it."""
    for receipt in sorted(Path(path).parent.glob("[!.]*.receipt.json")):
        try:
            outputs = json.loads(receipt.read_text())["outputs"]
        except (ValueError, KeyError, TypeError) as error:
            log.warning("%s is not a whole receipt: %r", receipt, error)
            continue
        if path in outputs:
            yield outputs[path]
