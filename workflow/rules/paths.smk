rule path:
    input:
        data="<resources>/{dataset}.h5",
        history="<results>/<at>/history.csv",
        weights="<results>/<at>/weights.safetensors",
        directions=directions_of,
        trajectory="<results>/<at>/trajectory.h5",
        end="<results>/<at>/weights.safetensors",
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
        model=said("models/{model}"),
        trained_on=said("recipes/{recipe}/images"),
        plane=landscape,
    script:
        "../scripts/path.py"


# The way of another run over a plane of this one.
use rule path as visit with:
    input:
        data="<resources>/{dataset}.h5",
        history="<results>/<at>/history.csv",
        weights="<results>/<at>/weights.safetensors",
        directions=directions_of,
        trajectory="<results>/{dataset}/{model}/{other}-seed{last}/trajectory.h5",
        end="<results>/{dataset}/{model}/{other}-seed{last}/weights.safetensors",
    output:
        path="<results>/<between>/{plane}/path.h5",
        receipt="<results>/<between>/{plane}/path.receipt.json",
    log:
        "<logs>/<between>/{plane}/path.log",
    benchmark:
        "<logs>/<between>/{plane}/path.jsonl"
