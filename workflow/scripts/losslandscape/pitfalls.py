"""Options of Snakemake that are known to go wrong on SLURM, and what to do instead.

Which version each belongs to stands in profiles/slurm, with its reason.
"""

from collections.abc import Iterator, Mapping

# What every job needs from the profile, if its rule does not say.
DEFAULTS = ("mem_mb", "runtime", "attempt")

PITFALLS = (
    (
        lambda said: said.get("slurm-status-command", "sacct") != "squeue",
        "the profile needs `slurm-status-command: squeue`: by sacct a job that was "
        "cancelled is waited for without end",
    ),
    (
        lambda said: said.get("slurm-array-jobs"),
        "`slurm-array-jobs` loses results that are not the first: leave it out",
    ),
    (
        lambda said: said.get("slurm-no-requeue"),
        "`slurm-no-requeue` leaves jobs that were preempted to be waited for without "
        "end: leave it out",
    ),
    (
        lambda said: "mem_mb_per_cpu" in _defaults(said),
        "`mem_mb_per_cpu` overrides the memory of every rule: leave it out",
    ),
    (
        lambda said: not set(DEFAULTS) <= set(_defaults(said)),
        f"`default-resources` has not all of {', '.join(DEFAULTS)}: given beside a "
        "profile it replaces the whole map there; use `--set-resources`",
    ),
    (
        lambda said: said.get("groups") and _scopes(said).get("gpu") != "local",
        "`groups` without `set-resource-scopes: {gpu: local}` and `resources: {gpu: "
        "1}` ask for a GPU for each member",
    ),
)


def met(said: Mapping) -> Iterator[str]:
    """The pitfalls that the options of a run, by their long names, lead into."""
    if said.get("executor") == "slurm":
        yield from (sentence for is_met, sentence in PITFALLS if is_met(said))


def _defaults(said: Mapping) -> Mapping:
    return said.get("default-resources", {})


def _scopes(said: Mapping) -> Mapping:
    return said.get("set-resource-scopes", {})
