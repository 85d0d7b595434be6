rule claims:
    input:
        evidence=evidenced,
    output:
        csv="<results>/claims.csv",
        summary="<results>/claims.json",
        page="<results>/claims.html",
        receipt="<results>/claims.receipt.json",
    log:
        "<logs>/claims.log",
    benchmark:
        "<logs>/claims.jsonl"
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("claims"),
        study=config["study"],
        datasets=list(config["datasets"]),
        claims=claimed,
        files=claimed_files,
    script:
        "../scripts/claims.py"
