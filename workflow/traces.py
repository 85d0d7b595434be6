"""The chain from a figure to the data: each step, how it was told, where and when.

`make trace FIGURE=li2018_figure5`; a table or the path of any artifact will do as well.
Ends non-zero when something on the way is not as recorded.
"""

import argparse
import sys
from pathlib import Path

import yaml

from losslandscape import provenance, traces


def main() -> None:
    """Print the chain, and end with 1 if it is broken somewhere."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("artifact", help="a figure, a table, or the path of a file")
    parser.add_argument("--configfile", nargs="+", default=["config/demo.yaml"])
    parser.add_argument("--full", action="store_true", help="all parameters")
    options = parser.parse_args()
    folder = Path("results") / study(options.configfile)
    receipts = recorded(folder)
    paths = artifacts(options.artifact, folder, provenance.makers(receipts))
    few = None if options.full else traces.FEW
    told = list(traces.lines(receipts, paths, few))
    print("\n".join(told))
    broken = sum(line.startswith("   ✗") for line in told)
    print(f"\n✗ {broken} do not fit" if broken else "\n✓ every link of the chain fits")
    sys.exit(bool(broken))


def recorded(folder: Path) -> list[dict]:
    """The receipts of a study and of its data; ends in words where one is broken."""
    try:
        return provenance.receipts("resources", folder)
    except ValueError as error:
        sys.exit(str(error))


def study(files: list[str]) -> str:
    """The name of a study; a later file has the last word."""
    told = (yaml.safe_load(Path(path).read_text()) for path in files)
    return [config["study"] for config in told if "study" in config][-1]


def artifacts(name: str, folder: Path, known: dict) -> list[str]:
    """The files that go by a name, or the one at a path; ends in words if none."""
    forms = (f"figures/{name}.pdf", f"figures/{name}.png", f"tables/{name}.csv")
    paths = [name, *(str(folder / form) for form in forms)]
    found = [path for path in paths if path in known]
    return found or sys.exit(f"no receipt in {folder} tells of a figure or file {name}")


if __name__ == "__main__":
    main()
