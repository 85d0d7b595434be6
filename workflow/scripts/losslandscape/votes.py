"""What the nets of a curve say together (Garipov et al., figures 2 and 6)."""

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor
from torch.nn.functional import cross_entropy

from losslandscape import ensembles


def of_curve(
    logits: Tensor, labels: Tensor, losses: ndarray, voters: int
) -> dict[str, ndarray]:
    """Of nets with these logits (nets, images, classes), the last of which are voters.

    For each but the voters, `pair_error`: that of the first net and it together; their
    `disagreement`; its `temperature`, a constant over its loss, and its test loss by
    that, `scaled_test_loss`. For all voters, `ensemble_error`, and
    `ensemble_error_scaled` with temperatures, nan if a voter's outputs are not finite.
    Errors and disagreement are in %.
    """
    labels, levels = labels.cpu(), torch.from_numpy(losses)
    constants = ensembles.constants(logits[-voters:], labels, levels[-voters:])
    plain = ensembles.probabilities(logits)
    cooled = ensembles.scaled(logits, levels, constants)
    calm = ensembles.probabilities(cooled[-voters:])
    first, points = plain[0], range(len(logits) - voters)
    pairs = [ensembles.error((first + plain[k]) / 2, labels) for k in points]
    apart = [ensembles.disagreement(first, plain[k]) for k in points]
    # Of logits: a probability may be as small as nought.
    scaled = [cross_entropy(cooled[k], labels).item() for k in points]
    return {
        "pair_error": np.array(pairs),
        "disagreement": np.array(apart),
        "temperature": np.mean(constants) / losses[: len(points)],
        "scaled_test_loss": np.array(scaled),
        "ensemble_error": _error(plain[-voters:], labels),
        "ensemble_error_scaled": _error(calm, labels),
    }


def _error(members: Tensor, labels: Tensor) -> ndarray:
    """The error of the mean of members; nan if one of them is undefined."""
    vote = members.mean(0)
    is_known = vote.isfinite().all()
    return np.array(ensembles.error(vote, labels) if is_known else np.nan)
