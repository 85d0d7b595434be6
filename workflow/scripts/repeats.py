"""Measure the loss of a run along a line or over a plane, drawn several times."""

from losslandscape import (
    checkpoint,
    data,
    grid,
    job,
    landscape,
    models,
    repeats,
    store,
    weights,
)

with job.running(snakemake) as kept:
    plane, count = snakemake.params.plane, int(snakemake.wildcards.draws)
    seen = data.reduced(data.load(snakemake.input.data), **plane["images"])
    net = models.build(snakemake.params.model, **data.shape(seen))
    origin = weights.load(snakemake.input.weights, net)
    loss, terms = landscape.of(net, seen, origin, plane)
    history = store.load_table(snakemake.input.history)
    landscape.require_trained(terms, plane, snakemake.params.trained_on, history)
    axes = grid.axes(snakemake.params.axes)
    parts = repeats.drawn(net, origin, len(axes), plane["directions"], count)
    drawn = {"cosines": repeats.cosines(parts)}
    drawn["seeds"] = repeats.seeds(plane["directions"], count)
    memory = checkpoint.Checkpoint(kept)
    values = repeats.measure(loss, parts, axes, terms["centre"], memory)
    store.save(snakemake.output.repeats, values | drawn, **terms)
