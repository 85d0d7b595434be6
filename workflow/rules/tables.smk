rule table:
    input:
        shown=tabled,
    output:
        csv=report(
            "<results>/tables/{table}.csv",
            caption="../report/table.rst",
            category=in_report("table"),
            subcategory="Tables",
            labels=labelled("table"),
        ),
        summary="<results>/tables/{table}.json",
        receipt="<results>/tables/{table}.receipt.json",
    log:
        "<logs>/tables/{table}.log",
    benchmark:
        "<logs>/tables/{table}.jsonl"
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("table"),
        shows=lookup(dpath="tables/{table}/shows", within=config),
        caption=lookup(dpath="tables/{table}/caption", within=config),
        runs=tabled_runs,
    script:
        "../scripts/table.py"
