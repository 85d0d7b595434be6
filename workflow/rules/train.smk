# The folder of a run is written out here: what a rule asks of a wildcard does not reach
# one inside of a path variable.
rule train:
    input:
        data="<resources>/{dataset}.h5",
        start=start,
    output:
        weights="<results>/{dataset}/{model}/{recipe}-seed{seed}/weights.safetensors",
        history="<results>/{dataset}/{model}/{recipe}-seed{seed}/history.csv",
        receipt="<results>/{dataset}/{model}/{recipe}-seed{seed}/weights.receipt.json",
    log:
        "<logs>/<at>/train.log",
    benchmark:
        "<logs>/<at>/train.jsonl"
    wildcard_constraints:
        recipe=recipes_of("train"),
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("train"),
        runtime=minutes_of("train"),
    params:
        code=fingerprint("train"),
        net=net_code,
        model=said("models/{model}"),
        recipe=said("recipes/{recipe}"),
    script:
        "../scripts/train.py"


# The same with one output more: what a rule makes is fixed.
use rule train as trajectory with:
    output:
        weights="<results>/{dataset}/{model}/{recipe}-seed{seed}/weights.safetensors",
        history="<results>/{dataset}/{model}/{recipe}-seed{seed}/history.csv",
        trajectory="<results>/{dataset}/{model}/{recipe}-seed{seed}/trajectory.h5",
        receipt="<results>/{dataset}/{model}/{recipe}-seed{seed}/weights.receipt.json",
    log:
        "<logs>/<at>/trajectory.log",
    benchmark:
        "<logs>/<at>/trajectory.jsonl"
    wildcard_constraints:
        recipe=recipes_of("trajectory"),
    resources:
        gpu=1,
        mem_mb=memory_of("trajectory"),
        runtime=minutes_of("trajectory"),


rule given:
    input:
        data="<resources>/{dataset}.h5",
        # Where the study says, also under the prefix of a module.
        given=local(given),
    output:
        weights="<results>/{dataset}/{model}/{recipe}-seed{seed}/weights.safetensors",
        history="<results>/{dataset}/{model}/{recipe}-seed{seed}/history.csv",
        receipt="<results>/{dataset}/{model}/{recipe}-seed{seed}/weights.receipt.json",
    log:
        "<logs>/<at>/given.log",
    benchmark:
        "<logs>/<at>/given.jsonl"
    wildcard_constraints:
        recipe=recipes_of("given"),
    conda:
        "../../envs/torch.yaml"
    resources:
        gpu=1,
        mem_mb=memory_of("given"),
        runtime=minutes_of("given"),
    params:
        code=fingerprint("given"),
        net=net_code,
        model=said("models/{model}"),
        recipe=said("recipes/{recipe}"),
    script:
        "../scripts/given.py"
