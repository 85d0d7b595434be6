"""Fetch a dataset, prove it, and store it."""

from pathlib import Path

from losslandscape import datasets, job, sources

with job.running(snakemake):
    arrays = sources.fetch(
        source=snakemake.params.source,
        folder=Path(snakemake.output.data).parent,
    )
    datasets.save(
        snakemake.output.data,
        arrays,
        mean=snakemake.params.mean,
        std=snakemake.params.std,
        task=snakemake.params.task,
    )
