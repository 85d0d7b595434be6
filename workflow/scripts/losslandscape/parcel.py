"""Files in one zip: equal bytes for equal files, whenever it is made."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote

# The first moment that a zip can tell.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def save(path: str | Path, files: Mapping[str, str | Path]) -> None:
    """Store files in a new zip under names, in the order of these."""
    with zipfile.ZipFile(path, "w") as parcel:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.file_size = Path(files[name]).stat().st_size
            with open(files[name], "rb") as file, parcel.open(entry, "w") as packed:
                shutil.copyfileobj(file, packed)


def below(folder: str | Path, names: Iterable[str]) -> dict[str, Path]:
    """Some files of a folder, and all files of some of its folders, by their names.

    What Python compiled is left out. Raises FileNotFoundError for what is not there.
    """
    found: dict[str, Path] = {}
    for name in names:
        top = Path(folder, name)
        if not top.exists():
            raise FileNotFoundError(
                f"{top} is not there, and is a part of the workflow"
            )
        paths = [path for path in top.rglob("*") if path.is_file()] or [top]
        found |= {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: found[name] for name in found if "__pycache__" not in name}


def crate(metadata: str | Path) -> dict[str, Path]:
    """The files of an RO-Crate by their names in it, its metadata among them.

    Raises ValueError if one has other bytes than the metadata say.
    """
    root = Path(metadata).parent
    graph = json.loads(Path(metadata).read_text(encoding="utf-8"))["@graph"]
    entities = {entity["@id"]: entity for entity in graph}
    parts = entities["./"]["hasPart"]
    found = {}
    for name in [part["@id"] for part in parts]:
        path = root / unquote(name)
        _require(path, entities[name]["sha256"])
        found[unquote(name)] = path
    return {Path(metadata).name: Path(metadata)} | found


def _require(path: Path, sha256: str) -> None:
    with open(path, "rb") as file:
        is_same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
    if not is_same:
        raise ValueError(
            f"{path} is not what the crate says that it is: make the crate again with "
            f"`snakemake --forcerun crate`"
        )
