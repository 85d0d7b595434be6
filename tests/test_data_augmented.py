"""Augmentation of images, checked against plain crops of padded ones."""

from itertools import product

import numpy as np
import pytest
import torch

from losslandscape import data
from pixels import MEAN, STD, split


def raw_images(number, height=5, width=4):
    return np.random.default_rng(2).uniform(size=(number, 3, height, width))


def normalised(images):
    mean, std = (np.array(values)[:, None, None] for values in (MEAN, STD))
    return (images - mean) / std


def crops(image, pad):
    """Every crop of an image in a black frame, plain and mirrored, pixel by pixel."""
    _, height, width = image.shape
    for down, right, mirrored in product(
        range(2 * pad + 1), range(2 * pad + 1), (0, 1)
    ):
        crop = np.zeros(image.shape)
        for y, x in product(range(height), range(width)):
            row, column = y + down - pad, x + right - pad
            if 0 <= row < height and 0 <= column < width:
                crop[:, y, width - 1 - x if mirrored else x] = image[:, row, column]
        yield normalised(crop)


def augmented(images, pad, flip=True, seed=0):
    images = torch.tensor(images)
    black = torch.tensor(normalised(np.zeros((3, 1, 1))).flatten())
    generator = torch.Generator(images.device).manual_seed(seed)
    return data.crop_and_flip(images, pad, black, generator, flip)


@pytest.mark.parametrize(("flip", "kinds"), [(True, 18), (False, 9)])
def test_crops_are_those_of_zero_padding_before_normalising(flip, kinds):
    raw = raw_images(900)

    result = augmented(normalised(raw), pad=1, flip=flip).cpu().numpy()

    matches = np.array(
        [
            [np.allclose(found, crop, rtol=0, atol=1e-12) for crop in crops(image, 1)]
            for found, image in zip(result, raw, strict=True)
        ]
    )
    assert (matches.sum(1) == 1).all()
    counts = matches.sum(0)[:: 18 // kinds]
    assert counts.sum() == 900
    # Chi-square: each kind of crop is as frequent as another.
    expected = 900 / kinds
    assert ((counts - expected) ** 2 / expected).sum() < 3 * kinds


def test_crops_reach_every_corner_of_a_wide_frame():
    raw = raw_images(600)

    result = augmented(normalised(raw), pad=4).cpu().numpy()

    black = normalised(np.zeros((3, 1, 1)))
    blank = np.isclose(result, black).all(1)
    # The picture is 5 by 4: shifted by 4, one row, or no column, of it is left.
    assert blank.all(2).sum(1).max() == 5
    assert blank[:, :4].all((1, 2)).any()
    assert blank[:, 1:].all((1, 2)).any()


FEATURES = data.Split(torch.zeros(3, 7), torch.zeros(3, dtype=int))
MASKS = data.Split(torch.zeros(3, 1, 4, 4), torch.zeros(3, 4, 4, dtype=int))


@pytest.mark.parametrize(
    ("whole", "words"),
    [(FEATURES, r"inputs are \(7,\) each"), (MASKS, "a target for each pixel")],
)
@pytest.mark.parametrize("how", [{"pad": 1, "flip": False}, {"pad": 0, "flip": True}])
def test_only_images_of_one_target_can_be_moved(whole, words, how):
    with pytest.raises(ValueError, match=words):
        data.require_movable(whole, **how)
    data.require_movable(whole, pad=0, flip=False)
    data.require_movable(split([0, 1]), **how)


def test_what_is_no_image_is_not_moved():
    still = {"pad": 0, "flip": False}
    generator = torch.Generator(FEATURES.images.device)

    found = data.augmented(FEATURES.images, still, torch.zeros(1), generator)

    assert found is FEATURES.images


def test_without_margin_and_mirror_nothing_changes():
    images = normalised(raw_images(5))

    assert np.array_equal(augmented(images, pad=0, flip=False).cpu(), images)


def test_augmentation_depends_on_its_generator_alone():
    images = normalised(raw_images(20))

    torch.manual_seed(1)
    first = augmented(images, 2, seed=3)
    torch.manual_seed(2)

    assert torch.equal(augmented(images, 2, seed=3), first)
    assert not torch.equal(augmented(images, 2, seed=4), first)


def test_augmented_images_keep_their_type_and_lie_channels_last():
    images = torch.zeros(4, 3, 5, 4, dtype=torch.bfloat16)
    generator = torch.Generator(images.device)

    result = data.crop_and_flip(images, 1, torch.zeros(3), generator, True)

    assert result.dtype == torch.bfloat16
    assert result.device == images.device
    assert result.is_contiguous(memory_format=torch.channels_last)


def test_nothing_is_made_on_the_default_device_when_the_data_are_elsewhere():
    whole = data.Split(
        torch.zeros(6, 3, 5, 4, device="cpu"), torch.zeros(6, dtype=int, device="cpu")
    )
    black = torch.zeros(3, device="cpu")

    with torch.device("meta"):
        part = data.subset(whole, 3, seed=0)
        result = data.crop_and_flip(part.images, 1, black, torch.Generator("cpu"), True)

    assert result.device.type == part.labels.device.type == "cpu"
