"""Train a net by a recipe; where they are asked for, store its weights on the way."""

from losslandscape import (
    checkpoint,
    data,
    job,
    models,
    store,
    train,
    trajectory,
    weights,
)

with job.running(snakemake) as kept:
    recipe = snakemake.params.recipe
    loaded = data.reduced(data.load(snakemake.input.data), **recipe["images"])
    seed = int(snakemake.wildcards.seed)
    net = models.build(snakemake.params.model, **data.shape(loaded), seed=seed)
    for path in snakemake.input.start:
        weights.assign(trajectory.after(path, recipe["start"]["epoch"], net), net)
    memory = checkpoint.Checkpoint(kept)
    vector, history = train.run(net, loaded, recipe, seed, memory)
    weights.save(snakemake.output.weights, vector, net)
    store.save_table(snakemake.output.history, history)
    if hasattr(snakemake.output, "trajectory"):
        rates = train.rates(recipe, loaded, memory.series.indices())
        trajectory.save(snakemake.output.trajectory, memory.series, rates, net)
