"""Draw a figure."""

from losslandscape import job, note, page, panels, store

with job.running(snakemake):
    rows = panels.rows(
        snakemake.params.rows,
        panels=snakemake.params.panels,
        loaded=[store.read(path) for path in snakemake.input.drawn],
    )
    page.save(
        page.figure(rows),
        snakemake.output.pdf,
        snakemake.output.png,
        caption=snakemake.params.caption,
        recipe=note.of_figure(
            snakemake.wildcards.figure,
            snakemake.params.rows,
            snakemake.params.code,
            snakemake.input.drawn,
        ),
    )
