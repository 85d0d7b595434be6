"""Files of a user's own that a dataset is made from, and whether they are there."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from losslandscape import own_text

# What a source and a task of a user's own name in a Python file.
NAMED = {"source": ("name",), "task": ("loss", "measure")}
# How these are called: with arguments, and with these beside their own options.
CALLED = {
    "source": ((), {"train": True}, "train=True, train=False, and its options"),
    "task": (("outputs", "targets"), {}, "outputs and targets"),
}

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
    chosen = [dataset.get(part, {}).get("own") for part in NAMED]
    return list(dict.fromkeys(how["file"] for how in chosen if how))


def missing(where: str, dataset: Mapping) -> Iterator[str]:
    """What a user's dataset names that is not there: files, functions in them, images.

    Nothing of a file is run. Of an .npz Snakemake says so.
    """
    for part in NAMED:
        how = dataset.get(part, {}).get("own")
        for fault in dict.fromkeys(_faults(part, how) if how else ()):
            yield f"{where}.{part}.own: {fault}"
    folder = dataset["source"].get("folder")
    for split in ("train", "test") if folder else ():
        if not images(folder, split):
            there = Path(folder["path"], split)
            yield f"{where}.source.folder: there are no images {there}/{{class}}/*.png"


def _faults(part: str, how: Mapping) -> Iterator[str]:
    """What is wrong with the names that a part of a dataset has in a Python file."""
    arguments, beside, told = CALLED[part]
    options = beside | how.get("options", {})
    for name in (how[key] for key in NAMED[part]):
        fault = own_text.fault(how["file"], name)
        unfit = fault or own_text.misfit(how["file"], name, *arguments, **options)
        if unfit:
            yield fault or f"{unfit}; it is called with {told}"
