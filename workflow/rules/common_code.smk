"""Digests of code, by which a job is run again when what it does has changed."""

from losslandscape import fingerprint as code_digest


def fingerprint(stem):
    """The digest of a step's code: its script and all that it imports of the library."""
    return code_digest.of(HERE / "scripts" / f"{stem}.py", LIBRARY)


def net_code(wildcards):
    """The digest of the code of a model's nets; see `code_of`."""
    return code_of(wildcards.model)


def code_of(model):
    """The digest of the code of a family of nets, or of a user's file and its loading."""
    ((family, how),) = config["models"][model].items()
    if family != "own":
        return code_digest.of(LIBRARY / f"{family}.py", LIBRARY)
    theirs = code_digest.of_file(how["file"], LIBRARY)
    return f"{theirs}-{code_digest.of(LIBRARY / 'ownnet.py', LIBRARY)}"
