"""Hashes, checked against the published ones of the text `abc`."""

import pytest

from losslandscape import proof

SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
MD5 = "900150983cd24fb0d6963f7d28e17f72"


def test_a_whole_file_has_the_published_hash(tmp_path):
    file = tmp_path / "abc"
    file.write_bytes(b"abc")

    proof.whole(file, SHA256)
    proof.whole(file, MD5, "md5")


def test_another_file_is_refused_by_name_and_with_both_hashes(tmp_path):
    file = tmp_path / "abd"
    file.write_bytes(b"abd")

    with pytest.raises(ValueError, match=f"abd is not .* expected {MD5}") as refusal:
        proof.whole(file, MD5, "md5")

    assert "4911e516e5aa21d327512e0c8b197616" in str(refusal.value)
