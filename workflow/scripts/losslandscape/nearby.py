"""What a user's Python file imports from its own folder, told from its text.

Names are looked for beside the file, then in the folders above it, up to the one that
holds its outermost package; a file is not beside itself. Nothing is run.
"""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

# Always ours, also where a folder of this name lies beside the file.
OURS = "losslandscape"


def root(path: Path) -> Path:
    """The folder whose Python files belong together: that of the outermost package."""
    folder = path.resolve().parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        folder = folder.parent
    return folder


def reached(start: Path) -> set[Path]:
    """A file with all files of its folder that it imports, at any depth."""
    found: set[Path] = set()
    top, waiting = root(start), {start.resolve()}
    while waiting:
        path = waiting.pop()
        found.add(path)
        waiting |= {*_imported(path, top), *_packages(path, top)} - found
    return found


def home(name: str, path: Path, top: Path) -> Path | None:
    """The folder that has a module which a file imports by an absolute name, if any."""
    first, folder = name.partition(".")[0], path.parent
    if first == OURS:
        return None
    for where in (folder, *folder.parents):
        if _is_module(where / first, path):
            return where
        if where == top:
            break
    return None


def parsed(path: Path) -> ast.Module:
    """The code of a file; SyntaxError that names the line."""
    return ast.parse(path.read_bytes(), filename=str(path))


def _is_module(place: Path, path: Path) -> bool:
    files = place.with_name(f"{place.name}.py"), place / "__init__.py"
    if any(file.is_file() and file != path for file in files):
        return True
    # As Python does: a mere folder is taken when nothing of its name is installed.
    return any(place.glob("*.py")) and not _is_installed(place.name)


def _is_installed(name: str) -> bool:
    spec = find_spec(name)
    return spec is not None and spec.origin is not None


def _imported(path: Path, top: Path) -> Iterator[Path]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files(alias.name, home(alias.name, path, top))
        elif isinstance(node, ast.ImportFrom):
            yield from _imported_from(node, path, top)


def _imported_from(node: ast.ImportFrom, path: Path, top: Path) -> Iterator[Path]:
    module = node.module or ""
    folder = path.parents[node.level - 1] if node.level else home(module, path, top)
    for alias in node.names:
        yield from _files(f"{module}.{alias.name}".strip("."), folder)


def _files(name: str, folder: Path | None) -> Iterator[Path]:
    """The files of a module and of the packages that hold it, as far as they go."""
    for part in name.split(".") if folder else ():
        folder = folder / part
        for file in (folder.with_name(f"{part}.py"), folder / "__init__.py"):
            if file.is_file():
                yield file


def _packages(path: Path, top: Path) -> Iterator[Path]:
    """The files that Python runs before the one of a module inside of packages."""
    while path.parent != top:
        path = path.parent
        if (path / "__init__.py").is_file():
            yield path / "__init__.py"
