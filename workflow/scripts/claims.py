"""Hold what was measured against what the papers claim."""

from pathlib import Path

from losslandscape import claims, claims_page, job, store

with job.running(snakemake):
    asked, files = snakemake.params.claims, snakemake.params.files
    loaded = [store.read(path) for path in snakemake.input.evidence]
    rows = claims.rows(asked, dict(zip(files, loaded, strict=True)))
    store.save_table(snakemake.output.csv, rows)
    store.save_summary(snakemake.output.summary, claims.summary(rows))
    page = claims_page.page(
        snakemake.params.study, snakemake.params.datasets, asked, rows
    )
    Path(snakemake.output.page).write_text(page)
