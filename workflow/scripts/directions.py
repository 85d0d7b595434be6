"""Draw the directions that span a line, a plane or a volume through a run's weights."""

from losslandscape import components, directions, job, named_axes, norms, store

with job.running(snakemake):
    origin, buffers = store.load_tensors(snakemake.input.weights)
    loaded = [store.load_tensors(path)[0] for path in snakemake.input.targets]
    targets = [directions.place(target, origin) for target in loaded]
    frozen = store.load_frozen(snakemake.input.weights)
    ways = [components.way(path) for path in snakemake.input.kept]
    measured = [store.load_tensors(path)[0] for path in snakemake.input.slopes]
    told = [store.load_summary(path)["axes"] for path in snakemake.input.told]
    span = named_axes.span(
        directions.Start(origin, buffers, frozen),
        snakemake.params.dimensions,
        snakemake.params.directions,
        directions.Leads(
            targets,
            way=ways[0] if ways else {},
            measured=measured[0] if measured else {},
        ),
    )
    store.save_tensors(snakemake.output.directions, span, buffers)
    store.save_table(snakemake.output.norms, norms.table(origin, span))
    summary = norms.summary(span) | norms.places(origin, span, targets)
    summary |= named_axes.told(snakemake.params.directions, span, *told)
    store.save_summary(snakemake.output.summary, summary)
