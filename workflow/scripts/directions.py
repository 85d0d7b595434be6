"""Draw the directions that span a line or a plane through a run's weights."""

from losslandscape import components, directions, job, norms, store

with job.running(snakemake):
    origin, buffers = store.load_tensors(snakemake.input.weights)
    loaded = [store.load_tensors(path)[0] for path in snakemake.input.targets]
    targets = [directions.place(target, origin) for target in loaded]
    kept = [components.way(path) for path in snakemake.input.kept]
    span = directions.span(
        *(origin, buffers, snakemake.params.dimensions, snakemake.params.directions),
        targets,
        way=kept[0] if kept else {},
        frozen=store.load_frozen(snakemake.input.weights),
    )
    store.save_tensors(snakemake.output.directions, span, buffers)
    store.save_table(snakemake.output.norms, norms.table(origin, span))
    summary = norms.summary(span) | norms.places(origin, span, targets)
    store.save_summary(snakemake.output.summary, summary)
