"""Find the spectrum of the Hessian at the weights of a run."""

from losslandscape import (
    batchnorm,
    checkpoint,
    curvature,
    data,
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
    operator = hessian.operator(net, seen.train, search["tensors"])
    statistics = batchnorm.statistics(plane["batchnorm"], net, seen.train)
    dimension = int(hessian.included(net, search["tensors"]).sum())
    starts = lanczos.directions(1 + search["probes"], dimension, search["seed"])
    memory = checkpoint.Checkpoint(kept)
    found = curvature.spectrum(operator(statistics(origin)), starts, search, memory)
    terms = curvature.terms(plane, seen, search, dimension)
    store.save(snakemake.output.spectrum, found, **terms)
