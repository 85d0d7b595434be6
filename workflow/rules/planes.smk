rule directions:
    input:
        weights="<results>/<at>/weights.safetensors",
        targets=targets,
        kept=kept,
        slopes=slopes_of("safetensors"),
        told=slopes_of("json"),
    output:
        directions="<results>/<at>/{plane}/directions.safetensors",
        norms="<results>/<at>/{plane}/directions.csv",
        summary="<results>/<at>/{plane}/directions.json",
        receipt="<results>/<at>/{plane}/directions.receipt.json",
    log:
        "<logs>/<at>/{plane}/directions.log",
    benchmark:
        "<logs>/<at>/{plane}/directions.jsonl"
    conda:
        "../../envs/plot.yaml"
    resources:
        mem_mb=memory_of("directions"),
        runtime=60,
    params:
        code=fingerprint("directions"),
        directions=said("planes/{plane}/directions"),
        dimensions=dimensions,
    script:
        "../scripts/directions.py"


rule slopes:
    input:
        data="<resources>/{dataset}.h5",
        weights="<results>/<at>/weights.safetensors",
    output:
        slopes="<results>/<at>/{plane}/slopes.safetensors",
        summary="<results>/<at>/{plane}/slopes.json",
        receipt="<results>/<at>/{plane}/slopes.receipt.json",
    log:
        "<logs>/<at>/{plane}/slopes.log",
    benchmark:
        "<logs>/<at>/{plane}/slopes.jsonl"
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("slopes"),
        runtime=minutes_of("slopes"),
    params:
        code=fingerprint("slopes"),
        net=net_code,
        model=said("models/{model}"),
        plane=sloping,
    script:
        "../scripts/slopes.py"


rule line:
    input:
        data="<resources>/{dataset}.h5",
        history="<results>/<at>/history.csv",
        weights="<results>/<at>/weights.safetensors",
        directions=directions_of,
    output:
        line="<results>/<at>/{plane}/line.h5",
        receipt="<results>/<at>/{plane}/line.receipt.json",
    log:
        "<logs>/<at>/{plane}/line.log",
    benchmark:
        "<logs>/<at>/{plane}/line.jsonl"
    wildcard_constraints:
        plane=planes_of(1),
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("line"),
        runtime=minutes_of("line"),
    params:
        code=fingerprint("line"),
        net=net_code,
        model=said("models/{model}"),
        trained_on=said("recipes/{recipe}/images"),
        plane=landscape,
        precision=precision_of,
        axes=axes,
    script:
        "../scripts/line.py"


rule shard:
    input:
        data="<resources>/{dataset}.h5",
        history="<results>/<at>/history.csv",
        weights="<results>/<at>/weights.safetensors",
        directions=directions_of,
        coarse=coarser,
    output:
        shard="<results>/<at>/{plane}/shards/{scatteritem}.h5",
        receipt="<results>/<at>/{plane}/shards/{scatteritem}.receipt.json",
    log:
        "<logs>/<at>/{plane}/shards/{scatteritem}.log",
    benchmark:
        "<logs>/<at>/{plane}/shards/{scatteritem}.jsonl"
    wildcard_constraints:
        plane=planes_of(2, 3),
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("shard"),
        runtime=minutes_of("shard"),
    params:
        code=fingerprint("shard"),
        net=net_code,
        model=said("models/{model}"),
        trained_on=said("recipes/{recipe}/images"),
        weight_decay=said("recipes/{recipe}/weight_decay"),
        plane=landscape,
        precision=precision_of,
        axes=axes,
    script:
        "../scripts/shard.py"


rule surface:
    input:
        shards=gather.surface(
            "<results>/<at>/{plane}/shards/{scatteritem}.h5", allow_missing=True
        ),
        coarse=coarser,
    output:
        surface="<results>/<at>/{plane}/surface.h5",
        csv="<results>/<at>/{plane}/surface.csv",
        vts="<results>/<at>/{plane}/surface.vts",
        receipt="<results>/<at>/{plane}/surface.receipt.json",
    log:
        "<logs>/<at>/{plane}/surface.log",
    benchmark:
        "<logs>/<at>/{plane}/surface.jsonl"
    wildcard_constraints:
        plane=planes_of(2),
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        code=fingerprint("surface"),
        axes=axes,
    script:
        "../scripts/surface.py"


use rule surface as volume with:
    output:
        surface="<results>/<at>/{plane}/volume.h5",
        csv="<results>/<at>/{plane}/volume.csv",
        vts="<results>/<at>/{plane}/volume.vts",
        receipt="<results>/<at>/{plane}/volume.receipt.json",
    log:
        "<logs>/<at>/{plane}/volume.log",
    benchmark:
        "<logs>/<at>/{plane}/volume.jsonl"
    wildcard_constraints:
        plane=planes_of(3),
    # Snakemake 9.27.1 takes all else over, but not this.
    localrule: True
