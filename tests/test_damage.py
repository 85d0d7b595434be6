"""A bit that changed in a file of any kind: refused, and made again as it was."""

import pytest

FIGURES, TABLES = "results/smoke/figures", "results/smoke/tables"
LINE = "digits/resnet8/sgd-seed0/line"
RUN = "results/smoke/digits/resnet8/sgd-seed0"

# What is damaged, who reads it, and the log of that job.
DAMAGED = {
    f"{RUN}/weights.safetensors": (f"{RUN}/line/line.h5", f"{LINE}/line"),
    f"{RUN}/coarse/spectrum.h5": (f"{FIGURES}/bent.pdf", "figures/bent"),
    f"{TABLES}/flatness.csv": (f"{FIGURES}/flatness.pdf", "figures/flatness"),
    f"{RUN}/optima/directions.json": (f"{FIGURES}/connected.pdf", "figures/connected"),
}
CHEAP = [path for path in DAMAGED if path.endswith((".h5", ".csv"))]


@pytest.fixture(scope="module")
def damaged(smoke, tmp_path_factory):
    """A clone with one bit changed in each, after a run that should refuse them."""
    clone = smoke.copy(tmp_path_factory.mktemp("damaged") / "clone")
    for name in DAMAGED:
        path = clone.folder / name
        content = bytearray(path.read_bytes())
        content[-2] ^= 1
        path.write_bytes(content)
    told = clone.snakemake("--", *(target for target, _ in DAMAGED.values()))
    assert told.returncode == 1
    assert "Traceback" not in told.stdout + told.stderr
    return clone


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_by_name_in_one_sentence(damaged, name):
    target, job = DAMAGED[name]

    (line,) = (damaged.folder / f"logs/smoke/{job}.log").read_text().splitlines()

    assert f"ERROR ValueError: {name} is not what its job left" in line
    assert "delete it and run the same command" in line
    assert not (damaged.folder / target).exists()


def test_what_is_deleted_is_made_again_as_it_was(damaged, smoke):
    for name in CHEAP:
        (damaged.folder / name).unlink()

    told = damaged.snakemake("--", *(DAMAGED[name][0] for name in CHEAP))

    assert told.returncode == 0, told.stdout + told.stderr
    for name in (*CHEAP, *(DAMAGED[name][0] for name in CHEAP)):
        whole = (smoke.folder / name).read_bytes()
        assert (damaged.folder / name).read_bytes() == whole
