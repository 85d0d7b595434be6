"""The config's choice of a dataset; scikit-learn's digits."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from losslandscape import cifar, sources


def test_digits_are_all_there_once():
    arrays = sources.fetch({"digits": {}}, folder=None)

    images = np.concatenate([arrays.train_images, arrays.test_images])
    labels = np.concatenate([arrays.train_labels, arrays.test_labels])
    found = sorted(zip(images.reshape(-1, 64).tolist(), labels, strict=True))
    everything = load_digits()
    whole = sorted(zip(everything.data.tolist(), everything.target, strict=True))
    assert found == whole
    assert images.dtype == np.uint8
    assert (arrays.maximum, arrays.source) == (16, "digits")


def test_a_fifth_of_each_digit_is_for_the_test():
    arrays = sources.digits()

    assert arrays.train_images.shape == (1437, 8, 8, 1)
    assert arrays.test_images.shape == (360, 8, 8, 1)
    everyone = np.bincount(load_digits().target)
    assert np.abs(np.bincount(arrays.test_labels) - everyone * 360 / 1797).max() < 1


def test_other_digits_are_refused(monkeypatch):
    monkeypatch.setattr(sources, "DIGITS_SHA256", "0" * 64)

    with pytest.raises(ValueError, match=f"digits is not .* expected {'0' * 64}"):
        sources.digits()


@pytest.mark.parametrize(
    ("name", "reader"), [("cifar10", "ten"), ("cifar100", "hundred")]
)
def test_cifar_is_chosen_by_its_name(monkeypatch, tmp_path, name, reader):
    monkeypatch.setattr(cifar, reader, lambda folder: (reader, folder))

    assert sources.fetch({name: {}}, tmp_path) == (reader, tmp_path)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("npz", {"path": "mine.npz", "sha256": "0" * 64}),
        ("own", {"file": "mine.py", "name": "Points", "options": {"number": 3}}),
        ("folder", {"path": "mine", "size": 32}),
    ],
)
def test_the_options_of_what_users_bring_are_passed_on(
    monkeypatch, tmp_path, name, options
):
    monkeypatch.setattr(sources.BROUGHT[name], "read", lambda **options: options)

    assert sources.fetch({name: options}, tmp_path) == options


def test_an_unknown_source_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"no such source of data: .*mnist"):
        sources.fetch({"mnist": {}}, tmp_path)
