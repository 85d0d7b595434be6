"""A process that does one piece of work each time it is told to.

Reads lines: first what it shall be, as JSON, then `go` as often as wished. Writes a
line of JSON for each: the seconds it took, and what came out.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

import torch

import peak
import work
from losslandscape import counts
from losslandscape.device import prepare


def main() -> None:
    """Answer until the input ends."""
    told = json.loads(sys.stdin.readline())
    if torch.cuda.is_available():
        torch.set_default_device("cuda")
    torch.set_num_threads(told["threads"])
    torch.manual_seed(0)
    if told["kind"] == "peak":
        found = {name: peak.arithmetic(name) for name in peak.TYPES}
        return answer(found | {"copy": peak.memory(), "device": device()})
    task = work.Task(*told["task"])
    if told["kind"] == "ours":
        import ours

        # As every job does: on a GPU the same arithmetic each time, and no TF32.
        prepare(told["threads"])

        run = ours.prepare(task)
    else:
        import reference

        run = reference.prepare(task, told["in_memory"])
    run()
    answer(counts.of(work.NETS[task.net], 3, task.side))
    for _ in sys.stdin:
        peak.synchronise()
        since = time.perf_counter()
        values = run()
        peak.synchronise()
        answer({"seconds": time.perf_counter() - since, "values": values} | used())
    return None


def answer(found: dict) -> None:
    """Write a line."""
    print(json.dumps(found), flush=True)


def used() -> dict:
    """The largest memory so far, in MB: of this process, and on the GPU."""
    host = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    is_gpu = torch.cuda.is_available()
    return {"host": host, "gpu": torch.cuda.max_memory_allocated() / 2**20 * is_gpu}


def device() -> str:
    """What the work is done on."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    told = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":")[1].strip() for line in told if "model name" in line]
    name = models[0] if models else "CPU"
    return (
        f"{os.cpu_count()} cores of {name}, {torch.backends.cpu.get_cpu_capability()}"
    )


if __name__ == "__main__":
    main()
