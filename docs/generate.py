"""Writes docs/config.md: every key of a study, from the schema that checks it.

`make docs` runs this; a test fails where the page and the schema differ.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

HERE = Path(__file__).parent
SCHEMA = HERE.parent / "workflow/schemas/config.schema.yaml"
PAGE = HERE / "config.md"

INTRODUCTION = """\
# Every key of a study

This page is made from [the schema](../workflow/schemas/config.schema.yaml) by
`make docs`: edit that, not this. [`config/README.md`](../config/README.md) explains the
sections with examples; here is every key with its type, its default and its unit.

- Keys that are not here are refused, with the place and the keys that are known there.
- *Needed* keys have no default. A dash says that the key may be left out, and then
  stands for nothing.
- *One of* means a mapping of exactly one key, the name of what was chosen, with its
  options: `{adam: {}}`. What has no options is written with an empty mapping.
- `NAME` is a name that you give. `[]` is each element of a list.
- Learning rates, factors and coordinates have no unit; what has one says so. Of
  classification the losses have none, in natural logarithms, and errors are in %; of
  another `task` the loss and what stands for the error have the units of that task.
"""


class Page:
    """The tables of a schema, in order; a part that is used twice has one table."""

    def __init__(self, schema: Mapping):
        """Make the tables of a whole schema."""
        self.defs, self.sections = schema["$defs"], []
        text = json.dumps(schema)
        self.shared = {
            name
            for name, part in self.defs.items()
            if is_object(part) and text.count(f'"#/$defs/{name}"') > 1
        }
        for key, node in schema["properties"].items():
            needed = default(self.resolved(node), key in schema["required"])
            heading = f"## {key}\n\n{self.kind(node)}; {needed}"
            self.add(heading, key, self.resolved(node))
        for name in sorted(self.shared):
            self.add(f"## Shared: {name}", name, self.defs[name])

    def add(self, heading: str, path: str, node: Mapping) -> None:
        """The table of a part of the schema, then those of what is below it."""
        keys = node.get("properties", {}).items()
        needed = node.get("required", [])
        rows = [self.row(path, key, child, key in needed) for key, child in keys]
        told = [heading, sentence(node), "\n".join(HEAD * bool(rows) + rows)]
        if rows or heading.startswith("## "):
            self.sections.append("\n\n".join(filter(None, told)) + "\n")
        self.add_below(path, node)

    def add_below(self, path: str, node: Mapping) -> None:
        """The tables of the parts of a node that have keys, but shared ones."""
        for name, child in self.below(path, node):
            if named(child) not in self.shared:
                self.add(f"### {name}", name, self.resolved(child))

    def below(self, path: str, node: Mapping) -> Iterator[tuple[str, Mapping]]:
        """The parts of a node, with their paths."""
        for key, child in node.get("properties", {}).items():
            yield f"{path}.{key}", child
        if isinstance(node.get("additionalProperties"), dict):
            yield f"{path}.NAME", node["additionalProperties"]
        if "items" in node:
            yield f"{path}[]", node["items"]
        for branch in (node.get("else", {}), node.get("then", {})):
            if name := named(branch):
                yield (path if branch is node["else"] else f"{path} ({name})"), branch

    def row(self, path: str, key: str, child: Mapping, needed: bool) -> str:
        """One key of a table."""
        node, kind = self.resolved(child), self.kind(child)
        if named(child) not in self.shared and node.get("properties"):
            anchor = re.sub(r"[^\w\- ]", "", f"{path}.{key}".lower())
            anchor = anchor.replace(" ", "-")
            kind = f"[{kind}](#{anchor})" if kind == "mapping" else kind
        cells = [f"`{key}`", kind, default(node, needed), sentence(node)]
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    def kind(self, node: Mapping) -> str:
        """What type of value a key takes."""
        name, node = named(node), self.resolved(node)
        if name in self.shared:
            return f"[{name}](#shared-{name})"
        several = node.get("anyOf") or [node[key] for key in ("else",) if key in node]
        if several and "properties" not in node:
            return " or ".join(self.kind(each) for each in several)
        if node.get("type") == "array":
            return f"list of {self.kind(node.get('items', {}))}"
        return single(node)

    def resolved(self, node: Mapping) -> dict:
        """A node with what it refers to put in; what it says itself comes first."""
        name = named(node)
        return {**self.resolved(self.defs[name]), **node} if name else dict(node)


TYPES = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "object": "mapping",
}

BOUNDS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
}


HEAD = ["| key | type | default | what it is |", "|---|---|---|---|"]


def named(node: Mapping) -> str | None:
    """The name of the definition that a node refers to."""
    return node["$ref"].rpartition("/")[2] if "$ref" in node else None


def single(node: Mapping) -> str:
    """The type of a value that is no list."""
    if "enum" in node or "const" in node:
        values = node.get("enum", [node.get("const")])
        return ", ".join(f"`{plain(value)}`" for value in values)
    if is_choice(node):
        return "one of " + ", ".join(f"`{key}`" for key in node["properties"])
    return f"{TYPES.get(node.get('type'), 'value')}{bounds(node)}"


def is_object(node: Mapping) -> bool:
    """Whether a part of the schema has keys of its own."""
    return bool(node.get("properties")) or "properties" in node.get("items", {})


def is_choice(node: Mapping) -> bool:
    """Whether exactly one of the keys is to be given."""
    return "properties" in node and node.get("maxProperties") == 1


def bounds(node: Mapping) -> str:
    """Between which values a number may lie."""
    told = [form.format(node[key]) for key, form in BOUNDS.items() if key in node]
    return f", {', '.join(told)}" if told else ""


def default(node: Mapping, needed: bool) -> str:
    """What a key is when it is left out."""
    if needed:
        return "*needed*"
    return f"`{plain(node['default'])}`" if "default" in node else "–"


def plain(value: object) -> str:
    """A value as YAML on one line."""
    told = yaml.safe_dump(value, default_flow_style=True, width=10**6, sort_keys=False)
    return told.removesuffix("\n").removesuffix("\n...").strip()


def sentence(node: Mapping) -> str:
    """What a part of the schema says of itself, on one line."""
    return " ".join(node.get("description", "").split())


def page(schema: Mapping) -> str:
    """The whole page; ValueError where two headings are the same."""
    sections = Page(schema).sections
    titles = Counter(section.splitlines()[0] for section in sections)
    twice = [title for title, count in titles.items() if count > 1]
    if twice:
        raise ValueError(f"these parts of the schema have one name: {twice}")
    return "\n".join([INTRODUCTION, *sections])


def told() -> str:
    """The page of the schema as it is now."""
    return page(yaml.safe_load(SCHEMA.read_text()))


if __name__ == "__main__":
    PAGE.write_text(told())
