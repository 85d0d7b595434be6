"""Put a study's RO-Crate into one file."""

from losslandscape import job, parcel

with job.running(snakemake):
    parcel.save(snakemake.output.zip, parcel.crate(snakemake.input.metadata))
