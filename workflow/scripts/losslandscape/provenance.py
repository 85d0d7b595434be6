"""From a number back to its data: the receipts of jobs, and the chains that they form.

A receipt is what `job.running` left beside an artifact, as a mapping, with its own path
as `receipt`. Paths are those of the job: relative to the folder where Snakemake ran.
"""

import datetime
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

ENDING = ".receipt.json"


def receipts(*folders: str | Path) -> list[dict]:
    """Every receipt below some folders, by path."""
    # A hidden one is of a job that is on its way, or was killed.
    mask = f"[!.]*{ENDING}"
    found = (path for folder in folders for path in Path(folder).rglob(mask))
    return [read(path) for path in sorted(found)]


def read(path: str | Path) -> dict:
    """One receipt; raises ValueError that names a file that is none."""
    try:
        facts = json.loads(Path(path).read_text())
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not a whole receipt: {error}") from error
    if not isinstance(facts, dict) or not {"rule", "inputs", "outputs"} <= facts.keys():
        raise ValueError(f"{path} is not a receipt: no rule, inputs and outputs in it")
    return facts | {"receipt": str(path)}


def makers(receipts: Iterable[Mapping]) -> dict[str, Mapping]:
    """The receipt of the job that made each artifact, by the artifact's path."""
    return {path: receipt for receipt in receipts for path in receipt["outputs"]}


def chain(makers: Mapping[str, Mapping], *artifacts: str) -> list[Mapping]:
    """The jobs behind some artifacts, each once and after all that it needed.

    Raises KeyError for an artifact of which no receipt tells; inputs of which none
    tells, such as files of the user's own, end the chain.
    """
    found: dict[str, Mapping] = {}
    for artifact in artifacts:
        _visit(makers, makers[artifact], found)
    return list(found.values())


def machine(job: Mapping) -> str:
    """The device of a job with its model, as far as known, and the host's name."""
    device, host = job.get("device", {}), job.get("host", {})
    name = device.get("name", "unknown device")
    model = device.get("model") or host.get("cpu") or host.get("processor")
    what = f"{name} ({model})" if model else name
    return f"{what} of {host['name']}" if "name" in host else what


def seconds(job: Mapping) -> float | None:
    """How long a job took, by its receipt; None if that does not say."""
    if not {"start", "end"} <= job.keys():
        return None
    start, end = (datetime.datetime.fromisoformat(job[at]) for at in ("start", "end"))
    return (end - start).total_seconds()


def _visit(makers: Mapping[str, Mapping], job: Mapping, found: dict) -> None:
    if job["receipt"] in found:
        return
    for path in job["inputs"]:
        if path in makers:
            _visit(makers, makers[path], found)
    found[job["receipt"]] = job


def behind(*paths: str) -> list[Mapping]:
    """The receipts at some paths and of all jobs behind them, in the order of the work.

    The receipt of an artifact is looked for in the artifact's folder.
    """
    found: dict[str, dict] = {}
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = read(path)
            folders = {Path(needed).parent for needed in found[path]["inputs"]}
            waiting += [str(f) for at in folders for f in at.glob(f"*{ENDING}")]
    ends = [made for path in paths for made in found[path]["outputs"]]
    return chain(makers(found.values()), *ends)
