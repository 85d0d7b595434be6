"""Where a dataset comes from: the config's choice, as arrays that are proven."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from losslandscape import cifar, datasets, folders, items, npz, proof

# Whoever reads what users bring.
BROUGHT = {"npz": npz, "own": items, "folder": folders}
DIGITS_SHA256 = "4535d97c9d076e2f0bd18d85876f027547a18b5c1b4358d12913d0b5f6d79182"


def fetch(source: Mapping, folder: Path) -> datasets.Arrays:
    """The dataset a config chooses, such as `{"digits": {}}`; proven by its hash.

    `folder` is where downloads may take room, and where an official archive of CIFAR
    that was brought by other means is found.
    """
    ((name, options),) = source.items()
    match name:
        case "digits":
            return digits()
        case "cifar10":
            return cifar.ten(folder)
        case "cifar100":
            return cifar.hundred(folder)
    if name not in BROUGHT:
        raise ValueError(f"no such source of data: {dict(source)}")
    return BROUGHT[name].read(**options)


def digits() -> datasets.Arrays:
    """The 1797 handwritten digits of scikit-learn, 8x8, 0 to 16, every fifth a test.

    The split, 1437 to 360, is stratified and always the same.
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    images, labels = load_digits(return_X_y=True)
    seen, unseen, seen_labels, unseen_labels = train_test_split(
        images.astype(np.uint8).reshape(-1, 8, 8, 1),
        labels,
        test_size=360,
        stratify=labels,
        random_state=0,
    )
    arrays = datasets.Arrays(
        seen, seen_labels, unseen, unseen_labels, maximum=16, source="digits"
    )
    proof.same("scikit-learn's digits", datasets.sha256(arrays), DIGITS_SHA256)
    return arrays
