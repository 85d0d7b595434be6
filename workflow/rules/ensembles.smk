rule ensemble:
    input:
        data="<resources>/{dataset}.h5",
        kept=gathered,
    output:
        table="<results>/{dataset}/{model}/{ensemble}/ensemble.csv",
        receipt="<results>/{dataset}/{model}/{ensemble}/ensemble.receipt.json",
    log:
        "<logs>/{dataset}/{model}/{ensemble}/ensemble.log",
    benchmark:
        "<logs>/{dataset}/{model}/{ensemble}/ensemble.jsonl"
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("ensemble"),
        runtime=minutes_of("ensemble"),
    params:
        code=fingerprint("ensemble"),
        net=net_code,
        model=lookup(dpath="models/{model}", within=config),
        images=images_of,
        ensemble=lookup(dpath="ensembles/{ensemble}", within=config),
        legs=legs,
    script:
        "../scripts/ensemble.py"
