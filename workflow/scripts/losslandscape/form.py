"""A config against the schema of studies, strictly, each fault as a sentence."""

import copy
import math
from collections.abc import Iterator, Mapping, Sequence

from jsonschema import Draft202012Validator, TypeChecker, validators
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator


def faults(config: Mapping, schema: Mapping) -> list[str]:
    """Where a config does not have the form of the schema, and what is expected.

    Stricter than JSON Schema: 2.0 is no integer, infinity and nan are no numbers.
    """
    strict = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_integer, "number": _is_number}
    )
    validator = validators.extend(Draft202012Validator, type_checker=strict)
    # In an order: jsonschema goes through sets.
    return sorted(map(_sentence, validator(schema).iter_errors(config)))


def fill(config: dict, schema: Mapping) -> None:
    """Write the defaults of the schema where a sound config says nothing.

    As Snakemake's `validate` does, which reads the schema anew, for half a second in
    each of its processes.
    """
    usual = Draft202012Validator.VALIDATORS["properties"]

    def filling(
        validator: Validator, properties: Mapping, instance: object, schema: Mapping
    ) -> Iterator[ValidationError]:
        for name, part in properties.items():
            if "default" in part and isinstance(instance, dict):
                instance.setdefault(name, copy.deepcopy(part["default"]))
        yield from usual(validator, properties, instance, schema)

    validator = validators.extend(Draft202012Validator, {"properties": filling})
    validator(schema).validate(config)


def _is_integer(checker: TypeChecker, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(checker: TypeChecker, value: object) -> bool:
    is_finite = isinstance(value, float) and math.isfinite(value)
    return is_finite or _is_integer(checker, value)


def _sentence(error: ValidationError) -> str:
    where = ".".join(map(str, error.absolute_path)) or "top level"
    hint = error.schema.get("description", "")
    return f"{where}: {_message(error)}" + (f" — {hint}" if hint else "")


def _message(error: ValidationError) -> str:
    if error.validator == "additionalProperties":
        known = ", ".join(error.schema.get("properties", {}))
        message = error.message.replace("Additional properties are", "Other keys are")
        return f"{message}; known are {known}"
    if error.validator in ("minProperties", "maxProperties"):
        known = ", ".join(error.schema.get("properties", {}))
        return f"needs exactly one of {known}" if known else "must not be empty"
    if error.validator == "uniqueItems":
        return f"says the same twice: {_twice(error.instance)!r}"
    if error.validator == "not":
        return "does not belong here"
    if isinstance(error.instance, float) and error.validator_value == "number":
        return f"{error.instance} is not a finite number"
    return error.message


def _twice(listed: Sequence) -> object:
    """The first element that stands in a list before."""
    return next(each for k, each in enumerate(listed) if each in listed[:k])
