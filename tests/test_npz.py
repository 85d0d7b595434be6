"""Datasets of a user's own: what is taken, and what is refused in which words."""

import hashlib

import numpy as np
import pytest

from losslandscape import npz

RANDOM = np.random.default_rng(0)
GOOD = {
    "train_images": RANDOM.integers(0, 256, (6, 4, 4, 3), np.uint8),
    "train_labels": np.array([0, 1, 2, 2, 1, 0], np.uint8),
    "test_images": RANDOM.integers(0, 256, (2, 4, 4, 3), np.uint8),
    "test_labels": np.array([2, 0], np.int32),
}


def stored(tmp_path, **changes):
    path = tmp_path / "mine.npz"
    np.savez_compressed(path, **(GOOD | changes))
    return str(path)


def test_good_arrays_are_taken_as_they_are(tmp_path):
    arrays = npz.read(stored(tmp_path))

    for name, array in GOOD.items():
        assert np.array_equal(getattr(arrays, name), array)
    assert (arrays.maximum, arrays.source) == (255, "npz")


def test_floats_are_taken_as_float32_and_grey_images_get_a_channel(tmp_path):
    grey = {name: GOOD[name][..., 0] / 255 for name in ("train_images", "test_images")}

    arrays = npz.read(stored(tmp_path, **grey))

    assert arrays.maximum == 1
    assert arrays.train_images.dtype == np.float32
    assert np.array_equal(
        arrays.test_images[..., 0], grey["test_images"].astype(np.float32)
    )


def test_the_hash_of_the_file_is_checked(tmp_path):
    path = stored(tmp_path)
    with open(path, "rb") as file:
        right = hashlib.sha256(file.read()).hexdigest()

    npz.read(path, sha256=right)

    with pytest.raises(
        ValueError, match=f"mine.npz is not .*{right}, expected {'0' * 64}"
    ):
        npz.read(path, sha256="0" * 64)


NAN = np.full((6, 4, 4, 3), np.nan)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"train_images": NAN}, "train_images holds 288 values that are NaN"),
        ({"train_images": np.zeros((6, 4, 4, 3), int)}, "it must be uint8 or float"),
        ({"train_images": NAN[0]}, r"float64 \(4, 4, 3\).* it must be \(n, side"),
        ({"test_images": NAN.reshape(6, 3, 4, 4)}, r"it must be \(n, side, side, ch"),
        ({"test_images": GOOD["test_images"][:0]}, r"it must be \(n, side"),
        ({"test_images": GOOD["test_images"] / 255}, "differ: train is uint8"),
        ({"test_images": GOOD["test_images"][:, :3, :3]}, r"test uint8 \(2, 3, 3, 3\)"),
        ({"train_labels": np.zeros(6)}, "train_labels is float64"),
        ({"train_labels": np.zeros(5, int)}, "an integer for each of 6 images"),
        ({"train_labels": np.zeros((6, 1), int)}, "an integer for each of 6 images"),
        ({"train_labels": np.arange(1, 7)}, "run from 1 to 6 with 6 classes present"),
        ({"train_labels": np.arange(6) * 2}, "run from 0 to 10 with 6 classes"),
        ({"train_labels": np.array([-1, 1] * 3)}, "run from -1 to 1 with 2 classes"),
        (
            {"test_labels": np.array([0, 3])},
            r"test_labels holds 3, which .* \(0 to 2\)",
        ),
        ({"train_labels": np.array([{}] * 6)}, "train_labels cannot be read: Object"),
    ],
)
def test_bad_arrays_are_refused_in_words(tmp_path, changes, words):
    path = stored(tmp_path, **changes)

    with pytest.raises(ValueError, match=f"mine.npz.*{words}"):
        npz.read(path)


def test_a_missing_key_is_named(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, **{name: GOOD[name] for name in list(GOOD)[:3]})

    with pytest.raises(ValueError, match=r"mine.npz: test_labels cannot be read"):
        npz.read(str(path))


def numbers(tmp_path, **changes):
    path = tmp_path / "numbers.npz"
    arrays = {
        "train_inputs": RANDOM.normal(size=(6, 3)),
        "train_targets": RANDOM.normal(size=(6, 2)),
        "test_inputs": RANDOM.normal(size=(2, 3)),
        "test_targets": RANDOM.normal(size=(2, 2)),
    }
    np.savez(path, **(arrays | changes))
    return str(path), arrays


def test_inputs_and_targets_are_numbers_of_any_shape(tmp_path):
    path, arrays = numbers(tmp_path)

    found = npz.read(path)

    assert np.array_equal(found.train_images, arrays["train_inputs"].astype(np.float32))
    assert np.array_equal(found.test_labels, arrays["test_targets"].astype(np.float32))
    assert found.maximum is None


def test_images_may_have_a_target_for_each_pixel(tmp_path):
    masks = {
        f"{name}_targets": GOOD[f"{name}_images"][..., 0] for name in ("train", "test")
    }

    found = npz.read(stored(tmp_path, **masks))

    assert found.maximum == 255
    assert found.train_labels.dtype == np.int64
    assert np.array_equal(found.train_labels, masks["train_targets"])


def test_targets_without_their_inputs_are_refused(tmp_path):
    path, _ = numbers(tmp_path, train_targets=np.zeros((5, 2)))

    with pytest.raises(ValueError, match="must be a target for each of 6 images"):
        npz.read(path)


@pytest.mark.parametrize("kept", [0, 10, 200, -10])
def test_a_file_cut_short_is_refused(tmp_path, kept):
    path = stored(tmp_path)
    with open(path, "rb") as file:
        content = file.read()
    with open(path, "wb") as file:
        file.write(content[:kept])

    with pytest.raises(ValueError, match=r"mine.npz is missing, cut short"):
        npz.read(path)


def test_flipped_bytes_are_refused(tmp_path):
    path = stored(tmp_path)
    with open(path, "r+b") as file:
        file.seek(150)
        file.write(b"\xff" * 20)

    with pytest.raises(ValueError, match=r"mine.npz: train_images cannot be read"):
        npz.read(path)


def test_a_missing_file_is_named():
    with pytest.raises(ValueError, match=r"nowhere.npz is missing"):
        npz.read("nowhere.npz")
