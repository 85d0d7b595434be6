"""Numbers of a study beside those that a paper states of the same thing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from losslandscape import phrases, wording

# What a number says, by its key in the catalogue of the papers; columns of tables have
# their own meanings.
MEANINGS = {
    "test_error": "test error where training ended, %",
    "variance_1": "variance of the way along the 1st component, %",
    "variance_2": "variance of the way along the 2nd component, %",
    "distance": "Euclidean distance of the first two optima",
    "length_ratio": "length of the curve over the distance of its ends",
    "ensemble_error": "test error of nets along it that vote, %",
    "ensemble_error_scaled": "the same, temperature scaled, %",
}
MEASURED = {
    "regularised_loss": "training loss with L2 along it",
    "train_error": "training error along it, %",
    "test_error": "test error along it, %",
}
MEANINGS |= {f"highest_{name}": f"highest {told}" for name, told in MEASURED.items()}
VOTES = "ensemble_error", "ensemble_error_scaled"

# What a file says: which number, and its value.
Told = tuple[str, float]


def meanings(words: wording.Words) -> dict[str, str]:
    """What numbers say, in the words of a study's task."""
    return {key: phrases.said(told, words) for key, told in MEANINGS.items()}


class Number(NamedTuple):
    """What a number says (a key of `MEANINGS`), of what, its folder, and its value."""

    what: str
    of: str
    source: str
    value: float


def of_figure(panels: Sequence[Mapping], files: Mapping[str, Mapping]) -> list[Number]:
    """The numbers that can be read off a figure's panels, each once, in their order."""
    return _apart(
        Number(what, name, path.rpartition("/")[0], value)
        for panel in panels
        for name, role, path in _told(panel)
        for what, value in READERS[role](files[path])
    )


def of_table(rows: Sequence[Mapping[str, str]], keys: Sequence[str]) -> list[Number]:
    """The numbers in some columns of a table, by labels and curves of their rows."""
    labels = {row["label"] for row in rows}
    return _apart(
        Number(key, _row(row, len(labels) > 1), _source(row), float(row[key]))
        for key in keys
        for row in rows
        if row.get(key)
    )


def joined(ours: Sequence[Number], theirs: Sequence[Mapping]) -> list[dict]:
    """Each kind of number: {what, both, ours, theirs}, what both have and each alone.

    `theirs` are {what, tag, of: {name: value}, ours}; where a study has another name
    for what the paper has, `ours` has those that stand for it: {name: [others]}. Kinds
    of which the paper has no number are left out, but for test errors.
    """
    kinds = dict.fromkeys([*(entry["what"] for entry in theirs), "test_error"])
    found = [
        _kind(
            what,
            {number.of: number.value for number in ours if number.what == what},
            [entry for entry in theirs if entry["what"] == what],
        )
        for what in kinds
    ]
    return [kind for kind in found if kind["both"] or kind["ours"] or kind["theirs"]]


def _kind(what: str, ours: Mapping[str, float], theirs: Sequence[Mapping]) -> dict:
    told = [
        {"of": of, "paper": value, "tag": entry["tag"]}
        | {"called": _called(of, entry, ours)}
        for entry in theirs
        for of, value in entry["of"].items()
    ]
    both = [row | {"ours": ours[row["called"]]} for row in told if row["called"]]
    met = {row["called"] for row in both}
    return {
        "what": what,
        "both": both,
        "ours": [{"of": of, "ours": ours[of]} for of in ours if of not in met],
        "theirs": [row for row in told if not row["called"]],
    }


def _called(of: str, entry: Mapping, ours: Mapping[str, float]) -> str | None:
    """What ours is called that stands for something of the paper, if there is one."""
    names = [of, *entry.get("ours", {}).get(of, [])]
    return next((name for name in names if name in ours), None)


def _apart(numbers: Iterable[Number]) -> list[Number]:
    """Each number once; names that several things share have their folders added.

    Raises ValueError for two values of one thing.
    """
    found: dict[tuple, Number] = {}
    for number in numbers:
        first = found.setdefault(number[:3], number)
        if not np.array_equal(first.value, number.value, equal_nan=True):
            raise ValueError(
                f"'{number.of}' of {number.source} has two numbers of one kind, "
                f"{number.what}: {first.value} and {number.value}; give what they are "
                "of labels of their own"
            )
    sources: dict[tuple, list[str]] = {}
    for what, of, source in found:
        sources.setdefault((what, of), []).append(source)
    return [
        number._replace(of=_told_apart(number, sources[number[:2]]))
        for number in found.values()
    ]


def _told_apart(number: Number, sources: Sequence[str]) -> str:
    """A name that no other has: with the dataset if that is enough, or the folder."""
    if len(sources) == 1:
        return number.of
    datasets = {source.partition("/")[0] for source in sources}
    is_enough = len(datasets) == len(sources)
    where = number.source.partition("/")[0] if is_enough else number.source
    return f"{number.of}, {where}"


def _told(panel: Mapping) -> Iterator[tuple[str, str, str]]:
    """The files of a panel that numbers are read from: (of what, role, path).

    Names are those of the files where there is one for each. Without them the ends of
    several runs are left out: the panel's label is of none of them alone.
    """
    files, names = panel["files"], panel["names"]
    has_names = len(names) == len(files)
    runs = [path for role, path in files if role == "history"]
    for place, (role, path) in enumerate(files):
        is_named = has_names and role != "directions"
        if role in READERS and (is_named or role != "history" or len(runs) == 1):
            yield names[place] if is_named else panel["label"], role, path


def _row(row: Mapping[str, str], has_labels: bool) -> str:
    """What a row of a table is of: its curve, and its label where labels differ."""
    parts = [row["label"]] * (has_labels or not row.get("curve"))
    return ", ".join([*parts, *filter(None, [row.get("curve")])])


def _source(row: Mapping[str, str]) -> str:
    return row.get("run") or row["group"]


def _of_history(held: Mapping) -> Iterator[Told]:
    yield "test_error", float(held["test_error"][-1])


def _of_path(held: Mapping) -> Iterator[Told]:
    for number, share in enumerate(np.ravel(held["explained"])[:2], 1):
        yield f"variance_{number}", 100 * float(share)


def _of_directions(held: Mapping) -> Iterator[Told]:
    if "distances" in held:
        yield "distance", float(held["distances"][0][1])


def _of_profile(held: Mapping) -> Iterator[Told]:
    for measure in MEASURED:
        if measure in held:
            yield f"highest_{measure}", float(np.max(held[measure]))
    for vote in VOTES:
        if np.size(held.get(vote, [])):
            yield vote, float(held[vote])
    if "distance" in held:
        yield "length_ratio", float(held["length"][-1] / held["distance"])


READERS = {
    "history": _of_history,
    "path": _of_path,
    "directions": _of_directions,
    "profile": _of_profile,
}
