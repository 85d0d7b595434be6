rule dataset:
    input:
        brought=brought,
    output:
        data="<resources>/{dataset}.h5",
        receipt="<resources>/{dataset}.receipt.json",
    log:
        "<logs>/data/{dataset}.log",
    benchmark:
        "<logs>/data/{dataset}.jsonl"
    # Here and not on a compute node, which may have no way out to a data host.
    localrule: True
    conda:
        "../../envs/torch.yaml"
    params:
        code=fingerprint("dataset"),
        source=lookup(dpath="datasets/{dataset}/source", within=config),
        mean=lookup(dpath="datasets/{dataset}/mean", within=config),
        std=lookup(dpath="datasets/{dataset}/std", within=config),
    script:
        "../scripts/dataset.py"
