"""What a figure draws: rows of panels, each with its label, its error, its arrays."""

from collections.abc import Mapping, Sequence

from numpy import ndarray

# What an entry of a row says beside how it is drawn.
NAMES = {"plane", "runs", "label"}


def rows(
    entries: Sequence[Mapping],
    labels: Sequence[str],
    measured: Sequence[Mapping[str, ndarray]],
    histories: Sequence[Mapping[str, ndarray]],
) -> list[dict]:
    """The rows that `page.figure` takes, from a figure's rows in the config.

    Labels, measured arrays and histories are those of all the panels, in order. A
    panel's test error, in %, is that of its run at the end of training.
    """
    panels = (
        {
            "label": label,
            "arrays": arrays,
            "test_error": float(history["test_error"][-1]),
        }
        for label, arrays, history in zip(labels, measured, histories, strict=True)
    )
    return [
        {
            "kind": kind,
            "options": {key: row[key] for key in row.keys() - NAMES},
            "panels": [next(panels) for _ in row["runs"]],
        }
        for entry in entries
        for kind, row in entry.items()
    ]
