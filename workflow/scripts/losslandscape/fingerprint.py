"""A digest of the code behind a step: what it does, not how it is laid out.

A step is a script and every library module that it imports, at any depth. Comments,
docstrings, blank lines and formatting do not count; `JOB` does not either, since it
decides where a number is computed, never which.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = "losslandscape"
JOB = {"job", "receipt", "progress", "fingerprint"}


@cache
def of(script: Path) -> str:
    """The digest of a script with all that it imports from the library."""
    digest = hashlib.sha256()
    for path in sorted(_files(script, script.parent / PACKAGE)):
        digest.update(f"{path.name}\n{_meaning(path)}\n".encode())
    return digest.hexdigest()[:16]


def _files(start: Path, library: Path) -> set[Path]:
    """The start and every library module reached from it."""
    found, waiting = set(), {start}
    while waiting:
        path = waiting.pop()
        found.add(path)
        names = _imports(path) - JOB
        waiting |= {library / f"{name}.py" for name in names} - found
    return found


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            package, _, module = node.module.partition(".")
            names |= {module} if package == PACKAGE else set()
    return names


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
