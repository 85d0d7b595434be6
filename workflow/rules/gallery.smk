rule gallery:
    input:
        shown=exhibited,
        pictures=collect("<results>/figures/{name}.png", name=config["figures"]),
        tables=collect("<results>/tables/{name}.csv", name=config["tables"]),
        summaries=collect("<results>/tables/{name}.json", name=config["tables"]),
        claims="<results>/claims.csv",
        data=received,
    output:
        page="<results>/index.html",
        receipt="<results>/index.receipt.json",
    log:
        "<logs>/index.log",
    benchmark:
        "<logs>/index.jsonl"
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("gallery"),
        looks=looks_of_page(),
        album=albums.album(config, PAPERS),
    script:
        "../scripts/gallery.py"
