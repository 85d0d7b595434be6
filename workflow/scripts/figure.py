"""Draw a figure."""

from losslandscape import job, page, panels, store

with job.running(snakemake):
    rows = panels.rows(
        snakemake.params.rows,
        labels=snakemake.params.labels,
        measured=[store.load(path) for path in snakemake.input.drawn],
        histories=[store.load_table(path) for path in snakemake.input.histories],
    )
    page.save(
        page.figure(rows),
        snakemake.output.pdf,
        snakemake.output.png,
        caption=snakemake.params.caption,
    )
