"""What a user reads when a machine fails."""

import errno
import os

import pytest
import torch

from losslandscape import remedies, shortage

OUTPUTS = ["results/a/surface.h5"]

TOLD = [
    (
        OSError(errno.ENOSPC, "Can't write (file write failed:\n buf = 0x55)"),
        "OSError: No space left on device, for results/a/surface.h5 or what is kept "
        "beside: make room and run the same command; nothing is lost",
    ),
    (
        OSError(errno.EROFS, os.strerror(errno.EROFS), "results/a/.lock"),
        "OSError: [Errno 30] Read-only file system: 'results/a/.lock': give this user "
        "the right to it (`make preflight`)",
    ),
    (
        torch.OutOfMemoryError("CUDA out of memory. Tried 2 GiB.\nSee the docs"),
        "OutOfMemoryError: CUDA out of memory. Tried 2 GiB: run fewer jobs at once "
        "(`--resources gpu=1`, `--cores 1`), or where there is more memory; nothing is "
        "lost",
    ),
    (
        OSError(errno.ENOMEM, "Can't read data (Cannot allocate memory)"),
        "OSError: [Errno 12] Can't read data (Cannot allocate memory): run fewer jobs "
        "at once (`--resources gpu=1`, `--cores 1`), or where there is more memory; "
        "nothing is lost",
    ),
    (ValueError("images are 8×9 pixels"), "ValueError: images are 8×9 pixels"),
]


@pytest.mark.parametrize(("error", "sentence"), TOLD)
def test_a_failure_of_the_machine_is_one_sentence_with_a_remedy(error, sentence):
    assert remedies.sentence(error, OUTPUTS) == sentence


@pytest.mark.parametrize("error", [TypeError("no such option"), RuntimeError("CUDA")])
def test_a_fault_of_our_own_has_no_sentence(error):
    assert remedies.sentence(error, OUTPUTS) is None


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        MemoryError(),
    ],
)
def test_a_shortage_of_memory_is_known_in_every_form(error):
    assert shortage.is_meant(error)


def test_other_errors_are_no_shortage():
    assert not shortage.is_meant(RuntimeError("shapes do not match"))
