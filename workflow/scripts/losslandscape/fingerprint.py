"""A digest of the code behind a step: what it does, not how it is laid out.

A step is a script and every library module that it imports, at any depth. Comments,
docstrings, blank lines and formatting do not count; `JOB` does not either, since it
decides where a number is computed or whether, never which. What it imports counts.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

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


@cache
def of(start: Path, library: Path) -> str:
    """The digest of a script or module with all that it imports from the library."""
    digest = hashlib.sha256()
    for path in sorted(_files(start, library)):
        digest.update(f"{path.name}\n{_meaning(path)}\n".encode())
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
        waiting |= {library / f"{name}.py" for name in _imports(path)} - found
    return found - {library / f"{name}.py" for name in JOB}


@cache
def _imports(path: Path) -> set[str]:
    """The modules of the library that a file imports, in whichever form."""
    dotted = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom):
            origin = [PACKAGE] * bool(node.level) + [node.module] * bool(node.module)
            dotted |= {".".join([*origin, alias.name]) for alias in node.names}
        elif isinstance(node, ast.Import):
            dotted |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in dotted if name.startswith(f"{PACKAGE}.")}


@cache
def _meaning(path: Path) -> str:
    """The code as Python itself would write it, without docstrings."""
    tree = _tree(path)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            body[:1] = [] if len(body) > 1 else [ast.Pass()]
    return ast.unparse(tree)


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))
