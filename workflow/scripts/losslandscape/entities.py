"""Entities of an RO-Crate: each is there once, and a value is one as well."""

import hashlib
import json
from collections.abc import Mapping

from rocrate.model import ContextEntity, Entity
from rocrate.rocrate import ROCrate


def add(crate: ROCrate, identifier: str, kind: str, /, **properties) -> Entity:
    """An entity that is no file of the crate; the one that is there, if it is there.

    What is None or empty is left out, and a list of one is that one.
    """
    if identifier in crate:
        return crate.get(identifier)
    told = {name: single(value) for name, value in properties.items()}
    known = {name: value for name, value in told.items() if value not in (None, [])}
    return crate.add(ContextEntity(crate, identifier, {"@type": kind} | known))


def value(crate: ROCrate, name: str, told: object, /, **properties) -> Entity:
    """A named value: text, number, truth, or the JSON of what is more than that."""
    plain = told if isinstance(told, str | int | float) else json.dumps(told)
    linked = {key: getattr(each, "id", each) for key, each in properties.items()}
    key = digest([name, plain, linked])
    of = {"name": name, "value": plain} | properties
    return add(crate, f"#{name}-{key}", "PropertyValue", **of)


def values(crate: ROCrate, told: Mapping) -> list[Entity]:
    """Named values of all that is known in a mapping."""
    known = {name: each for name, each in told.items() if each not in (None, {})}
    return [value(crate, name, each) for name, each in known.items()]


def digest(told: object) -> str:
    """A short digest of what can be JSON."""
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def single(told: object) -> object:
    """The one of a list of one; else what was given."""
    return told[0] if isinstance(told, list) and len(told) == 1 else told


def several(told: object) -> list:
    """A list of what may stand alone."""
    return told if isinstance(told, list) else [told]
