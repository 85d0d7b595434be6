"""Snakemake whose SLURM executor looks each second: its own pause grows by ten."""

import sys

import snakemake_executor_plugin_slurm as plugin
from snakemake.cli import main

plugin.Executor.next_seconds_between_status_checks = property(
    lambda self: 1.0, lambda self, value: None
)

if __name__ == "__main__":
    sys.argv[0] = "snakemake"
    main()
