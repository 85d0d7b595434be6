"""Is every artifact of a study as it was made, and as it would be made today?

`make audit`, or `make audit CONFIG=config/paper.yaml`; options of snakemake that decide
its jobs, such as `--set-scatter`, are understood as well. Ends non-zero when something
is off.
"""

import argparse
import sys

import plan

from losslandscape import audit, store


def main() -> None:
    """Compare, say what is off, and end with 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", help="write what is to be said of every artifact here")
    options, told = parser.parse_known_args()
    study = plan.of(told)
    found = audit.findings(study.jobs, study.folder)
    if options.csv:
        store.save_table(options.csv, [finding._asdict() for finding in found])
    shown = [each for each in found if each.is_off and each.verdict != audit.BEHIND]
    if shown:
        print("\n".join(audit.table(shown)), end="\n\n")
    off = sum(finding.is_off for finding in found)
    print(f"{study.config['study']}: {audit.summary(found)}")
    print(f"✗ {off} are off" if off else "✓ as they were made, and by today's recipe")
    sys.exit(bool(off))


if __name__ == "__main__":
    main()
