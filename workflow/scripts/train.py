"""Train a net by a recipe."""

from losslandscape import checkpoint, data, job, models, store, train, weights

with job.running(snakemake) as memory:
    loaded = data.load(snakemake.input.data)
    seed = int(snakemake.wildcards.seed)
    net = models.build(snakemake.params.model, **data.shape(loaded), seed=seed)
    vector, history = train.run(
        net, loaded, snakemake.params.recipe, seed, checkpoint.Checkpoint(memory)
    )
    weights.save(snakemake.output.weights, vector, net)
    store.save_table(snakemake.output.history, history)
