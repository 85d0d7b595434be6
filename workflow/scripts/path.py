"""Project the way of a run onto a plane, its own or another one's; measure both."""

from losslandscape import (
    checkpoint,
    data,
    job,
    landscape,
    losses,
    models,
    projection,
    store,
    trajectory,
    weights,
)

with job.running(snakemake) as kept:
    plane = snakemake.params.plane
    seen = data.reduced(data.load(snakemake.input.data), **plane["images"])
    net = models.build(snakemake.params.model, **data.shape(seen))
    origin = weights.load(snakemake.input.weights, net)
    span = weights.load(snakemake.input.directions, net)
    way = trajectory.load(snakemake.input.trajectory, net)
    end = weights.load(snakemake.input.end, net)
    loss, terms = landscape.of(net, seen, origin, plane)
    history = store.load_table(snakemake.input.history)
    landscape.require_trained(terms, plane, snakemake.params.trained_on, history)
    below = projection.under(loss, origin, span)
    true = losses.measures(net, seen.train, seen.test)
    found = projection.path(net, way, origin, span, end)
    memory = checkpoint.Checkpoint(kept)
    values = projection.measures(true, below, way.weights, found, memory)
    store.save(snakemake.output.path, found | values, **terms)
