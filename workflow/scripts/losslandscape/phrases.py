"""How figures, tables and the page speak of the task of what they show."""

from collections.abc import Mapping

from losslandscape import wording


def shown(entry: Mapping) -> wording.Words:
    """The words of a panel or of a table's run, which says them if they are others."""
    return wording.Words(**entry["task"]) if "task" in entry else wording.CLASSIFICATION


def of_dataset(config: Mapping, name: str) -> wording.Words:
    """The words of a dataset of a study."""
    task = config["datasets"].get(name, {}).get("task")
    return wording.of(task) if task else wording.CLASSIFICATION


def of_study(config: Mapping) -> wording.Words:
    """The words for all datasets of a study, which may have several tasks."""
    found = dict.fromkeys(of_dataset(config, name) for name in config["datasets"])
    if len(found) > 1:
        return wording.Words("loss", " or ".join(words.counted for words in found), "")
    return next(iter(found), wording.CLASSIFICATION)


def renamed(names: Mapping[str, str], words: wording.Words) -> dict[str, str]:
    """Names that figures have for classification, in the words of another task."""
    if words == wording.CLASSIFICATION:
        return dict(names)
    usual = wording.CLASSIFICATION.counted
    return {
        key: name.replace(usual, words.counted).replace(
            wording.CLASSIFICATION.loss, "loss"
        )
        for key, name in names.items()
    }


def value(measured: float, words: wording.Words) -> str:
    """A measure with its unit, as captions have it."""
    if words == wording.CLASSIFICATION:
        return f"{measured:.2f}%"
    space = "" if words.unit in ("", "%") else " "
    return f"{measured:.3g}{space}{words.unit}"


def said(text: str, words: wording.Words) -> str:
    """A sentence on classification about another task."""
    if words == wording.CLASSIFICATION:
        return text
    told = text.replace(", mean cross-entropy", f", mean {words.loss}")
    told = told.replace("raining error", f"raining {words.measure}")
    told = told.replace("est error", f"est {words.measure}")
    unit = f", in {words.unit}" if words.unit else ""
    return told.replace(", in %", unit).replace(", %", unit)
