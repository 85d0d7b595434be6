"""CIFAR's archives, read as torchvision reads them; and what they may not do."""

import pickle
import tarfile

import numpy as np
import pytest

import cifar_stand_in
from losslandscape import archives


def equal(found, expected):
    return all(
        one.dtype == other.dtype and np.array_equal(one, other)
        for one, other in zip(found, expected, strict=True)
    )


def test_pickles_are_read_as_torchvision_reads_them(tmp_path, monkeypatch):
    from torchvision.datasets import CIFAR10

    path = cifar_stand_in.official_ten(tmp_path / "ten.tar.gz", cifar_stand_in.arrays())
    with tarfile.open(path) as tar:
        tar.extractall(tmp_path, filter="data")
    monkeypatch.setattr(CIFAR10, "_check_integrity", lambda self: True)
    monkeypatch.setattr(CIFAR10, "_load_meta", lambda self: None)
    train, test = (CIFAR10(tmp_path, train=train) for train in (True, False))

    found = archives.pickles(path, CIFAR10, "labels")

    labels = [np.array(split.targets, np.uint8) for split in (train, test)]
    assert equal(found, (train.data, labels[0], test.data, labels[1]))
    assert equal(found, cifar_stand_in.arrays())


def test_the_fine_labels_of_cifar100_are_read(tmp_path):
    from torchvision.datasets import CIFAR100

    four = cifar_stand_in.arrays(classes=100)
    path = cifar_stand_in.official_hundred(tmp_path / "hundred.tar.gz", four)

    assert equal(archives.pickles(path, CIFAR100, "fine_labels"), four)


def test_sheets_are_read_image_by_image(tmp_path):
    four = cifar_stand_in.arrays()
    path = cifar_stand_in.package(tmp_path / "package.tgz", four)

    assert equal(archives.sheets(path), four)


def test_a_pickle_that_acts_is_refused_and_does_not_act(tmp_path):
    trace = tmp_path / "trace"

    class Malice:
        def __reduce__(self):
            return trace.touch, ()

    class Shell:
        def __reduce__(self):
            import os

            return os.system, (f"touch {trace}",)

    for malice in (Malice(), Shell(), {"data": [Shell()]}):
        with pytest.raises(ValueError, match=r"asks for .*, which is refused"):
            archives.unpickled(pickle.dumps(malice, protocol=2))

    assert not trace.exists()


@pytest.mark.parametrize(
    "name", ["builtins eval", "numpy fromfile", "numpy.ndarray tofile", "os system"]
)
def test_only_what_arrays_need_is_admitted(name):
    module, attribute = name.split()
    content = f"\x80\x02c{module}\n{attribute}\n.".encode("latin1")

    with pytest.raises(ValueError, match=f"{module}.{attribute}, which is refused"):
        archives.unpickled(content)
