"""What people call what a task measures: its loss, its measure, and the unit."""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The names of a task's loss and of its measure, and the measure's unit if any."""

    loss: str
    measure: str
    unit: str

    @property
    def counted(self) -> str:
        """The measure with its unit in brackets."""
        return f"{self.measure} ({self.unit})" if self.unit else self.measure

    @property
    def told(self) -> str:
        """The measure as a name at the start of a line."""
        return self.counted[:1].upper() + self.counted[1:]


CLASSIFICATION = Words("cross-entropy", "error", "%")


def of(task: Mapping) -> Words:
    """The words of a task as the config chooses it, such as `{"regression": {}}`."""
    ((kind, how),) = task.items()
    if kind == "classification":
        return CLASSIFICATION
    if kind == "regression":
        return Words("squared error", "absolute error", how.get("unit", ""))
    named = (how[part].replace("_", " ") for part in ("loss", "measure"))
    return Words(*named, how.get("unit", ""))


def terms(words: Words) -> str:
    """The mean loss, and what stands in the files' columns called error."""
    return f"errors {'' if words == CLASSIFICATION else 'are '}{unit(words)}"


def unit(words: Words) -> str:
    """What numbers are that stand in columns called error."""
    if words == CLASSIFICATION:
        return "in %"
    return words.measure + (f" in {words.unit}" if words.unit else "")
