"""What language models are judged by: bits for a letter."""

import math

from torch import Tensor
from torch.nn.functional import cross_entropy


def surprise(outputs: Tensor, targets: Tensor) -> Tensor:
    """The cross-entropy at each letter (n, length), in nats."""
    each = cross_entropy(outputs.flatten(0, 1), targets.flatten(), reduction="none")
    return each.view_as(targets)


def code_length(outputs: Tensor, targets: Tensor) -> Tensor:
    """The same in bits."""
    return surprise(outputs, targets) / math.log(2)
