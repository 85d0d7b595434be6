rule train:
    input:
        data="<resources>/{dataset}.h5",
    output:
        weights="<results>/<at>/weights.safetensors",
        history="<results>/<at>/history.csv",
        receipt="<results>/<at>/weights.receipt.json",
    log:
        "<logs>/<at>/train.log",
    benchmark:
        "<logs>/<at>/train.jsonl"
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
    params:
        code=fingerprint("train"),
        net=net_code,
        model=lookup(dpath="models/{model}", within=config),
        recipe=lookup(dpath="recipes/{recipe}", within=config),
    script:
        "../scripts/train.py"
