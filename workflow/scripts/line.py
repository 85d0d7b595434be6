"""Measure the loss of a run along a line."""

from losslandscape import (
    centre,
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
    memory = checkpoint.Checkpoint(kept)
    (t,) = grid.axes(snakemake.params.axes)
    values = surface.measure(loss, origin, span, t[:, None], memory)
    centre.require_cell(
        values, t[:, None], terms["centre"], "the line", precision.limit(choice)
    )
    terms |= precision.errors(
        choice,
        lambda kind: landscape.engine(net, seen, plane["batchnorm"], kind),
        lambda point: surface.at(origin, span, point),
        t[:, None],
        values,
    )
    store.save(snakemake.output.line, {"t": t} | values, **terms)
