"""Tell of a study and of how it was made as an RO-Crate."""

from pathlib import Path

from losslandscape import citation, crate, job, provenance, receipt

with job.running(snakemake):
    study = crate.Study(
        name=snakemake.params.study,
        root=str(Path(snakemake.output.metadata).parent),
        workflow=snakemake.input.workflow,
        config=snakemake.input.config,
        readme=snakemake.input.readme,
    )
    made = crate.made(
        study,
        provenance.behind(*snakemake.input.told, snakemake.input.copied),
        citation.read(receipt.HOME / "CITATION.cff"),
        left_out=snakemake.params.left_out,
    )
    crate.save(made, snakemake.output.metadata)
