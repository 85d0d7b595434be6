"""Do a sample of a study's artifacts come out the same when they are made again?

`make rebuild`, or `make rebuild CONFIG=config/cifar10.yaml SAMPLE=3 SEED=0`; in a
folder of its own, which is kept if something differs. Where all that an artifact stands
on was made on a machine like this one, it is made from scratch and every byte compared;
else its own step is done again with the inputs that were there, and compared within
limits. Ends non-zero when something differs.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import torch
import traces as command

from losslandscape import provenance, rebuild, receipt, recipes
from losslandscape.record import Record

HOME = Path(__file__).parents[1]
NEEDED = ("Snakefile", "workflow", "config", "profiles", "envs", "requirements.txt")

Steps = Sequence[Mapping]  # receipts, in order


def main() -> None:
    """Choose, make again, compare, and end with 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--configfile", nargs="+", default=["config/demo.yaml"])
    parser.add_argument("--sample", type=int, default=3, help="how many jobs")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    options = parser.parse_args()
    folder = Path("results") / command.study(options.configfile)
    receipts = command.recorded(folder)
    own = [told for told in receipts if Path(told["receipt"]).is_relative_to(folder)]
    chosen = rebuild.sample(own, options.sample, options.seed)
    files = [str(Path(path).resolve()) for path in options.configfile]
    problems: list[str] = []
    for steps in parts(chosen, Record(receipts)):
        found = list(again(steps, Record(receipts), files))
        print("\n".join(found) or "✓ the same")
        problems += found
    print(f"\n✗ {len(problems)} differ" if problems else "\n✓ nothing differs")
    sys.exit(bool(problems))


def parts(chosen: Steps, record: Record) -> Iterator[Steps]:
    """What is to be done again for some jobs, together or one by one; says which."""
    here = {"device": device(), "host": receipt.host(), "software": receipt.software()}
    alike = []
    for told in chosen:
        steps = provenance.chain(record.makers, *told["outputs"])
        differs = [text for step in steps for text in rebuild.elsewhere(step, here)]
        alike += [] if differs else [told]
        if differs and rebuild.is_comparable(told):
            print(f"{name(told)} alone: {'; '.join(dict.fromkeys(differs))}")
            yield [told]
        elif differs:
            print(f"{name(told)} left out: a {told['rule']} differs between machines")
    if alike:
        paths = [path for told in alike for path in told["outputs"]]
        steps = provenance.chain(record.makers, *paths)
        yield [step for step in steps if not rebuild.is_downloaded(step)]


def device() -> dict:
    """What this machine computes with, as a receipt says it."""
    if torch.cuda.is_available():
        name = torch.cuda.get_device_name()
        return {"name": "cuda", "model": name, "deterministic": "warn"}
    return {"name": "cpu", "deterministic": True}


def name(told: Mapping) -> str:
    """The first artifact of a job."""
    return next(iter(told["outputs"]))


def again(steps: Steps, record: Record, files: list[str]) -> Iterator[str]:
    """Do some steps again in a folder of their own; in words, what differs."""
    took = sum(map(provenance.seconds, steps))
    print(
        f"{len(steps)} jobs again, which took {took:.0f} s: {name(steps[-1])}",
        flush=True,
    )
    folder = Path(tempfile.mkdtemp(prefix="rebuild-"))
    bring(steps, folder, record)
    run(steps, folder, files)
    found = [text for step in steps for text in compared(step, folder)]
    if not found:
        shutil.rmtree(folder)
    yield from (f"✗ {text}, see {folder}" for text in found)


def bring(steps: Steps, folder: Path, record: Record) -> None:
    """Copy the workflow, and what the steps need and do not make, proven by hash."""
    for item in NEEDED:
        source = HOME / item
        ignored = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, folder / item, ignore=ignored)
        else:
            shutil.copy2(source, folder / item)
    made = {path for step in steps for path in step["outputs"]}
    needed = {path: fact for step in steps for path, fact in step["inputs"].items()}
    for path in needed.keys() - made:
        problem = record.broken(path, needed[path])
        if problem:
            sys.exit(f"{path} cannot be built upon: {problem}; run make audit")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if not Path(path).is_absolute():
            shutil.copy2(path, folder / path)


def run(steps: Steps, folder: Path, files: list[str]) -> None:
    """Let Snakemake do some steps in a folder, with its progress on the terminal."""
    rules = sorted({step["rule"] for step in steps})
    targets = [path for step in steps for path in step["outputs"]]
    options = ["--configfile", *files, "--allowed-rules", *rules]
    command = [sys.executable, "-m", "snakemake", *targets, *options]
    # Ours would come before that of the folder.
    inherited = {key: os.environ[key] for key in os.environ if key != "PYTHONPATH"}
    if subprocess.run(command, cwd=folder, env=inherited).returncode:
        sys.exit(f"making it again failed, see above and {folder}")


def compared(told: Mapping, folder: Path) -> Iterator[str]:
    """In what a job that was done again differs from its receipt."""
    now = provenance.read(folder / told["receipt"])
    reasons = recipes.differences(told, now)
    if reasons:
        yield f"{name(told)} has another recipe now ({'; '.join(reasons)})"
    elif told["rule"] in rebuild.LIMITS and rebuild.elsewhere(told, now):
        yield from far(told, folder)
    else:
        yield from (f"{path} is other bytes" for path in rebuild.other_bytes(told, now))


def far(told: Mapping, folder: Path) -> Iterator[str]:
    """The arrays of a job that are further apart than machines may be; says how far."""
    for path in told["outputs"]:
        found = rebuild.distances(told["rule"], path, folder / path)
        print(f"{path}: at most {max(found.values()):.1%} of its limits apart")
        yield from (f"{path}: {key} is too far" for key in found if not found[key] <= 1)


if __name__ == "__main__":
    main()
