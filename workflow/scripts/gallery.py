"""Put all that the study shows on one page."""

from os.path import relpath
from pathlib import Path

from losslandscape import gallery, job, provenance, steps, store

with job.running(snakemake):
    source, home = snakemake.input, Path(snakemake.output.page).parent
    receipts = provenance.receipts(home) + list(map(provenance.read, source.data))
    shown = [*source.pictures, *source.tables, *source.shown]
    shown += gallery.evidence(source.claims)
    told = steps.told(receipts, shown, home)
    content = gallery.content(
        snakemake.params.album,
        loaded={relpath(path, home): store.read(path) for path in source.shown},
        pictures=list(map(gallery.picture, source.pictures)),
        tables=list(map(gallery.table, source.tables, source.summaries)),
    )
    runs = steps.runs(told["jobs"], store.load_table)
    claims = gallery.rows(source.claims)
    page = gallery.page(content, told, runs, claims)
    Path(snakemake.output.page).write_text(page)
