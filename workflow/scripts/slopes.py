"""Measure the axes of a plane that a net and its images decide."""

from losslandscape import (
    batchnorm,
    checkpoint,
    data,
    job,
    models,
    slopes,
    store,
    weights,
)

with job.running(snakemake) as kept:
    plane = snakemake.params.plane
    seen = data.reduced(data.load(snakemake.input.data), **plane["images"])
    net = models.build(snakemake.params.model, **data.shape(seen))
    statistics = batchnorm.statistics(plane["batchnorm"], net, seen.train)
    point = statistics(weights.load(snakemake.input.weights, net))
    memory = checkpoint.Checkpoint(kept)
    vectors, told = slopes.measured(plane["axes"], net, seen.train, point, memory)
    weights.save(snakemake.output.slopes, vectors, net)
    store.save_summary(snakemake.output.summary, {"axes": told})
