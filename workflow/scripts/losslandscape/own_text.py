"""What the text of a user's Python file tells, before any of it is run."""

import ast
import copy
import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from losslandscape import nearby

FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef
DEFINITIONS = ast.ClassDef, *FUNCTIONS
# What a file that reads or imports them may name in ways that its text does not show.
DYNAMIC = {"*", "globals", "setattr", "vars", "exec"}


def fault(file: str, name: str) -> str | None:
    """What is wrong with a file and a name in it, as far as its text tells; or None.

    A name which the file gets while it runs may be there.
    """
    try:
        path = located(file)
        nearby.reached(path)
        tree = nearby.parsed(path)
        compile(tree, str(path), "exec")  # some mistakes show there alone
    except SyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno else ""
        return f"{error.filename or path} is not Python: {error.msg}{line}"
    except ValueError as error:
        return str(error)
    bound = set(_bound(tree))
    if name in bound or bound & DYNAMIC:
        return None
    there = [node.name for node in tree.body if isinstance(node, DEFINITIONS)]
    return nameless(file, name, there)


def misfit(file: str, name: str, /, *args: Any, **options: Any) -> str | None:
    """Why a function or class of a file cannot be called so; None where that is open.

    It is open for what is imported, decorated, inherited or built while the file runs.
    """
    taken = _signature(nearby.parsed(located(file)), name)
    return taken and refusal(taken, file, name, *args, **options)


def refusal(
    taken: inspect.Signature, file: str, name: str, /, *args: Any, **options: Any
) -> str | None:
    """Why what has this signature cannot be called so; None where it can."""
    try:
        taken.bind(*args, **options)
    except TypeError as error:
        what = "arguments" if args else "options"
        there = ", ".join(taken.parameters) or "none"
        fault = f"does not take these {what} ({error}); it takes: {there}"
        return f"{name!r} of {file} {fault}"
    return None


def located(file: str) -> Path:
    """The path of a Python file; ValueError, in one sentence, where there is none."""
    path = Path(file).resolve()
    if not path.is_file():
        raise ValueError(
            f"there is no file {file}; a path starts where snakemake runs, {Path.cwd()}"
        )
    if path.suffix != ".py" or "." in path.stem:
        raise ValueError(f"{file} is not named like a Python module, NAME.py")
    return path


def nameless(file: str, name: str, there: Sequence[str]) -> str:
    """The sentence for a name that a file does not have."""
    return f"{file} has no {name!r}; it has {', '.join(there) or 'none'}"


def _bound(tree: ast.Module) -> Iterator[str]:
    """All names that a file gives to something, and those that it imports or reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, DEFINITIONS):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def _signature(tree: ast.Module, name: str) -> inspect.Signature | None:
    """How a name is called, if one plain definition is all that the file says of it."""
    found = _only(_givers(tree, name), tree.body)
    is_class = isinstance(found, ast.ClassDef)
    if is_class:
        found = _maker(found, tree)
    if not isinstance(found, FUNCTIONS) or set(_bound(tree)) & DYNAMIC:
        return None
    taken = inspect.signature(_stub(found.args))
    return taken.replace(parameters=list(taken.parameters.values())[is_class:])


def _maker(kind: ast.ClassDef, tree: ast.Module) -> ast.AST | None:
    """The `__init__` of a class, if nothing else may decide how the class is called."""
    given = _givers(tree, "__init__")
    is_set = any(isinstance(node, ast.Attribute) for node in given)
    if kind.keywords or is_set or _givers(kind, "__new__"):
        return None
    return _only(_givers(kind, "__init__"), kind.body)


def _only(found: Sequence[ast.AST], body: Sequence[ast.AST]) -> ast.AST | None:
    """The only one of some, if it is an undecorated definition right in a body."""
    is_plain = len(found) == 1 and found[0] in body
    is_plain = is_plain and not getattr(found[0], "decorator_list", [None])
    return found[0] if is_plain else None


def _givers(tree: ast.AST, name: str) -> list[ast.AST]:
    """All in a file or a class that gives a name to something, or may."""
    return [node for node in ast.walk(tree) if _gives(node, name)]


def _gives(node: ast.AST, name: str) -> bool:
    match node:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            return node.name == name
        case ast.alias():
            return (node.asname or node.name).partition(".")[0] == name
        case ast.Name():
            return node.id == name and not isinstance(node.ctx, ast.Load)
        case ast.Attribute():
            return node.attr == name and not isinstance(node.ctx, ast.Load)
    return False


def _stub(arguments: ast.arguments) -> Any:
    """A function that has such arguments and nothing of theirs: defaults are None."""
    arguments = copy.deepcopy(arguments)
    for node in ast.walk(arguments):
        if isinstance(node, ast.arg):
            node.annotation = None
    nothing = ast.Constant(None)
    arguments.defaults = [nothing for _ in arguments.defaults]
    arguments.kw_defaults = [each and nothing for each in arguments.kw_defaults]
    stub = ast.Expression(ast.Lambda(arguments, nothing))
    return eval(compile(ast.fix_missing_locations(stub), "<stub>", "eval"))
