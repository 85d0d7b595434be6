rule repeats:
    input:
        data="<resources>/{dataset}.h5",
        history="<results>/<at>/history.csv",
        weights="<results>/<at>/weights.safetensors",
    output:
        repeats="<results>/<at>/{plane}/repeats-{draws}.h5",
        receipt="<results>/<at>/{plane}/repeats-{draws}.receipt.json",
    log:
        "<logs>/<at>/{plane}/repeats-{draws}.log",
    benchmark:
        "<logs>/<at>/{plane}/repeats-{draws}.jsonl"
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("repeats"),
        runtime=minutes_of("repeats"),
    params:
        code=fingerprint("repeats"),
        net=net_code,
        model=lookup(dpath="models/{model}", within=config),
        trained_on=lookup(dpath="recipes/{recipe}/images", within=config),
        plane=landscape,
        axes=axes,
    script:
        "../scripts/repeats.py"
