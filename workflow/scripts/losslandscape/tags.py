"""How far a number of the papers is to be trusted."""

TAGS = {
    "P": "printed in the paper",
    "P-fig": "measured in its figures, not printed",
    "P2": "by a third party's extraction",
    "R": "in the official code",
    "D": "calculated from the paper's numbers",
    "NF": "not found",
}
