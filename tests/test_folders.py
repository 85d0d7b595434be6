"""Folders of images: classes by name, sides cut to one size; what is refused."""

import numpy as np
import pytest
from PIL import Image

from losslandscape import folders, supplies

COLOURS = {"cat": (200, 10, 30), "ant": (0, 255, 0)}


@pytest.fixture
def folder(tmp_path):
    """Two images a class to train on, as PNG, and one to test on, as JPEG."""
    for split, names in (("train", ("b.png", "a.PNG")), ("test", ("x.jpg",))):
        for label, colour in COLOURS.items():
            home = tmp_path / split / label
            home.mkdir(parents=True)
            for name in names:
                Image.new("RGB", (12, 8), colour).save(home / name)
            (home / "notes.txt").write_text("no image")
    return tmp_path


def test_classes_are_numbered_by_name_and_images_are_in_colour(folder):
    arrays = folders.read(str(folder), size=4)

    assert arrays.train_labels.tolist() == [0, 0, 1, 1]
    assert arrays.test_labels.tolist() == [0, 1]
    assert arrays.train_images.shape == (4, 4, 4, 3)
    assert (arrays.train_images[1] == COLOURS["ant"]).all()
    assert (arrays.train_images[2] == COLOURS["cat"]).all()
    assert arrays.maximum == 255


def test_the_shorter_side_decides_and_the_middle_is_kept(folder):
    stripes = np.zeros((4, 12, 3), np.uint8)
    stripes[:, 4:8] = np.arange(4)[:, None, None] * 50
    stripes[:, :4] = 255
    Image.fromarray(stripes).save(folder / "train" / "ant" / "a.PNG")

    arrays = folders.read(str(folder), size=4)

    assert np.array_equal(arrays.train_images[0], stripes[:, 4:8])


def test_an_image_stands_as_a_viewer_shows_it(folder):
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    halves = np.zeros((8, 8, 3), np.uint8)
    halves[:4] = 255
    path = folder / "test" / "ant" / "x.jpg"
    Image.fromarray(halves).save(path, exif=exif, quality=95)

    arrays = folders.read(str(folder), size=8)

    assert arrays.test_images[0, 0].max() < 50
    assert arrays.test_images[0, 7].min() > 200


def test_grey_images_are_made_of_three_equal_colours(folder):
    Image.new("L", (8, 8), 77).save(folder / "train" / "ant" / "a.PNG")

    assert (folders.read(str(folder), size=4).train_images[0] == 77).all()


def test_the_same_images_are_told_to_snakemake(folder):
    told = supplies.files({"source": {"folder": {"path": str(folder), "size": 4}}})

    assert [path.removeprefix(f"{folder}/") for path in told] == [
        *("train/ant/a.PNG", "train/ant/b.png", "train/cat/a.PNG", "train/cat/b.png"),
        *("test/ant/x.jpg", "test/cat/x.jpg"),
    ]


def test_a_class_of_one_split_alone_is_refused(folder):
    (folder / "test" / "bee").mkdir()

    with pytest.raises(ValueError, match=r"only one of train and test has .* 'bee'"):
        folders.read(str(folder), size=4)


def test_what_is_not_there_or_not_an_image_is_named(folder):
    (folder / "train" / "cat" / "a.PNG").write_bytes(b"\x89PNG cut short")
    with pytest.raises(ValueError, match=r"cat/a.PNG is not an image"):
        folders.read(str(folder), size=4)

    for name in ("a.PNG", "b.png"):
        (folder / "train" / "ant" / name).unlink()
    with pytest.raises(ValueError, match=r"train/ant has no image"):
        folders.read(str(folder), size=4)
    with pytest.raises(ValueError, match=r"no folder nowhere/train"):
        folders.read("nowhere", size=4)
