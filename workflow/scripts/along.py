"""Measure losses, errors and ensembles along a curve between two solutions."""

from losslandscape import checkpoint, data, job, models, profiles, store, weights

with job.running(snakemake) as kept:
    curve, recipe = snakemake.params.curve, snakemake.params.recipe
    seen = profiles.seen(data.load(snakemake.input.data), curve, recipe)
    net = models.build(snakemake.params.model, **data.shape(seen))
    ends = weights.together([snakemake.input.first, snakemake.input.last], net)
    bends = [weights.load(path, net) for path in snakemake.input.bends]
    way = profiles.way(net, curve["shape"], ends, bends)
    memory, decay = checkpoint.Checkpoint(kept), recipe["weight_decay"]
    found = profiles.between(net, seen, way, curve, decay, memory)
    terms = profiles.terms(curve, seen, decay)
    store.save(snakemake.output.profile, found, **terms)
