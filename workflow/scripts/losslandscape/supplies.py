"""Files of a user's own that a dataset is made from, and whether they are there."""

from collections.abc import Iterator, Mapping
from pathlib import Path

IMAGES = {".png", ".jpg", ".jpeg"}


def files(dataset: Mapping) -> list[str]:
    """The files that hold a dataset: an .npz, or the images of a folder in order."""
    ((kind, how),) = dataset["source"].items()
    if kind == "folder":
        return [file for split in ("train", "test") for file in images(how, split)]
    return [how["path"]] if kind == "npz" else []


def images(folder: Mapping, split: str) -> list[str]:
    """The images {split}/{class}/… of a folder {path, size}, in order."""
    found = Path(folder["path"], split).glob("*/*")
    return sorted(str(file) for file in found if file.suffix.lower() in IMAGES)


def code(dataset: Mapping) -> list[str]:
    """The Python files of a dataset: of its source, and of its task."""
    chosen = dataset["source"], dataset.get("task", {})
    return [choice["own"]["file"] for choice in chosen if "own" in choice]


def check(config: Mapping) -> None:
    """Raise ValueError for files and folders of datasets that are not there."""
    missing = list(_missing(config))
    if missing:
        raise ValueError("Files of the config are missing:\n  " + "\n  ".join(missing))


def _missing(config: Mapping) -> Iterator[str]:
    for name, dataset in config["datasets"].items():
        for file in code(dataset):
            if not Path(file).is_file():
                yield f"datasets.{name}: there is no file {file}"
        folder = dataset["source"].get("folder")
        for split in ("train", "test") if folder else ():
            if not images(folder, split):
                where = Path(folder["path"], split)
                yield f"datasets.{name}: there are no images {where}/{{class}}/*.png"
