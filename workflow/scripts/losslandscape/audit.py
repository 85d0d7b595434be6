"""Whether artifacts are as their receipts say, and as they would be made today.

A job is what the workflow plans: {rule, wildcards, params, inputs, outputs, receipt},
inputs and outputs being lists of paths, and receipt the path of one, or of an output
where the rule leaves none. Receipts are those of `provenance`. Paths are relative to
the folder where Snakemake runs, which is the current one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from losslandscape import provenance, recipes
from losslandscape.record import Record

# Verdicts. The first five say that something is off.
CHANGED, STALE, BEHIND = "changed by hand", "stale", "made from stale"
MISSING, FOREIGN = "missing", "foreign"
UNASKED, UNRECORDED, UNCHANGED = "no longer asked for", "without receipt", "unchanged"
OFF = (CHANGED, STALE, BEHIND, MISSING, FOREIGN)

# What jobs keep while they work, and Snakemake in folders.
SCRATCH = (".resume-", ".part-", ".snakemake")


class Finding(NamedTuple):
    """An artifact, what is to be said of it, and why."""

    verdict: str
    artifact: str
    why: str = ""

    @property
    def is_off(self) -> bool:
        """Whether it is not as it should be."""
        return self.verdict in OFF


def findings(jobs: Sequence[Mapping], folder: str | Path) -> list[Finding]:
    """All there is to say of a study whose results are in a folder, the data first."""
    planned = provenance.makers(jobs)
    receipts, found = _read(folder, jobs)
    record = Record(receipts.values())
    stale: set[str] = set()
    for job in provenance.chain(planned, *planned):
        found += _of_job(job, receipts.pop(job["receipt"], None), record, stale)
    for told in receipts.values():
        found += _of_unasked(told, record)
    spoken = {*planned, *record.makers, *(each.artifact for each in found)}
    return found + _foreign(folder, spoken)


def table(found: Iterable[Finding]) -> list[str]:
    """The findings in columns, a line each, below a line that names the columns."""
    rows = [Finding._fields, *found]
    widths = [max(len(row[k]) for row in rows) for k in range(2)]
    return [f"{a:{widths[0]}}  {b:{widths[1]}}  {c}".rstrip() for a, b, c in rows]


def summary(found: Sequence[Finding]) -> str:
    """How many artifacts there are of each verdict, in words."""
    counts = Counter(finding.verdict for finding in found)
    order = (UNCHANGED, *OFF, UNASKED, UNRECORDED)
    told = [f"{counts[verdict]} {verdict}" for verdict in order if counts[verdict]]
    return f"{len(found)} artifacts: {', '.join(told)}"


def _of_job(
    job: Mapping, told: Mapping | None, record: Record, stale: set[str]
) -> list[Finding]:
    """The findings of what the study asks for; adds to what is stale."""
    if told is None:
        return [_untold(path, job["receipt"]) for path in job["outputs"]]
    if not told["outputs"].keys() & {*job["outputs"]}:
        why = f"its receipt is that of {', '.join(told['outputs'])}"
        return [Finding(FOREIGN, path, why) for path in job["outputs"]]
    reasons = [*recipes.differences(told, job), *record.others(told)]
    verdict = STALE if reasons else UNCHANGED
    behind = [path for path in dict.fromkeys(job["inputs"]) if path in stale]
    if behind and not reasons:
        more = f" and {len(behind) - 1} more" if len(behind) > 1 else ""
        verdict, reasons = BEHIND, [f"from {behind[0]}{more}"]
    if reasons:
        stale.update(job["outputs"])
    good = Finding(verdict, "", "; ".join(reasons))
    return [_of_file(path, told, record, good) for path in job["outputs"]]


def _of_unasked(told: Mapping, record: Record) -> list[Finding]:
    """The findings of what the study does not ask for, or no longer."""
    if not record.is_beside(told):
        why = f"a receipt of {', '.join(told['outputs'])}, which is elsewhere"
        return [Finding(FOREIGN, told["receipt"], why)]
    good = Finding(UNASKED, "")
    return [_of_file(path, told, record, good) for path in told["outputs"]]


def _of_file(path: str, told: Mapping, record: Record, good: Finding) -> Finding:
    """The finding of a file; the given one if it is as recorded."""
    if not Path(path).exists():
        was_made = path in told["outputs"]
        why = (
            "its receipt is there"
            if was_made
            else "its receipt is of before it was made"
        )
        return Finding(MISSING, path, why)
    if path not in told["outputs"]:
        return Finding(FOREIGN, path, "its receipt does not tell of it")
    problem = record.broken(path, told["outputs"][path])
    if problem:
        return Finding(CHANGED, path, problem)
    return good._replace(artifact=path)


def _untold(path: str, told: str) -> Finding:
    if not Path(path).exists():
        return Finding(MISSING, path, "not made yet, or deleted with its receipt")
    if not told.endswith(provenance.ENDING):
        return Finding(UNRECORDED, path, "its rule leaves none")
    return Finding(FOREIGN, path, f"no receipt tells of it: there is no whole {told}")


def _read(
    folder: str | Path, jobs: Iterable[Mapping]
) -> tuple[dict[str, dict], list[Finding]]:
    """The receipts below a folder and of jobs, by path; findings of what is none."""
    paths = {str(path) for path in Path(folder).rglob(f"*{provenance.ENDING}")}
    told = (job["receipt"] for job in jobs)
    paths |= {path for path in told if path.endswith(provenance.ENDING)}
    receipts, broken = {}, []
    for path in sorted(path for path in paths if Path(path).exists()):
        try:
            receipts[path] = provenance.read(path)
        except ValueError as error:
            broken.append(Finding(CHANGED, path, str(error)))
    return receipts, broken


def _foreign(folder: str | Path, spoken: set[str]) -> list[Finding]:
    """The files of a folder that nobody spoke of; receipts were spoken of as such."""
    files = (path for path in sorted(Path(folder).rglob("*")) if path.is_file())
    return [
        Finding(FOREIGN, str(path), "no receipt tells of it")
        for path in files
        if not path.name.endswith(provenance.ENDING)
        and not any(part.startswith(SCRATCH) for part in path.parts)
        and not {str(path), *map(str, path.parents)} & spoken
    ]
