"""Functions and classes of a user's own, by the Python file and their name.

A file may import what lies in its folder, and nothing else sees that: the folder is a
package of its own, below a name of ours, so that neither two files of one name nor a
`data.py` beside a net get in each other's way. An error of theirs is one sentence.
"""

import ast
import hashlib
import importlib
import inspect
import logging
import sys
import traceback
from collections.abc import Mapping
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from losslandscape import nearby, own_text, shortage

log = logging.getLogger(__name__)

PREFIX = "_own_"


def named(file: str, name: str) -> object:
    """What has a name in a Python file, which is run once.

    Raises ValueError, in one sentence, for a file that is not there or cannot be run,
    and for a name that it does not have.
    """
    module = _module(file)
    if not hasattr(module, name):
        there = [n for n, v in vars(module).items() if _is_of(module, v)]
        raise ValueError(own_text.nameless(file, name, there))
    return getattr(module, name)


def made(file: str, name: str, options: Mapping[str, Any]) -> Any:
    """What a class or function of a Python file gives for options by name.

    Raises ValueError, in one sentence, for options that it does not take and for an
    error inside of it; and see `named`.
    """
    kind = named(file, name)
    if not callable(kind):
        raise ValueError(f"{name!r} of {file} is neither a class nor a function")
    _require_options(kind, file, name, options)
    try:
        return kind(**options)
    except Exception as error:
        tell(error, f"{name!r} of {file}", file)
        raise


def tell(error: Exception, what: str, file: str) -> None:
    """Raise ValueError, in one sentence, for an error in what a user's file does.

    A lack of memory is not theirs: of that nothing is said, and it is to be passed on.
    """
    if not shortage.is_meant(error):
        raise ValueError(f"{what} fails: {_told(error, file)}") from error


def lacks(file: str, name: str, option: str) -> bool:
    """Whether a class or function of a Python file cannot take an option."""
    kind = named(file, name)
    try:
        inspect.signature(kind).bind_partial(**{option: None})
    except TypeError:
        return callable(kind)
    except ValueError:  # of some that are written in C
        return False
    return False


def _require_options(
    kind: Any, file: str, name: str, options: Mapping[str, Any]
) -> None:
    try:
        taken = inspect.signature(kind)
    except (TypeError, ValueError):  # of some that are written in C
        return
    refused = own_text.refusal(taken, file, name, **options)
    if refused:
        raise ValueError(refused)


def _is_of(module: ModuleType, value: object) -> bool:
    return getattr(value, "__module__", None) == module.__name__


def _module(file: str) -> ModuleType:
    path = own_text.located(file)
    top = nearby.root(path)
    inner = path.relative_to(top).with_suffix("").parts
    try:
        return importlib.import_module(".".join([_package(top), *inner]))
    except (Exception, SystemExit) as error:
        raise ValueError(f"{file} cannot be run: {_told(error, file)}") from error


def _told(error: BaseException, file: str) -> str:
    """What went wrong in what a user's file does, and in which line, in one line."""
    log.info("an error in what %s does:", file, exc_info=error)
    said = f"{type(error).__name__}: {' '.join(str(error).split())}"
    if isinstance(error, SyntaxError):  # says itself where it is
        return said
    path = str(Path(file).resolve())
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == path]
    return f"{said} (in line {lines[-1]})" if lines else said


def _package(top: Path) -> str:
    """The name of the package that stands for a folder of a user's."""
    name = PREFIX + hashlib.sha256(str(top).encode()).hexdigest()[:12]
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(top)]
        sys.modules[name] = package
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)
    return name


class _Finder:
    """Finds the modules of such packages."""

    @staticmethod
    def find_spec(
        name: str, path: Any = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As importers do; None for what is not a user's."""
        if not name.startswith(PREFIX):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    """Runs a file whose imports look into its own folder first."""

    def get_code(self, fullname: str) -> Any:
        """The code, never what Python keeps compiled of the same file elsewhere."""
        path = Path(self.path)
        tree = _Beside(path, fullname.partition(".")[0]).visit(nearby.parsed(path))
        tree = ast.fix_missing_locations(tree)
        return compile(tree, self.path, "exec", dont_inherit=True)


class _Beside(ast.NodeTransformer):
    """Writes the imports of what lies in a user's folder as those of its package."""

    def __init__(self, path: Path, package: str) -> None:
        self.path, self.package, self.top = path, package, nearby.root(path)

    def _home(self, name: str) -> str | None:
        folder = nearby.home(name, self.path, self.top)
        if folder is None:
            return None
        return ".".join([self.package, *folder.relative_to(self.top).parts])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        """`from layers import Block`: from the package's own module."""
        home = self._home(node.module) if node.module and not node.level else None
        if home:
            node.module = f"{home}.{node.module}"
        return node

    def visit_Import(self, node: ast.Import) -> list[ast.AST]:
        """`import layers`, `import layers.inner` and `import layers as name`."""
        found: list[ast.AST] = []
        for alias in node.names:
            home = self._home(alias.name)
            if home is None:
                found.append(ast.Import([alias]))
                continue
            inner = ast.alias(f"{home}.{alias.name}", alias.asname)
            found.append(ast.Import([inner]))
            if alias.asname is None:
                first = alias.name.partition(".")[0]
                found.append(ast.ImportFrom(home, [ast.alias(first)], 0))
        return [ast.copy_location(each, node) for each in found]
