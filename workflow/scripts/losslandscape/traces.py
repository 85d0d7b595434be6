"""The chain from the data to a figure in words: what was done, how, where and when."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from losslandscape import provenance, recipes
from losslandscape.record import Record

WIDTH = 88  # letters in a line
FEW = 4  # lines of parameters, unless all are asked for


def lines(
    receipts: Sequence[Mapping], artifacts: Sequence[str], few: int | None = FEW
) -> Iterator[str]:
    """The steps behind some artifacts, numbered, the data first, as lines of text.

    `few` is how many lines of parameters a step has at most, None for all. What does
    not fit is in lines that begin with a cross. Raises KeyError for an artifact of
    which no receipt tells.
    """
    record = Record(receipts)
    chain = provenance.chain(record.makers, *artifacts)
    numbers = {p: k for k, step in enumerate(chain, 1) for p in step["outputs"]}
    for number, step in enumerate(chain, 1):
        yield f"{number:3}  {step['rule']}  {_from(step, numbers)}".rstrip()
        told = [*step["outputs"], _parameters(step, few), *_ran(step)]
        yield from (f"     {line}" for text in told for line in text.splitlines())
        yield from (f"   ✗ {problem}" for problem in amiss(step, record))


def amiss(step: Mapping, record: Record) -> list[str]:
    """What does not fit in one step: its outputs as files, its inputs as recorded."""
    facts = step["outputs"].items()
    broken = [(path, record.broken(path, fact)) for path, fact in facts]
    found = [f"{path}: {problem}" for path, problem in broken if problem]
    return found + list(record.others(step))


def _from(step: Mapping, numbers: Mapping[str, int]) -> str:
    """Where the inputs of a step come from: steps by number, files of the user's."""
    known = sorted({numbers[path] for path in step["inputs"] if path in numbers})
    others = [path for path in step["inputs"] if path not in numbers]
    told = [*map(str, known), *others]
    return f"from {', '.join(told)}" if told else ""


def _parameters(step: Mapping, few: int | None) -> str:
    """The parameters but the code, in lines; marked where there are more."""
    flat = dict(recipes.flat(step["params"]))
    kept = (path for path in flat if path not in recipes.CODE)
    words = [f"{path}={_value(flat[path])}" for path in kept]
    # A value with spaces is broken as well, lest it leave the page.
    found = wrap("  ".join(words), WIDTH, break_on_hyphens=False)
    if few is not None and len(found) > few:
        found = [*found[: few - 1], f"{found[few - 1][: WIDTH - 2]} …"]
    return "\n".join(found)


def _value(value: object) -> str:
    return shlex.quote(value) if isinstance(value, str) else json.dumps(value)


def _ran(step: Mapping) -> Iterator[str]:
    """The seeds, the code, the machine and the time of a step."""
    seeds = recipes.seeds(step["wildcards"], step["params"])
    if seeds:
        yield "seeds " + ", ".join(f"{path} {seed}" for path, seed in seeds.items())
    digests = [step["params"][name] for name in recipes.CODE if name in step["params"]]
    code = step["code"]
    commit = f"commit {code['commit'][:12]}" if code["commit"] else "no commit"
    edits = " with edits" if code["clean"] is False else ""
    yield f"code {' '.join(digests)}, {commit}{edits}"
    took = f"{provenance.seconds(step):.1f} s"
    yield f"{provenance.machine(step)}, {took}, {step['start'][:16]} UTC"
