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
    except ValueError as error:
        return str(error)
    except SyntaxError as error:
        return f"{error.filename} is not Python: {error.msg} (line {error.lineno})"
    tree = nearby.parsed(path)
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
        what = f"{len(args)} arguments" if args else "these options"
        there = ", ".join(taken.parameters) or "none"
        return f"{name!r} of {file} does not take {what} ({error}); it takes: {there}"
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
    """How a name is called, if all that the file does with it is to define it once."""
    found = [node for node in tree.body if getattr(node, "name", None) == name]
    stored = [node for node in ast.walk(tree) if _is_stored(node, name)]
    is_class = bool(found) and isinstance(found[0], ast.ClassDef)
    if is_class:
        stored += found[0].decorator_list + found[0].keywords
        found = [node for node in found[0].body if _is_definition(node, "__init__")]
    if stored or len(found) != 1 or not isinstance(found[0], FUNCTIONS):
        return None
    if found[0].decorator_list:
        return None
    taken = inspect.signature(_stub(found[0].args))
    own = list(taken.parameters.values())[is_class:]
    return taken.replace(parameters=own)


def _is_definition(node: ast.AST, name: str) -> bool:
    return isinstance(node, FUNCTIONS) and node.name == name


def _is_stored(node: ast.AST, name: str) -> bool:
    return (
        isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Store)
    )


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
