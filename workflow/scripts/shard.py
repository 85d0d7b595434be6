"""Measure the loss of a run over a part of the points of a plane."""

from losslandscape import data, grid, job, models, store, surface, weights

with job.running(snakemake):
    plane = snakemake.params.plane
    seen = data.reduced(data.load(snakemake.input.data), **plane["images"])
    net = models.build(snakemake.params.model, **data.shape(seen))
    origin = weights.load(snakemake.input.weights, net)
    span = weights.load(snakemake.input.directions, net)
    loss, terms = surface.landscape(net, seen, origin, plane)
    axes = grid.axes(snakemake.params.axes)
    coarse = [store.load(path) for path in snakemake.input.coarse]
    cells = grid.shard(grid.fresh(axes, coarse), snakemake.wildcards.scatteritem)
    values = surface.measure(loss, origin, span, grid.points(axes)[cells])
    store.save(snakemake.output.shard, {"cells": cells} | values, **terms)
