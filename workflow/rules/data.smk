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
        source=said("datasets/{dataset}/source"),
        mean=said("datasets/{dataset}/mean"),
        std=said("datasets/{dataset}/std"),
    script:
        "../scripts/dataset.py"
