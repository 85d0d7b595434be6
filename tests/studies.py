"""A small study, as its author writes it: nothing that has a default is said."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from losslandscape import faults, references

SCHEMA = Path(__file__).parents[1] / "workflow" / "schemas" / "config.schema.yaml"

RUN = "digits/deep/sgd-seed0"

STUDY = """
study: tiny
datasets:
  digits: {source: {digits: {}}, mean: [0.3], std: [0.4]}
models:
  deep: {resnet: {depth: 20}}
  dense: {densenet: {}}
recipes:
  sgd: {epochs: 2, batch_size: 128, optimiser: {sgd: {learning_rate: 0.1}}}
  adam: {epochs: 2, batch_size: 128, optimiser: {adam: {}}}
planes:
  line:
    directions: {random: {}}
    batchnorm: frozen
    images: {train: all, test: 20}
    x: &axis {from: -1, to: 1, points: 3}
  between:
    directions: {difference: {to: [digits/deep/sgd-seed1]}}
    batchnorm: interpolated
    images: {train: all, test: all}
    x: *axis
  coarse:
    directions: {random: {}}
    batchnorm: frozen
    images: {train: all, test: 20}
    x: *axis
    y: *axis
  fine: {refines: coarse, x: *axis, y: *axis}
  finest: {refines: fine, x: *axis, y: *axis}
figures:
  shown:
    rows:
      - lines: {plane: line, runs: [digits/deep/sgd-seed0, digits/dense/adam-seed12]}
      - surfaces: {plane: finest, runs: [digits/deep/sgd-seed0]}
"""


def schema() -> dict:
    """The schema of all studies."""
    return yaml.safe_load(SCHEMA.read_text())


def tiny(changes: Mapping[str, Any] | None = None) -> dict:
    """The study with some values changed: {path of keys with dots: value}.

    None takes the key away.
    """
    # Through JSON, since what YAML repeats is one and the same mapping.
    study = json.loads(json.dumps(yaml.safe_load(STUDY)))
    for path, value in (changes or {}).items():
        *above, key = path.split(".")
        place = study
        for step in above:
            place = place[int(step) if isinstance(place, list) else step]
        key = int(key) if isinstance(place, list) else key
        if value is None:
            del place[key]
        else:
            place[key] = value
    return study


def cases(text: str) -> list[tuple[dict, str]]:
    """Changes in YAML, each with the line below it: what is said."""
    lines = text.strip().splitlines()
    return [
        (yaml.safe_load(change), said.strip())
        for change, said in zip(lines[::2], lines[1::2], strict=True)
    ]


def refused(changes: Mapping[str, Any]) -> list[str]:
    """What is said of the study with changes, fault by fault, if anything."""
    try:
        faults.check(tiny(changes), schema())
    except ValueError as error:
        return str(error).split("\n  ")[1:]
    return []


def broken(changes: Mapping[str, Any]) -> list[str]:
    """What references of the study with changes are broken."""
    return list(references.broken(tiny(changes)))


def row(entry: dict) -> dict:
    """A figure of one entry, with a run where it needs one."""
    ((kind, options),) = entry.items()
    runs = {"runs": [RUN]} if "plane" in options else {}
    return {"figures.shown.rows": [{kind: options | runs}]}
