"""How a job was told to work, beside how it would be told today; and in short."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

# Wildcards that are seeds; `last` is that of the second run of a pair.
SEEDS = ("seed", "last")

# Parameters that are digests of code, and what of.
CODE = {"code": "the step's code", "net": "the code of its net"}


def differences(told: Mapping, job: Mapping) -> list[str]:
    """In what a receipt differs from a planned job, in words; see `audit` for both.

    The contents of inputs are not compared.
    """
    found = []
    if told["rule"] != job["rule"]:
        found.append(f"made by rule {told['rule']}, now {job['rule']}")
    elif told["wildcards"] != job["wildcards"]:
        found.append(f"made as {_words(told)}, now as {_words(job)}")
    then, now = {*told["inputs"]}, {*job["inputs"]}
    found += [f"made from {path}, no longer so" for path in sorted(then - now)]
    found += [f"made without {path}" for path in sorted(now - then)]
    return found + list(_changes(told["params"], job["params"]))


def flat(told: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The single values of nested parameters, each by its path with dots."""
    pairs = told.items() if isinstance(told, Mapping) else enumerate(told)
    for key, value in pairs:
        place = f"{path}.{key}" if path else str(key)
        if value and isinstance(value, Mapping | list):
            yield from flat(value, place)
        else:
            yield place, value


def seeds(wildcards: Mapping[str, str], params: Mapping) -> dict[str, int]:
    """The seeds of a job by their paths, those of its runs among them."""
    found = {name: int(wildcards[name]) for name in SEEDS if name in wildcards}
    nested = flat(params)
    return found | {path: s for path, s in nested if path.split(".")[-1] == "seed"}


def _changes(then: Mapping, now: Mapping) -> Iterator[str]:
    before, after = dict(flat(then)), dict(flat(now))
    for path in dict.fromkeys([*before, *after]):
        old, new = (json.dumps(each.get(path)) for each in (before, after))
        if old != new and path in CODE:
            yield f"{CODE[path]} has changed"
        elif old != new:
            yield f"{path} was {old}, is {new}"


def _words(job: Mapping) -> str:
    pairs = job["wildcards"].items()
    return ", ".join(f"{name} {value}" for name, value in pairs) or "nothing special"
