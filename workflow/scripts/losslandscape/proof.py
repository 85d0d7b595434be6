"""Prove by their hash that files and arrays are the ones that were meant."""

import hashlib
from pathlib import Path


def same(thing: str, found: str, expected: str) -> None:
    """Raise ValueError, naming the thing and both hashes, unless they are equal."""
    if found != expected:
        raise ValueError(
            f"{thing} is not what it should be (damaged, cut short or another one): "
            f"its hash is {found}, expected {expected}"
        )


def whole(file: Path, expected: str, algorithm: str = "sha256") -> None:
    """Raise ValueError unless a file has the expected hash."""
    with file.open("rb") as stream:
        # md5 proves that a download is whole; machines in FIPS mode must be told so.
        digest = hashlib.file_digest(
            stream, lambda: hashlib.new(algorithm, usedforsecurity=False)
        )
    same(str(file), digest.hexdigest(), expected)
