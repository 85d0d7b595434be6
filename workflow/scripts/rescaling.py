"""Measure the loss and the sharpness of a run whose weights are rescaled."""

from losslandscape import (
    bundle,
    checkpoint,
    data,
    grid,
    job,
    landscape,
    models,
    rescaling,
    sharpness,
    store,
    weights,
)

with job.running(snakemake) as kept:
    plane, factors = snakemake.params.plane, snakemake.params.factors
    seen = data.reduced(data.load(snakemake.input.data), **plane["images"])
    net = models.build(snakemake.params.model, **data.shape(seen))
    origin = weights.load(snakemake.input.weights, net)
    loss, terms = landscape.of(net, seen, origin, plane)
    history = store.load_table(snakemake.input.history)
    landscape.require_trained(terms, plane, snakemake.params.trained_on, history)
    memory, (t,) = checkpoint.Checkpoint(kept), grid.axes(snakemake.params.axes)
    centres, differences = rescaling.centres(net, origin, factors, seen)
    lines = sharpness.lines(net, origin, centres, plane["directions"])
    values = bundle.measure(loss, lines, t[:, None], terms["centre"], memory)
    found = sharpness.largest(
        net, seen.train, centres, snakemake.params.hessian, memory.series
    )
    found |= {"factors": factors, "t": t, "difference": differences}
    store.save(snakemake.output.rescaling, found | sharpness.named(values), **terms)
