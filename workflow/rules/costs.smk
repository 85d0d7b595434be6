"""What a job asks of a cluster: memory, and time where the config says how fast it is."""

import json
import subprocess
import sys

from losslandscape import costs

# Without `gflops` nobody knows how long a job takes.
MEMORY, DAY = 8000, 24 * 60


def counted():
    """What an image costs each net, counted once for all that the config asks."""
    if "gflops" not in config:
        return {}
    asked = costs.asked(config)
    code = [
        code_digest.of(LIBRARY / "counts.py", LIBRARY),
        *map(code_of, config["models"]),
    ]
    told = json.dumps([asked, code])
    kept = Path(".snakemake") / "losslandscape" / f"nets-{code_digest.text(told)}.json"
    if not kept.exists():
        said = subprocess.run(
            # Without what may lie beside, where a user's own files are.
            [sys.executable, "-P", "-m", "losslandscape.counts"],
            env={**os.environ, "PYTHONPATH": str(HERE / "scripts")},
            input=json.dumps(asked),
            capture_output=True,
            text=True,
        )
        if said.returncode:
            raise WorkflowError(f"nets cannot be counted: {said.stderr}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_suffix(f".{os.getpid()}")
        beside.write_text(said.stdout)
        beside.replace(kept)
    return json.loads(kept.read_text())


NETS = counted()


def memory_of(rule):
    """The memory of a rule's jobs, in MB; each attempt has as much again."""

    def needed(wildcards, attempt):
        net = NETS.get(f"{wildcards.dataset}/{wildcards.model}")
        if net is None:
            return attempt * MEMORY
        return attempt * costs.memory(rule, config, dict(wildcards.items()), net)

    return needed


def minutes_of(rule):
    """The time limit of a rule's jobs, thrice what is expected; each attempt has more.

    None has more than `time_limit`, where the config has one.
    """

    def expected(wildcards):
        net = NETS.get(f"{wildcards.dataset}/{wildcards.model}")
        if net is None:
            return DAY
        forward, gflops = net["forward"], config["gflops"]
        work = costs.operations(rule, config, dict(wildcards.items()), forward)
        return 10 + int(3 * work / gflops / 6e10)

    def needed(wildcards, attempt):
        asked = attempt * expected(wildcards)
        return min(asked, config.get("time_limit", asked))

    return needed
