"""Training of a curve's bends (Garipov et al., section 3.1): a recipe, as for a net."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from losslandscape import batchnorm, checkpoint, curves, data, losses, train, weights


def run(
    net: nn.Module,
    seen: data.Data,
    ends: Tensor,
    curve: Mapping,
    memory: checkpoint.Checkpoint,
) -> tuple[Tensor, list[dict]]:
    """Train the bends of a curve {shape, bends, seed, recipe} between ends (2, n).

    Gives the bends (bends, n), and the rows of the history: losses and errors are those
    of the net at t = 1/2, batch-norm statistics measured anew; norm and distance from
    the segment are of all bends together. See `train.run` for interruptions.
    """
    decay = curve["recipe"]["weight_decay"]
    bent = curves.Curve(net, ends, curve["shape"], curve["bends"], decay)
    # The decay is that of φ(t), which `curves.Curve` sees to, not of the bends.
    recipe = {**curve["recipe"], "weight_decay": 0.0}
    middle = _middle(bent, net, seen)
    vector, history = train.run(bent, seen, recipe, curve["seed"], memory, middle)
    bends = vector.reshape(curve["bends"], weights.count(net))
    return curves.states(bends, ends), history


def _middle(bent: curves.Curve, net: nn.Module, seen: data.Data) -> losses.Loss:
    """The measures at t = 1/2, for the bends that the curve has by then."""
    statistics = batchnorm.statistics("re-estimated", net, seen.train)
    measures = losses.measures(net, seen.train, seen.test)
    buffers = weights.flatten(net)[weights.count(net) :]

    @torch.no_grad()
    def at(bends: Tensor) -> Tensor:
        return measures(statistics(torch.cat([bent.point(0.5), buffers])))

    return at
