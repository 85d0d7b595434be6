"""Train the bends of a curve between two solutions."""

from losslandscape import (
    checkpoint,
    connecting,
    data,
    job,
    models,
    store,
    weights,
)

with job.running(snakemake) as kept:
    curve = snakemake.params.curve
    seen = data.reduced(data.load(snakemake.input.data), **curve["recipe"]["images"])
    net = models.build(snakemake.params.model, **data.shape(seen))
    ends = weights.together([snakemake.input.first, snakemake.input.last], net)
    memory = checkpoint.Checkpoint(kept)
    bends, history = connecting.run(net, seen, ends, curve, memory)
    weights.save(snakemake.output.bends, bends, net)
    store.save_table(snakemake.output.history, history)
