"""Make a table of runs."""

from pathlib import Path

from losslandscape import job, latex, phrases, store, tables

with job.running(snakemake):
    caption = snakemake.params.caption
    rows, summary = tables.made(
        snakemake.params.shows,
        runs=snakemake.params.runs,
        loaded=[store.read(path) for path in snakemake.input.shown],
    )
    store.save_table(snakemake.output.csv, rows)
    store.save_summary(snakemake.output.summary, summary | {"caption": caption})
    words = phrases.shown(snakemake.params.runs[0])
    told = latex.table(rows, caption, snakemake.wildcards.table, words)
    Path(snakemake.output.tex).write_text(told)
