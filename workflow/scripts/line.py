"""Measure the loss of a run along a line."""

from losslandscape import centre, data, grid, job, models, store, surface, weights

with job.running(snakemake):
    plane = snakemake.params.plane
    seen = data.reduced(data.load(snakemake.input.data), **plane["images"])
    net = models.build(snakemake.params.model, **data.shape(seen))
    origin = weights.load(snakemake.input.weights, net)
    span = weights.load(snakemake.input.directions, net)
    loss, terms = surface.landscape(net, seen, origin, plane)
    t = grid.axis(plane["x"])
    values = surface.measure(loss, origin, span, t[:, None])
    centre.require_cell(values, t[:, None], terms["centre"], snakemake.output.line)
    store.save(snakemake.output.line, {"t": t} | values, **terms)
