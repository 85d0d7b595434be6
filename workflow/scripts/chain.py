"""Measure losses and errors along the chain through the members that a run keeps."""

from losslandscape import checkpoint, data, job, models, profiles, store, trajectory

with job.running(snakemake) as kept:
    curve, recipe = snakemake.params.curve, snakemake.params.recipe
    seen = profiles.seen(data.load(snakemake.input.data), curve, recipe)
    net = models.build(snakemake.params.model, **data.shape(seen))
    members = trajectory.load(snakemake.input.kept, net).weights
    memory, decay = checkpoint.Checkpoint(kept), recipe["weight_decay"]
    found = profiles.through(net, seen, members, curve, decay, memory)
    terms = profiles.terms(curve, seen, decay)
    store.save(snakemake.output.profile, found, **terms)
