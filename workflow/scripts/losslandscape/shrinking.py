"""A trivial curve between solutions, by way of zero (Garipov et al., appendix A.8).

In a ReLU net of n layers without batch norm, W_i → s W_i and b_i → s^i b_i make the
logits s^n times what they were: the classes stay, the loss does not. From one solution
s falls to zero, towards the other it rises again. A control: nothing is connected here.
"""

import copy

import torch
from torch import Tensor, nn

from losslandscape import data, weights

CLOSE = 1e-3  # how exact halved weights must be, as a share of the largest logit


def point(net: nn.Module, ends: Tensor, t: float) -> Tensor:
    """The curve between two ends (2, n) at t from 0 to 1; (n,)."""
    end, scale = (ends[0], 1 - 2 * t) if t <= 0.5 else (ends[1], 2 * t - 1)
    return shrunk(net, end, scale)


def shrunk(net: nn.Module, vector: Tensor, scale: float) -> Tensor:
    """A vector (n,), the weights of layer i times a scale, its bias times its power i.

    Raises ValueError for a net with batch norm.
    """
    if weights.buffers(net):
        raise ValueError("a net with batch norm has no trivial curve")
    layer, factors = 0, []
    for tensor in net.parameters():
        is_matrix = tensor.dim() > 1
        layer += is_matrix
        power = 1 if is_matrix else layer
        factors.append(vector.new_full((tensor.numel(),), scale**power))
    return vector * torch.cat(factors)


@torch.no_grad()
def require(net: nn.Module, ends: Tensor, images: Tensor) -> None:
    """Raise ArithmeticError unless halved weights do to the logits what they should.

    Tried on a few images, in double precision, at both ends (2, n).
    """
    net = copy.deepcopy(net).double().eval()
    layers = sum(tensor.dim() > 1 for tensor in net.parameters())
    images = data.exact(images)
    for end in ends.double():
        weights.assign(end, net)
        whole = net(images)
        weights.assign(shrunk(net, end, 0.5), net)
        wrong = (net(images) * 2**layers - whole).abs().max()
        if wrong > CLOSE * whole.abs().max():
            raise ArithmeticError(
                "the net is no chain of ReLU layers: it has no trivial curve"
            )
