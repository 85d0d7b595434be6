"""A running rule: the one place where a script meets the machine.

Sends the log to the rule's file, waits for another process that makes the same, sees
that inputs are whole, picks the device, lets outputs be written beside and renames them
when all are whole, and leaves the receipt.
"""

import hashlib
import json
import logging
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from losslandscape import (
    device,
    intact,
    note,
    progress,
    receipt,
    recipes,
    remedies,
    stopping,
    turns,
)

log = logging.getLogger(__name__)

# What must be as it was for an interrupted job to go on to the same bytes.
DECIDES = ("params", "inputs", "wildcards", "device", "software")

INTERRUPTED = 128 + 15  # how shells tell of a stop


@contextmanager
def running(snakemake: Any) -> Iterator[Path]:
    """Run the body of a script as a job; gives a file that survives interruption.

    Inside, `snakemake.output` names files beside the real ones; they are renamed when
    the body has ended well, and removed when it has not. What the job keeps to go on
    from, in the given file and in the folder of its name's stem, is bound to all that
    decides it, and goes at the end. The body is left out where another process has made
    the same outputs while this one waited for it.
    """
    outputs = dict(snakemake.output.items())
    path = Path(outputs.pop("receipt"))
    staged = {_beside(output): output for output in (*outputs.values(), str(path))}
    snakemake.output = SimpleNamespace(
        **{name: _beside(output) for name, output in outputs.items()}
    )
    with (
        _refusals(snakemake.log[0], outputs.values()),
        stopping.heard(),
        turns.taken(path.with_name(f".lock-{_stem(path)}")) as had_to_wait,
        _removed(staged),
    ):
        facts = _facts(snakemake)
        if had_to_wait and _is_made(path, facts):
            log.info("another process has made it meanwhile")
            raise SystemExit(0)
        memory = _memory(path, facts)
        yield memory
        note.leave(facts, map(_beside, outputs.values()))
        facts["outputs"] = {
            output: receipt.digest(_beside(output)) for output in outputs.values()
        }
        receipt.save(_beside(path), facts | {"end": receipt.now()})
        _rename(staged)
        _forget(memory)
        _forget(_series(memory))


@contextmanager
def _refusals(told: str, outputs: Iterable[str]) -> Iterator[None]:
    """Log what goes wrong and end with it; a fault of our own with its traceback."""
    try:
        _log_to(told)
        yield
    except KeyboardInterrupt:
        log.error("told to stop: the same command goes on from what was kept")
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:
        sentence = remedies.sentence(error, outputs)
        ours = f"{type(error).__name__}: {error}"
        log.error(sentence or ours, exc_info=sentence is None)
        raise SystemExit(1) from None


@contextmanager
def _removed(paths: Iterable[str]) -> Iterator[None]:
    """Remove files, of a process that was killed as well, before and after a block."""
    for path in paths:
        Path(path).unlink(missing_ok=True)
    try:
        yield
    finally:
        for path in paths:
            Path(path).unlink(missing_ok=True)


def _rename(staged: Mapping[str, str]) -> None:
    """Give whole files their names, all of them, the receipt last."""
    for part in staged:
        with open(part, "rb") as file:
            # Else a machine that loses power may know the name, but not the content.
            os.fsync(file.fileno())
    with stopping.after():
        for part, output in staged.items():
            os.replace(part, output)


def _facts(snakemake: Any) -> dict:
    """What is known before the work begins."""
    wildcards = dict(snakemake.wildcards.items())
    params = dict(snakemake.params.items())
    return {
        "rule": snakemake.rule,
        "wildcards": wildcards,
        "params": params,
        "seeds": recipes.seeds(wildcards, params),
        "inputs": _inputs(snakemake.input),
        "device": device.prepare(snakemake.threads),
        "code": receipt.code(),
        "software": receipt.software(),
        "threads": snakemake.threads,
        "attempt": snakemake.resources.get("attempt", 1),
        "start": receipt.now(),
    }


def _inputs(paths: Iterable[str]) -> dict[str, dict]:
    """The digests of the inputs, which are as they were made."""
    found = {path: receipt.digest(path) for path in paths}
    intact.require(found)
    return found


def _is_made(path: Path, facts: dict) -> bool:
    """Whether all outputs are there, and what this job would make."""
    if not path.exists():
        return False
    told = json.loads(path.read_text())
    there = all(
        Path(output).exists() and receipt.digest(output) == digest
        for output, digest in told["outputs"].items()
    )
    return there and _identity(told) == _identity(facts)


def _identity(facts: dict) -> str:
    """A digest of all that decides what a job makes."""
    # Another card of the same model goes on, as a requeued job may have to.
    decides = {key: facts[key] for key in DECIDES}
    decides["device"] = facts["device"] | {"uuid": None, "card": None}
    return hashlib.sha256(json.dumps(decides).encode()).hexdigest()[:12]


def _beside(path: str | Path) -> str:
    path = Path(path)
    return str(path.with_name(f".part-{path.name}"))


def _stem(path: Path) -> str:
    """What a job is called in its folder: its receipt, without the ending."""
    return path.name.removesuffix(".receipt.json")


def _memory(path: Path, facts: dict) -> Path:
    """The file to go on from; one left by another job or machine is removed."""
    stem = f".resume-{_stem(path)}-"
    kept = path.with_name(f"{stem}{_identity(facts)}.safetensors")
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
    # Where the disk is full, the terminal still tells.
    logging.raiseExceptions = False
    whole = logging.FileHandler(path, mode="w")
    whole.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    brief = logging.StreamHandler(sys.stderr)
    name = path.removesuffix(".log")
    brief.setFormatter(logging.Formatter(f"{name}: %(message)s"))
    brief.addFilter(_is_for_terminal)
    logging.basicConfig(level=logging.INFO, handlers=[whole, brief], force=True)
    logging.captureWarnings(True)
