"""Put the parts of a measured plane together."""

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
    centre.require_cell(values, grid.points(axes), told, "the surface", limit)
    store.save(snakemake.output.surface, {"x": axes[0], "y": axes[1]} | values, **terms)
    exports.save_rows(snakemake.output.csv, axes, values)
    height = exports.heights(axes, values["train_loss"])
    exports.save_grid(snakemake.output.vts, axes, height, values)
