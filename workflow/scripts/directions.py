"""Draw the directions that span a line or a plane through a run's weights."""

from losslandscape import data, directions, job, models, store, trajectory, weights

with job.running(snakemake):
    loaded = data.load(snakemake.input.data)
    net = models.build(snakemake.params.model, **data.shape(loaded))
    origin = weights.load(snakemake.input.weights, net)
    targets = [weights.load(path, net) for path in snakemake.input.targets]
    for path in snakemake.input.kept:
        targets.extend(trajectory.load(path, net).weights)
    span = directions.span(
        net, origin, snakemake.params.dimensions, snakemake.params.directions, targets
    )
    weights.save(snakemake.output.directions, span, net)
    store.save_table(snakemake.output.norms, directions.norms(net, origin, span))
    store.save_summary(snakemake.output.summary, directions.summary(net, span))
