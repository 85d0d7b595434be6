"""The stranger's own script, with modules called like a script and a tool of ours."""

from pathlib import Path

import plan

import train

Path(snakemake.output[0]).write_text(train.learned(plan.wanted(snakemake.params.said)))
