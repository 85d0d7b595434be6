"""Make a table of runs."""

from losslandscape import job, store, tables

with job.running(snakemake):
    rows, summary = tables.made(
        snakemake.params.shows,
        runs=snakemake.params.runs,
        loaded=[store.read(path) for path in snakemake.input.shown],
    )
    store.save_table(snakemake.output.csv, rows)
    store.save_summary(
        snakemake.output.summary, summary | {"caption": snakemake.params.caption}
    )
