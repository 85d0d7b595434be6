rule curve:
    input:
        data="<resources>/{dataset}.h5",
        first="<results>/<at>/weights.safetensors",
        last="<results>/{dataset}/{model}/{other}-seed{last}/weights.safetensors",
    output:
        bends="<results>/<between>/{curve}/bends.safetensors",
        history="<results>/<between>/{curve}/history.csv",
        receipt="<results>/<between>/{curve}/bends.receipt.json",
    log:
        "<logs>/<between>/{curve}/curve.log",
    benchmark:
        "<logs>/<between>/{curve}/curve.jsonl"
    wildcard_constraints:
        curve=curves_of("bezier", "polychain"),
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("curve"),
        runtime=minutes_of("curve"),
    params:
        code=fingerprint("curve"),
        net=net_code,
        model=said("models/{model}"),
        curve=bent,
    script:
        "../scripts/curve.py"


rule along:
    input:
        data="<resources>/{dataset}.h5",
        first="<results>/<at>/weights.safetensors",
        last="<results>/{dataset}/{model}/{other}-seed{last}/weights.safetensors",
        bends=bends,
    output:
        profile="<results>/<between>/{curve}/profile.h5",
        receipt="<results>/<between>/{curve}/profile.receipt.json",
    log:
        "<logs>/<between>/{curve}/along.log",
    benchmark:
        "<logs>/<between>/{curve}/along.jsonl"
    wildcard_constraints:
        curve=curves_of("segment", "polychain", "bezier", "shrinking"),
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("along"),
        runtime=minutes_of("along"),
    params:
        code=fingerprint("along"),
        net=net_code,
        model=said("models/{model}"),
        recipe=said("recipes/{recipe}"),
        curve=said("curves/{curve}"),
    script:
        "../scripts/along.py"


rule chain:
    input:
        data="<resources>/{dataset}.h5",
        kept="<results>/<at>/trajectory.h5",
    output:
        profile="<results>/<at>/{curve}/profile.h5",
        receipt="<results>/<at>/{curve}/profile.receipt.json",
    log:
        "<logs>/<at>/{curve}/chain.log",
    benchmark:
        "<logs>/<at>/{curve}/chain.jsonl"
    wildcard_constraints:
        curve=curves_of("members"),
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("chain"),
        runtime=minutes_of("chain"),
    params:
        code=fingerprint("chain"),
        net=net_code,
        model=said("models/{model}"),
        recipe=said("recipes/{recipe}"),
        curve=said("curves/{curve}"),
    script:
        "../scripts/chain.py"
