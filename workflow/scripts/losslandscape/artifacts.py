"""The files of jobs as files of an RO-Crate, each with its sha256 and its size."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from rocrate.model import ContextEntity, Entity, File
from rocrate.rocrate import ROCrate

# What files are, by their endings.
FORMATS = {
    ".csv": "text/csv",
    ".h5": "application/x-hdf5",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".tex": "application/x-latex",
    ".vts": "application/xml",
    ".yaml": "application/yaml",
    ".zip": "application/zip",
}


class Files:
    """The files of a crate, by their paths as jobs tell them.

    A file that lies in the folder of the crate is a part of it. One that does not, or
    is no more, or matches a pattern of those left out, is told of in the same words
    under a name of its own.
    """

    def __init__(
        self,
        crate: ROCrate,
        root: str,
        left_out: Sequence[str],
        kinds: Mapping[str, list[str]],
    ):
        """Begin with none; `kinds` are the types of files that are more than that."""
        self.crate, self.root = crate, Path(root)
        self.left_out, self.kinds = left_out, kinds
        self._digests: dict[str, str] = {}
        self._entities: dict[str, Entity] = {}

    def __getitem__(self, path: str) -> Entity:
        """The entity of a file; KeyError if no job has told of it."""
        return self._entities[path]

    def add(self, path: str, digest: Mapping) -> Entity:
        """The entity of a file with these bytes.

        Raises ValueError if it was told of with others.
        """
        if path not in self._entities:
            self._digests[path] = digest["sha256"]
            self._entities[path] = self.crate.add(self._entity(path, digest))
        if self._digests[path] != digest["sha256"]:
            raise ValueError(
                f"{path} is not what later jobs have read: run snakemake again, or "
                f"remove what was made of it"
            )
        return self._entities[path]

    def _entity(self, path: str, digest: Mapping) -> Entity:
        told = {
            "@type": self.kinds.get(path, "File"),
            "name": path,
            "sha256": digest["sha256"],
            "contentSize": str(digest["bytes"]),
            "encodingFormat": FORMATS.get(
                Path(path).suffix, "application/octet-stream"
            ),
        }
        if self._is_part(path):
            inside = Path(path).relative_to(self.root)
            return File(self.crate, dest_path=inside, properties=told)
        return ContextEntity(self.crate, f"#{quote(path)}", told)

    def _is_part(self, path: str) -> bool:
        is_left_out = any(PurePosixPath(path).match(each) for each in self.left_out)
        is_inside = Path(path).is_relative_to(self.root)
        return is_inside and not is_left_out and Path(path).is_file()
