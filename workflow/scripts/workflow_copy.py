"""Keep the workflow and the study's config beside what they made."""

import shutil
from pathlib import Path

from losslandscape import citation, job, leaflet, parcel, receipt

with job.running(snakemake):
    cited = citation.read(receipt.HOME / "CITATION.cff")
    readme = leaflet.readme(cited, snakemake.params.config["study"])
    files = parcel.below(receipt.HOME, snakemake.params.files)
    files |= parcel.below(".", snakemake.params.theirs)
    shutil.copyfile(receipt.HOME / "workflow/Snakefile", snakemake.output.workflow)
    parcel.save(snakemake.output.code, files)
    Path(snakemake.output.config).write_text(leaflet.config(snakemake.params.config))
    Path(snakemake.output.readme).write_text(readme)
