"""Find both ends of the Hessian's spectrum at a part of the points of a plane."""

from losslandscape import (
    batchnorm,
    checkpoint,
    curvature,
    data,
    grid,
    hessian,
    job,
    lanczos,
    models,
    store,
    weights,
)

with job.running(snakemake) as kept:
    plane, search = snakemake.params.plane, snakemake.params.hessian
    seen = data.reduced(data.load(snakemake.input.data), **plane["images"])
    net = models.build(snakemake.params.model, **data.shape(seen))
    origin = weights.load(snakemake.input.weights, net)
    span = weights.load(snakemake.input.directions, net)
    operator = hessian.operator(net, seen.train, search["tensors"])
    statistics = batchnorm.statistics(plane["batchnorm"], net, seen.train)
    products = curvature.over(operator, statistics, origin, span)
    dimension = int(hessian.included(net, search["tensors"]).sum())
    axes, memory = grid.axes(snakemake.params.axes), checkpoint.Checkpoint(kept)
    cells = curvature.cells(axes, snakemake.wildcards.scatteritem)
    points = grid.points(axes)[cells]
    starts = lanczos.directions(cells.shape[1], dimension, search["seed"])
    values = curvature.measure(products, starts, points, search, memory)
    terms = curvature.terms(plane, seen, search, dimension)
    store.save(snakemake.output.shard, {"cells": cells.ravel()} | values, **terms)
