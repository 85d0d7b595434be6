"""The stranger's own module, called like a tool of ours."""


def wanted(what: str) -> str:
    """What there is to do."""
    return f"{what}, as planned,"
