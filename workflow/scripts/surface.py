"""Put the parts of a measured plane or volume together."""

from losslandscape import centre, exports, grid, job, precision, store

with job.running(snakemake):
    axes = grid.axes(snakemake.params.axes)
    shards = [store.load(path) for path in snakemake.input.shards]
    coarse = [store.load(path) for path in snakemake.input.coarse]
    sources = [*snakemake.input.shards, *snakemake.input.coarse]
    parts = [store.attributes(path) for path in sources]
    terms = parts[0] | precision.worst(parts)
    values = grid.assembled(axes, shards, coarse)
    told, limit = terms["centre"], terms["precision_limit"]
    centre.require_cell(values, grid.points(axes), told, "the grid", limit)
    store.save(snakemake.output.surface, grid.named(axes) | values, **terms)
    exports.save_rows(snakemake.output.csv, axes, values)
    exports.save_landscape(snakemake.output.vts, axes, values)
