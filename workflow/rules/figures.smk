rule figure:
    input:
        drawn=drawn,
    output:
        pdf="<results>/figures/{figure}.pdf",
        png=report(
            "<results>/figures/{figure}.png",
            caption="../report/figure.rst",
            category=in_report("figure"),
            subcategory="Figures",
            labels=labelled("figure"),
        ),
        receipt="<results>/figures/{figure}.receipt.json",
    log:
        "<logs>/figures/{figure}.log",
    benchmark:
        "<logs>/figures/{figure}.jsonl"
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("figure"),
        rows=said("figures/{figure}/rows"),
        caption=said("figures/{figure}/caption"),
        panels=panels,
    script:
        "../scripts/figure.py"


# `snakemake li2018_figure7` and `snakemake li2018` build a figure and a paper's set.
for name, target in study.targets(config).items():

    rule:
        name:
            name
        input:
            made(target),
