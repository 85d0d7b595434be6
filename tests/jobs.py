"""A job for the tests: what Snakemake would tell its script, and bodies for it."""

from pathlib import Path

from snakemake import iocontainers

from losslandscape import job

LOCK = ".lock-weights"
NAMES = {
    "weights": "weights.safetensors",
    "history": "history.csv",
    "receipt": "weights.receipt.json",
}


def told(folder: Path, seed: str = "0", **params) -> iocontainers.Snakemake:
    """What Snakemake tells the script of a rule with one input and two outputs."""
    if not (folder / "digits.h5").exists():
        (folder / "digits.h5").write_text("abc")
    outputs = {name: str(folder / file) for name, file in NAMES.items()}
    wildcards = {"model": "resnet8", "seed": seed}
    return iocontainers.Snakemake(
        input_=iocontainers.InputFiles(fromdict={"data": str(folder / "digits.h5")}),
        output=iocontainers.OutputFiles(fromdict=outputs),
        params=iocontainers.Params(fromdict={"code": "1234", **params}),
        wildcards=iocontainers.Wildcards(fromdict=wildcards),
        threads=1,
        resources=iocontainers.ResourceList(fromdict={"attempt": 2}),
        log=iocontainers.Log(toclone=[str(folder / "train.log")]),
        config={},
        rulename="train",
        bench_iteration=None,
    )


def write(output, memory) -> None:
    """A body that ends well."""
    Path(output.weights).write_text("weights")
    Path(output.history).write_text("history")


def run(snakemake: iocontainers.Snakemake, body=write) -> Path:
    """Run a body as a job; gives the file that survives interruption."""
    with job.running(snakemake) as memory:
        body(snakemake.output, memory)
    return memory


def files(folder: Path) -> set[str]:
    """What stands in the folder beside the input and the log."""
    return {path.name for path in folder.iterdir()} - {"digits.h5", "train.log"}


def failing(error: Exception):
    """A body that fails when its first output is written."""

    def body(output, memory):
        Path(output.weights).write_text("half of the wei")
        raise error

    return body
