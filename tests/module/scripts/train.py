"""The stranger's own module, called like a script of ours."""


def learned(what: str) -> str:
    """What there is to say."""
    return f"{what} is learned\n"
