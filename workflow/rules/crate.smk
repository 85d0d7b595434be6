rule workflow_copy:
    input:
        told=last_receipts,
    output:
        workflow="<results>/workflow/Snakefile",
        code="<results>/workflow/workflow.zip",
        config="<results>/workflow/config.yaml",
        readme="<results>/README.md",
        receipt="<results>/workflow/workflow.receipt.json",
    log:
        "<logs>/workflow_copy.log",
    benchmark:
        "<logs>/workflow_copy.jsonl"
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("workflow_copy"),
        config=config,
        files=WORKFLOW,
    script:
        "../scripts/workflow_copy.py"


rule crate:
    input:
        workflow="<results>/workflow/Snakefile",
        config="<results>/workflow/config.yaml",
        readme="<results>/README.md",
        copied="<results>/workflow/workflow.receipt.json",
        told=last_receipts,
    output:
        metadata="<results>/ro-crate-metadata.json",
        receipt="<results>/ro-crate.receipt.json",
    log:
        "<logs>/crate.log",
    benchmark:
        "<logs>/crate.jsonl"
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("crate"),
        study=config["study"],
        left_out=config["crate"]["left_out"],
    script:
        "../scripts/crate.py"


rule crate_zip:
    input:
        metadata="<results>/ro-crate-metadata.json",
    output:
        zip="<results>.crate.zip",
        receipt="<results>.crate.receipt.json",
    log:
        "<logs>/crate_zip.log",
    benchmark:
        "<logs>/crate_zip.jsonl"
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("crate_zip"),
    script:
        "../scripts/crate_zip.py"
