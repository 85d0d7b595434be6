"""A running rule: the one place where a script meets the machine.

Sends the log to the rule's file, picks the device, lets outputs be written beside and
renames them when all are whole, and leaves the receipt.
"""

import hashlib
import json
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from losslandscape import device, note, progress, receipt, recipes

log = logging.getLogger(__name__)

# What the outside can get wrong: told in one sentence. Anything else is our own fault
# and comes with its traceback.
REFUSALS = (ValueError, OSError, ArithmeticError)

# What must be as it was for an interrupted job to go on to the same bytes.
DECIDES = ("params", "inputs", "wildcards", "device", "software")


@contextmanager
def running(snakemake: Any) -> Iterator[Path]:
    """Run the body of a script as a job; gives a file that survives interruption.

    Inside, `snakemake.output` names files beside the real ones; they are renamed when
    the body has ended well, and removed when it has not. What the job keeps to go on
    from, in the given file and in the folder of its name's stem, is bound to all that
    decides it, and goes at the end.
    """
    _log_to(snakemake.log[0])
    outputs = dict(snakemake.output.items())
    path = Path(outputs.pop("receipt"))
    staged = {name: _beside(output) for name, output in outputs.items()}
    snakemake.output = SimpleNamespace(**staged)
    try:
        facts = _facts(snakemake)
        memory = _memory(path, facts)
        yield memory
        note.leave(facts, staged.values())
        facts["outputs"] = {
            outputs[name]: receipt.digest(staged[name]) for name in staged
        }
        receipt.save(_beside(path), facts | {"end": receipt.now()})
        for name in staged:
            os.replace(staged[name], outputs[name])
        os.replace(_beside(path), path)
        _forget(memory)
        _forget(_series(memory))
    except Exception as error:
        ours = not isinstance(error, REFUSALS)
        log.error("%s: %s", type(error).__name__, error, exc_info=ours)
        raise SystemExit(1) from None
    finally:
        for name in (*staged.values(), _beside(path)):
            Path(name).unlink(missing_ok=True)


def _facts(snakemake: Any) -> dict:
    """What is known before the work begins."""
    wildcards = dict(snakemake.wildcards.items())
    params = dict(snakemake.params.items())
    return {
        "rule": snakemake.rule,
        "wildcards": wildcards,
        "params": params,
        "seeds": recipes.seeds(wildcards, params),
        "inputs": {path: receipt.digest(path) for path in snakemake.input},
        "device": device.prepare(snakemake.threads),
        "code": receipt.code(),
        "software": receipt.software(),
        "threads": snakemake.threads,
        "attempt": snakemake.resources.get("attempt", 1),
        "start": receipt.now(),
    }


def _beside(path: str | Path) -> str:
    path = Path(path)
    return str(path.with_name(f".part-{path.name}"))


def _memory(path: Path, facts: dict) -> Path:
    """The file to go on from; one left by another job or machine is removed."""
    # Another card of the same model goes on, as a requeued job may have to.
    decides = {key: facts[key] for key in DECIDES}
    decides["device"] = facts["device"] | {"uuid": None, "card": None}
    decided = json.dumps(decides)
    identity = hashlib.sha256(decided.encode()).hexdigest()[:12]
    stem = f".resume-{path.name.removesuffix('.receipt.json')}-"
    kept = path.with_name(f"{stem}{identity}.safetensors")
    for other in path.parent.glob(f"{stem}*"):
        if other not in (kept, _series(kept)):
            _forget(other)
    return kept


def _series(memory: Path) -> Path:
    """The folder in which a job keeps what becomes more, not other, with time."""
    return memory.with_suffix("")


def _forget(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def _is_for_terminal(record: logging.LogRecord) -> bool:
    """How far a job is, and what went wrong; the rest is for the log."""
    return record.levelno >= logging.WARNING or record.name == progress.__name__


def _log_to(path: str) -> None:
    """Send every message to the log, and some, with the log's name, to the terminal."""
    whole = logging.FileHandler(path, mode="w")
    whole.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    brief = logging.StreamHandler(sys.stderr)
    name = path.removesuffix(".log")
    brief.setFormatter(logging.Formatter(f"{name}: %(message)s"))
    brief.addFilter(_is_for_terminal)
    logging.basicConfig(level=logging.INFO, handlers=[whole, brief], force=True)
    logging.captureWarnings(True)
