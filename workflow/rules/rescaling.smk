rule rescaling:
    input:
        data="<resources>/{dataset}.h5",
        history="<results>/<at>/history.csv",
        weights="<results>/<at>/weights.safetensors",
    output:
        rescaling="<results>/<at>/{plane}/rescaling.h5",
        receipt="<results>/<at>/{plane}/rescaling.receipt.json",
    log:
        "<logs>/<at>/{plane}/rescaling.log",
    benchmark:
        "<logs>/<at>/{plane}/rescaling.jsonl"
    wildcard_constraints:
        plane=planes_of(1),
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("rescaling"),
        runtime=minutes_of("rescaling"),
    params:
        code=fingerprint("rescaling"),
        net=net_code,
        model=lookup(dpath="models/{model}", within=config),
        trained_on=lookup(dpath="recipes/{recipe}/images", within=config),
        plane=landscape,
        axes=axes,
        factors=factors_of,
        hessian=hessian_of,
    script:
        "../scripts/rescaling.py"
