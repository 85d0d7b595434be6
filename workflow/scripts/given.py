"""Make a run of weights that were trained elsewhere."""

from losslandscape import data, given, job, models, store, weights

with job.running(snakemake):
    recipe = snakemake.params.recipe
    loaded = data.reduced(data.load(snakemake.input.data), **recipe["images"])
    net = models.build(snakemake.params.model, **data.shape(loaded))
    vector = given.load(snakemake.input.given, net, recipe["weights"]["prefix"])
    weights.save(snakemake.output.weights, vector, net)
    row = given.history(net, vector, loaded, recipe["epochs"])
    store.save_table(snakemake.output.history, [row])
