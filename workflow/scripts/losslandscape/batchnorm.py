"""Batch-norm statistics away from a solution: frozen, interpolated or re-estimated.

`frozen`: the statistics of the centre, everywhere (Li et al., `dir_type=weights`).
`interpolated`: they move along the direction like weights (Li et al., `states`).
`re-estimated`: a pass over the training data at every point (Garipov et al., A.2).
The first two are what the vector says; only the third needs work.
"""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from losslandscape import capture, data, weights


def statistics(
    policy: str, net: nn.Module, split: data.Split
) -> Callable[[Tensor], Tensor]:
    """The function that gives a vector the statistics that the policy asks for."""
    if policy == "re-estimated" and _norms(net):
        return reestimated(net, split)
    return lambda vector: vector


def reestimated(
    net: nn.Module, split: data.Split, size: int = 128
) -> Callable[[Tensor], Tensor]:
    """The function vector → vector that measures the statistics on a split.

    Batch statistics are averaged with weights proportional to the batch (Garipov et
    al., A.2; momentum b/(n+b) in their code); everything else is in evaluation mode.

    >>> net = nn.BatchNorm1d(1)
    >>> split = data.Split(torch.tensor([[1.0], [3.0]]), torch.zeros(2))
    >>> measured = reestimated(net, split)(weights.flatten(net))
    >>> measured  # gain, shift, mean, unbiased variance
    tensor([1., 0., 2., 2.])
    """
    net = copy.deepcopy(net).eval()
    norms = _norms(net)
    for norm in norms:
        norm.train()
    batches = data.portions(split.images, size)

    @torch.no_grad()
    def measured(vector: Tensor) -> Tensor:
        weights.assign(vector, net)
        for norm in norms:
            norm.reset_running_stats()
        seen = 0
        for images in batches:
            seen += len(images)
            for norm in norms:
                norm.momentum = len(images) / seen
            net(images)
        return weights.flatten(net)

    return capture.replayed(measured)


def _norms(net: nn.Module) -> list[_BatchNorm]:
    return [module for module in net.modules() if isinstance(module, _BatchNorm)]
