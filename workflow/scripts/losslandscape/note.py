"""A short note of its recipe inside a file that travels without its receipt.

One line of JSON in ASCII: the rule and its wildcards (run, plane), batch norm and
precision where they matter, what a figure shows, and the digests of the code. It has no
clock, host or path: the same recipe leaves the same bytes.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import h5py

NAME = "recipe"

# Attributes of measured files that decide what their numbers mean.
TERMS = ("batchnorm", "precision")
CODE = ("code", "net")


def leave(facts: Mapping, paths: Iterable[str | Path]) -> None:
    """Write the note of a job into those of its outputs that are HDF5 files."""
    params = facts["params"]
    code = {name: params[name] for name in CODE if name in params}
    for path in filter(_is_hdf5, paths):
        with h5py.File(path, "r+") as file:
            told = {"rule": facts["rule"], **facts["wildcards"], **_terms(file), **code}
            file.attrs[NAME] = json.dumps(told)


def of_figure(name: str, rows: list, code: str, shown: Iterable[str | Path]) -> str:
    """The note of a figure: its rows as configured, and all terms of what it shows."""
    found: dict[str, set] = {}
    for path in filter(_is_hdf5, shown):
        with h5py.File(path, "r") as file:
            for term, value in _terms(file).items():
                found.setdefault(term, set()).add(value)
    terms = {term: sorted(found[term]) for term in TERMS if term in found}
    told = {"rule": "figure", "figure": name, "rows": rows, **terms, "code": code}
    return json.dumps(told)


def _terms(file: h5py.File) -> dict[str, str]:
    return {name: str(file.attrs[name]) for name in TERMS if name in file.attrs}


def _is_hdf5(path: str | Path) -> bool:
    return Path(path).suffix == ".h5"
