"""Let the nets of some runs vote together, and count what they cost."""

from losslandscape import data, job, models, store, voting

with job.running(snakemake):
    entry, legs = snakemake.params.ensemble, snakemake.params.legs
    seen = data.reduced(data.load(snakemake.input.data), **snakemake.params.images)
    net = models.build(snakemake.params.model, **data.shape(seen))
    members = voting.members(snakemake.input.kept, legs, net)
    if entry["average"]:
        members = voting.averaged(members, net, seen)
    rows = voting.rows(members, net, seen, entry["budget"], legs)
    store.save_table(snakemake.output.table, rows)
