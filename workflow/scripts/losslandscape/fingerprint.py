"""A digest of the code behind a step: what it does, not how it is laid out.

A step is a script and every library module that it imports, at any depth. Comments,
docstrings, blank lines and formatting do not count; `JOB` does not either, since it
decides where a number is computed or whether, never which. What it imports counts.

A file of a user's own counts in the same way, with what it imports from its folder.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from losslandscape import nearby

PACKAGE = "losslandscape"
JOB = {
    *(
        "job",
        "receipt",
        "recipes",
        "note",
        "intact",
        "turns",
        "stopping",
        "remedies",
        "progress",
    ),
    *("download", "proof", "slots"),
}
# Where a node of the syntax holds statements, or what holds them.
BLOCKS = "body", "orelse", "handlers", "finalbody", "cases"


@cache
def of(start: Path, library: Path) -> str:
    """The digest of a script or module with all that it imports from the library."""
    digest = hashlib.sha256()
    for path in sorted(_files(start, library)):
        digest.update(f"{path.name}\n{_read(path).meaning}\n".encode())
    return digest.hexdigest()[:16]


@cache
def of_file(path: str, library: Path) -> str:
    """The digest of a user's Python file with all that it imports of theirs and ours.

    Where its folder lies does not count. Raises OSError or SyntaxError for a file that
    cannot be read.
    """
    theirs = nearby.reached(Path(path))
    top = nearby.root(Path(path))
    files = {file.relative_to(top).as_posix(): file for file in theirs}
    ours = set().union(*(_files(file, library) for file in theirs)) - theirs
    files |= {f"{PACKAGE}/{file.name}": file for file in ours}
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\n{_read(files[name]).meaning}\n".encode())
    return digest.hexdigest()[:16]


def text(told: str) -> str:
    """The digest of some text."""
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _files(start: Path, library: Path) -> set[Path]:
    """The start and every library module reached from it, but those of `JOB`."""
    found, waiting = set(), {start}
    while waiting:
        path = waiting.pop()
        found.add(path)
        named = {library / f"{name}.py" for name in _read(path).imports}
        waiting |= set(filter(Path.is_file, named)) - found
    return found - {library / f"{name}.py" for name in JOB}


class _Code(NamedTuple):
    """The modules of the library that a file imports, and what its code does."""

    imports: set[str]
    meaning: str


@cache
def _read(path: Path) -> _Code:
    """A file's imports, in whichever form, and its code as Python would write it."""
    tree, dotted = nearby.parsed(path), set[str]()
    for node in _statements(tree):
        if isinstance(node, ast.ImportFrom):
            is_ours = node.level and path.parent.name == PACKAGE
            origin = [PACKAGE] * bool(is_ours) + [node.module] * bool(node.module)
            dotted |= {".".join([*origin, alias.name]) for alias in node.names}
        elif isinstance(node, ast.Import):
            dotted |= {alias.name for alias in node.names}
        elif getattr(node, "body", None) and _is_text(node.body[0]):
            node.body[:1] = [] if len(node.body) > 1 else [ast.Pass()]
    ours = {name.split(".")[1] for name in dotted if name.startswith(f"{PACKAGE}.")}
    return _Code(ours, ast.unparse(tree))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all statements in it, at any depth; expressions hold none."""
    yield node
    for part in BLOCKS:
        for inner in getattr(node, part, ()):
            yield from _statements(inner)


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
