rule figure:
    input:
        drawn=drawn,
        histories=histories,
    output:
        pdf="<results>/figures/{figure}.pdf",
        png="<results>/figures/{figure}.png",
        receipt="<results>/figures/{figure}.receipt.json",
    log:
        "<logs>/figures/{figure}.log",
    benchmark:
        "<logs>/figures/{figure}.jsonl"
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("figure"),
        rows=lookup(dpath="figures/{figure}/rows", within=config),
        caption=lookup(dpath="figures/{figure}/caption", within=config),
        labels=labels,
    script:
        "../scripts/figure.py"
