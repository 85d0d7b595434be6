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
        tex="<results>/tables/{table}.tex",
        summary="<results>/tables/{table}.json",
        receipt="<results>/tables/{table}.receipt.json",
    log:
        "<logs>/tables/{table}.log",
    benchmark:
        "<logs>/tables/{table}.jsonl"
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("table"),
        shows=said("tables/{table}/shows"),
        caption=said("tables/{table}/caption"),
        runs=tabled_runs,
    script:
        "../scripts/table.py"
