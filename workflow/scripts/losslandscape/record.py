"""What receipts say of all files together, held against the files as they are now."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from losslandscape import receipt


class Record:
    """The receipts of `provenance` that lie beside what they tell of, by artifact."""

    def __init__(self, receipts: Iterable[Mapping]) -> None:
        """Remember who made what; each file is read once."""
        beside = list(filter(self.is_beside, receipts))
        self.makers = {path: told for told in beside for path in told["outputs"]}
        self._known = {
            fact["sha256"]: path for t in beside for path, fact in t["outputs"].items()
        }
        self._digest = cache(receipt.digest)

    @staticmethod
    def is_beside(told: Mapping) -> bool:
        """Whether a receipt lies where it says that its job left it."""
        place = Path(told["receipt"]).parent
        return any(Path(path).parent == place for path in told["outputs"])

    def broken(self, path: str, fact: Mapping) -> str:
        """How a file is not as recorded, in words; nothing if it is."""
        if not Path(path).exists():
            return "it is missing"
        now = self._digest(path)
        if now["sha256"] == fact["sha256"]:
            return ""
        if now["sha256"] in self._known:
            return f"holds the bytes of {self._known[now['sha256']]}"
        return (
            f"{now['bytes']} bytes of sha256 {now['sha256'][:12]}…, "
            f"recorded {fact['bytes']} of {fact['sha256'][:12]}…"
        )

    def others(self, told: Mapping) -> Iterator[str]:
        """Inputs that were other files when a job ran, in words.

        They are told from what is recorded of them now, so that a file edited later
        does not stain what was made before; from the file itself if nothing is.
        """
        for path, fact in told["inputs"].items():
            now = self._now(path)
            if now and now["sha256"] != fact["sha256"]:
                yield f"made from another {path}"

    def _now(self, path: str) -> Mapping | None:
        if path in self.makers:
            return self.makers[path]["outputs"][path]
        return self._digest(path) if Path(path).exists() else None
