"""Put all that the study shows on one page."""

from os.path import relpath
from pathlib import Path

from losslandscape import gallery, job, provenance, store, traces

with job.running(snakemake):
    source, home = snakemake.input, Path(snakemake.output.page).parent
    receipts = provenance.receipts(home) + list(map(provenance.read, source.data))
    shown = [*source.pictures, *source.tables, *source.shown]
    told = traces.told(receipts, shown, home)
    content = gallery.content(
        snakemake.params.album,
        loaded={relpath(path, home): store.read(path) for path in source.shown},
        pictures=list(map(gallery.picture, source.pictures)),
        tables=list(map(gallery.table, source.tables, source.summaries)),
    )
    runs = traces.runs(told["jobs"], store.load_table)
    claims = [row for path in source.claims for row in gallery.rows(path)]
    page = gallery.page(content, told, runs, claims)
    Path(snakemake.output.page).write_text(page)
