rule dataset:
    input:
        # Where the study says, also under the prefix of a module: hence local.
        brought=local(brought),
        # A digest says when these have changed: comments do not count.
        own=ancient(local(brought_code)),
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
        own=digest_of_brought,
        source=said("datasets/{dataset}/source"),
        mean=said("datasets/{dataset}/mean"),
        std=said("datasets/{dataset}/std"),
        task=task_of,
    script:
        "../scripts/dataset.py"
