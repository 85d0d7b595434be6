rule curvature_shard:
    input:
        data="<resources>/{dataset}.h5",
        weights="<results>/<at>/weights.safetensors",
        directions=directions_of,
    output:
        shard="<results>/<at>/{plane}/curvature/{scatteritem}.h5",
        receipt="<results>/<at>/{plane}/curvature/{scatteritem}.receipt.json",
    log:
        "<logs>/<at>/{plane}/curvature/{scatteritem}.log",
    benchmark:
        "<logs>/<at>/{plane}/curvature/{scatteritem}.jsonl"
    wildcard_constraints:
        plane=planes_of(2),
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("curvature_shard"),
        runtime=minutes_of("curvature_shard"),
    params:
        code=fingerprint("curvature_shard"),
        net=net_code,
        model=said("models/{model}"),
        plane=landscape,
        hessian=hessian_of,
        axes=axes,
    script:
        "../scripts/curvature_shard.py"


rule curvature:
    input:
        shards=gather.curvature(
            "<results>/<at>/{plane}/curvature/{scatteritem}.h5", allow_missing=True
        ),
    output:
        curvature="<results>/<at>/{plane}/curvature.h5",
        csv="<results>/<at>/{plane}/curvature.csv",
        vts="<results>/<at>/{plane}/curvature.vts",
        receipt="<results>/<at>/{plane}/curvature.receipt.json",
    log:
        "<logs>/<at>/{plane}/curvature.log",
    benchmark:
        "<logs>/<at>/{plane}/curvature.jsonl"
    wildcard_constraints:
        plane=planes_of(2),
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("curvature"),
        axes=axes,
    script:
        "../scripts/curvature.py"


rule spectrum:
    input:
        data="<resources>/{dataset}.h5",
        weights="<results>/<at>/weights.safetensors",
    output:
        spectrum="<results>/<at>/{plane}/spectrum.h5",
        receipt="<results>/<at>/{plane}/spectrum.receipt.json",
    log:
        "<logs>/<at>/{plane}/spectrum.log",
    benchmark:
        "<logs>/<at>/{plane}/spectrum.jsonl"
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("spectrum"),
        runtime=minutes_of("spectrum"),
    params:
        code=fingerprint("spectrum"),
        net=net_code,
        model=said("models/{model}"),
        plane=landscape,
        hessian=hessian_of,
    script:
        "../scripts/spectrum.py"
