"""Put the parts of a measured plane together."""

from losslandscape import centre, grid, job, store

with job.running(snakemake):
    axes = grid.axes(snakemake.params.axes)
    shards = [store.load(path) for path in snakemake.input.shards]
    coarse = [store.load(path) for path in snakemake.input.coarse]
    terms = store.attributes(snakemake.input.shards[0])
    values = grid.assembled(axes, shards, coarse)
    centre.require_cell(values, grid.points(axes), terms["centre"], "the surface")
    store.save(snakemake.output.surface, {"x": axes[0], "y": axes[1]} | values, **terms)
