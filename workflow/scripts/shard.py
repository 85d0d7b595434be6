"""Measure the loss of a run over a part of the points of a plane."""

from losslandscape import (
    checkpoint,
    data,
    grid,
    job,
    landscape,
    models,
    precision,
    store,
    surface,
    weights,
)

with job.running(snakemake) as kept:
    plane = snakemake.params.plane
    seen = data.reduced(data.load(snakemake.input.data), **plane["images"])
    net = models.build(snakemake.params.model, **data.shape(seen))
    origin = weights.load(snakemake.input.weights, net)
    span = weights.load(snakemake.input.directions, net)
    choice = snakemake.params.precision
    loss, terms = landscape.of(net, seen, origin, plane, choice)
    history = store.load_table(snakemake.input.history)
    landscape.require_trained(terms, plane, snakemake.params.trained_on, history)
    axes = grid.axes(snakemake.params.axes)
    coarse = [store.load(path) for path in snakemake.input.coarse]
    cells = grid.shard(grid.fresh(axes, coarse), snakemake.wildcards.scatteritem)
    points, memory = grid.points(axes)[cells], checkpoint.Checkpoint(kept)
    values = surface.measure(loss, origin, span, points, memory)
    terms |= precision.errors(
        choice,
        lambda kind: landscape.engine(net, seen, plane["batchnorm"], kind),
        lambda point: surface.at(origin, span, point),
        points,
        values,
    )
    values["weight_norm"] = surface.norms(net, origin, span, points)
    decay = snakemake.params.weight_decay
    values["regularised_loss"] = surface.regularised(values, decay)
    terms["weight_decay"] = decay
    store.save(snakemake.output.shard, {"cells": cells} | values, **terms)
