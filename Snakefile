# The door. The workflow is used as a module, as anybody else's workflow would use it.
module losslandscape:
    snakefile:
        "workflow/Snakefile"
    config:
        config


use rule * from losslandscape
