"""Numbers of a study beside those that a paper states of the same thing."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

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

# What a number says of what, and the number.
Number = tuple[str, str, float]


def of_figure(panels: Sequence[Mapping], files: Mapping[str, Mapping]) -> list[Number]:
    """The numbers that can be read off a figure's panels, each once, in their order."""
    found = (
        number
        for panel in panels
        for place, (role, path) in enumerate(panel["files"])
        if role in READERS
        for number in READERS[role](_name(panel, role, place), files[path])
    )
    return list({number[:2]: number for number in found}.values())


def of_table(rows: Sequence[Mapping[str, str]], keys: Sequence[str]) -> list[Number]:
    """The numbers in some columns of a table, by the curve or label of their rows."""
    return [
        (key, row.get("curve") or row["label"], float(row[key]))
        for key in keys
        for row in rows
        if row.get(key)
    ]


def joined(ours: Sequence[Number], theirs: Sequence[Mapping]) -> list[dict]:
    """A row for each number: {what, of, ours, paper, tag}, empty where one has none.

    Numbers of one kind that only we have follow those of the paper; kinds of which it
    has none are left out, but for test errors.
    """
    told = {
        (entry["what"], of): (value, entry["tag"])
        for entry in theirs
        for of, value in entry["of"].items()
    }
    mine = {(what, of): value for what, of, value in ours}
    kinds = dict.fromkeys([*(what for what, _ in told), "test_error"])
    order = {what: number for number, what in enumerate(kinds)}
    keys = [key for key in dict.fromkeys([*told, *mine]) if key[0] in kinds]
    return [
        {"what": what, "of": of, "ours": mine.get((what, of))}
        | dict(zip(("paper", "tag"), told.get((what, of), (None, "")), strict=True))
        for what, of in sorted(keys, key=lambda key: order[key[0]])
    ]


def _name(panel: Mapping, role: str, place: int) -> str:
    """Of what a file of a panel is: one of its names where it has one for each file."""
    names = panel["names"]
    if role == "directions":
        return panel["label"]
    return names[place] if len(names) == len(panel["files"]) else panel["label"]


def _of_history(name: str, held: Mapping) -> Iterator[Number]:
    yield "test_error", name, float(held["test_error"][-1])


def _of_path(name: str, held: Mapping) -> Iterator[Number]:
    for number, share in enumerate(np.ravel(held["explained"])[:2], 1):
        yield f"variance_{number}", name, 100 * float(share)


def _of_directions(name: str, held: Mapping) -> Iterator[Number]:
    if "distances" in held:
        yield "distance", name, float(held["distances"][0][1])


def _of_profile(name: str, held: Mapping) -> Iterator[Number]:
    for measure in MEASURED:
        if measure in held:
            yield f"highest_{measure}", name, float(np.max(held[measure]))
    for vote in VOTES:
        if np.size(held.get(vote, [])):
            yield vote, name, float(held[vote])
    if "distance" in held:
        yield "length_ratio", name, float(held["length"][-1] / held["distance"])


READERS = {
    "history": _of_history,
    "path": _of_path,
    "directions": _of_directions,
    "profile": _of_profile,
}
