rule path:
    input:
        data="<resources>/{dataset}.h5",
        history="<results>/<at>/history.csv",
        weights="<results>/<at>/weights.safetensors",
        directions=directions_of,
        trajectory="<results>/<at>/trajectory.h5",
    output:
        path="<results>/<at>/{plane}/path.h5",
        receipt="<results>/<at>/{plane}/path.receipt.json",
    log:
        "<logs>/<at>/{plane}/path.log",
    benchmark:
        "<logs>/<at>/{plane}/path.jsonl"
    wildcard_constraints:
        plane=planes_of(2),
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("path"),
        runtime=minutes_of("path"),
    params:
        code=fingerprint("path"),
        net=net_code,
        model=lookup(dpath="models/{model}", within=config),
        trained_on=lookup(dpath="recipes/{recipe}/images", within=config),
        plane=landscape,
    script:
        "../scripts/path.py"
