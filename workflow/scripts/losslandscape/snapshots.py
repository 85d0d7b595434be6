"""Pictures of nets that one run saves on its way, and of their ensembles."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from numpy import ndarray

from losslandscape import draw, graphs, joined, legends, style


def cycles(ax: Axes, history: Mapping[str, ndarray], value: str) -> None:
    """Draw a cyclical rate, or what follows it, by epoch (Garipov et al., Fig. 3 left).

    Circles and thin lines are where the learning rate is lowest: nets that are saved.
    """
    epochs, values = history["epoch"], history[value]
    name, colour = joined.CYCLES[value]
    known = np.where(np.isfinite(values), values, np.nan)
    if value == "lr":  # none before the first epoch: a cycle begins at the highest
        known = np.where(np.isnan(known), np.nanmax(known), known)
    lowest = valleys(history["lr"])
    for epoch in epochs[lowest]:
        ax.axvline(epoch, **style.DROP)
    ax.plot(epochs, known, color=colour, **style.CURVE)
    ax.plot(epochs[lowest], known[lowest], color=colour, **joined.SAVED)
    if value != "lr":  # which has none before the first epoch
        draw.missing(ax, epochs, values)
    ax.set(xlim=(epochs[0], epochs[-1]), xlabel="Epoch", ylabel=name)
    draw.ticks(ax.xaxis, joined.STEPS)
    draw.ticks(ax.yaxis, joined.STEPS)


def valleys(rates: ndarray) -> ndarray:
    """Where rates (k,) are lowest in a cycle: indices.

    The last counts if it is no higher than the valleys before.
    """
    # Before the first epoch there is no rate: as if it had been higher.
    known = np.where(np.isnan(rates), np.inf, rates)
    falls, rises = np.diff(known) < 0, np.diff(known) > 0
    inner = np.flatnonzero(falls[:-1] & rises[1:]) + 1
    if falls[-1] and rates[-1] <= rates[inner].max(initial=np.nanmin(rates)):
        return np.append(inner, len(rates) - 1)
    return inner


def budgets(
    ax: Axes,
    methods: Sequence[Mapping[str, ndarray]],
    names: Sequence[str],
    one: Mapping[str, ndarray] | None,
) -> None:
    """Draw accuracies by what was spent on training (Garipov et al., Fig. 3 right).

    Ensembles of all nets so far are joined diamonds, the nets alone crosses. The level
    is that of `one` net. `spent` are multiples of the budget B, errors percentages.
    """
    told = zip(methods, graphs.told(names), cycle(joined.METHODS), strict=False)
    for method, name, colour in told:
        spent = method["spent"]
        together = joined.ENSEMBLE | {"color": colour, "label": f"{name}, ensemble"}
        ax.plot(spent, _accuracy(method["ensemble_error"]), **together)
        alone = joined.SEPARATE | {"color": colour, "label": f"{name}, each net"}
        ax.plot(spent, _accuracy(method["error"]), **alone)
    if one:
        name = f"one net, {one['spent'][0]:g}$B$"
        ax.axhline(_accuracy(one["error"])[0], label=name, **joined.ONE)
    ax.set_xlabel("Training budget (multiples of $B$)")
    ax.set_ylabel("Test accuracy (%)")
    draw.ticks(ax.xaxis, joined.STEPS)
    draw.ticks(ax.yaxis, joined.STEPS)
    errors = [
        method[name] for method in methods for name in ("error", "ensemble_error")
    ]
    draw.count(ax, np.concatenate(errors))
    legends.inside(ax)


def _accuracy(errors: ndarray) -> ndarray:
    return np.where(np.isfinite(errors), 100 - errors, np.nan)
