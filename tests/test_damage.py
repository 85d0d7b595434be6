"""A bit that changed in a file of any kind: refused, and made again as it was."""

import pytest

FIGURES, TABLES = "results/smoke/figures", "results/smoke/tables"
LINE = "digits/resnet8/sgd-seed0/line"
RUN = "results/smoke/digits/resnet8/sgd-seed0"

# What is damaged, who reads it, and the log of that job.
DAMAGED = {
    f"{RUN}/weights.safetensors": (
        f"{RUN}/line/directions.safetensors",
        f"{LINE}/directions",
    ),
    f"{RUN}/coarse/spectrum.h5": (f"{FIGURES}/bent.pdf", "figures/bent"),
    f"{TABLES}/flatness.csv": (f"{FIGURES}/flatness.pdf", "figures/flatness"),
    f"{RUN}/optima/directions.json": (f"{FIGURES}/connected.pdf", "figures/connected"),
}


def damage(clone, name: str) -> None:
    """Change one bit of a file."""
    path = clone.folder / name
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_by_name_in_one_sentence(name, smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")
    target, job = DAMAGED[name]
    damage(clone, name)

    told = clone.snakemake("--", target)

    (line,) = (clone.folder / f"logs/smoke/{job}.log").read_text().splitlines()
    assert told.returncode == 1
    assert "Traceback" not in told.stdout + told.stderr
    assert f"ERROR ValueError: {name} is not what its job left" in line
    assert "delete it and run the same command" in line
    assert not (clone.folder / target).exists()


def test_what_is_deleted_is_made_again_as_it_was(smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")
    name = f"{TABLES}/flatness.csv"
    target, _ = DAMAGED[name]
    (clone.folder / name).unlink()
    (clone.folder / target).unlink()

    told = clone.snakemake("--", target)

    assert told.returncode == 0, told.stdout + told.stderr
    for path in (name, target):
        assert (clone.folder / path).read_bytes() == (smoke.folder / path).read_bytes()
