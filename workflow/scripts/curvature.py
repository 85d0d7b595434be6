"""Put the parts of a map of eigenvalues together."""

import numpy as np

from losslandscape import exports, grid, job, store

with job.running(snakemake):
    axes = grid.axes(snakemake.params.axes)
    shards = [store.load(path) for path in snakemake.input.shards]
    terms = store.attributes(snakemake.input.shards[0])
    values = grid.assembled(axes, shards)
    grids = {"x": axes[0], "y": axes[1]} | values
    store.save(snakemake.output.curvature, grids, **terms)
    exports.save_rows(snakemake.output.csv, axes, values)
    flat = np.zeros_like(values["lambda_max"])
    exports.save_grid(snakemake.output.vts, axes, flat, values)
